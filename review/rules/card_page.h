// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/card.h"

#include <string>

namespace review::rules {

/// "12 of 15 hits on real code that were read held up", or that none was read. Plain text.
std::string precisionText(const Card &card);

/// A case's code with `//~ rule-id` on the lines where a finding is expected.
std::string withMarks(const Card &card, const CardCase &shown);

/// A card as a page to read, CommonMark: what it says, its query if it is a team's, and its cases, with
/// `//~ rule-id` where a finding is expected. Pure.
std::string renderCard(const Card &card);

} // namespace review::rules
