// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/rule.h"

#include <string>

namespace review::rules {

/// Whose channel's end a value is: "tokio::sync::broadcast::Receiver" … by its type, references and pointers
/// taken off; empty when it is none or the type is only assumed.
std::string channelEnd(const rust::Node &expression, const RuleInput &input);

} // namespace review::rules
