// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/event.h"

#include <optional>
#include <string>
#include <string_view>

namespace review {

/// An event as one line of JSON without its line end: `{"event": NAME, …}`, NAME being the type's name
/// ("FindingClosed"), with the members that describe.h lists.
std::string toLine(const Event &event);
/// Reading it back; nothing when the line is no such event.
std::optional<Event> eventOf(std::string_view line);

} // namespace review
