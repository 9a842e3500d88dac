// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/lines.h"
#include "review/finding.h"
#include "review/request.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace review {

/// Holds what an expert says against the request's own texts: no quoted line is believed that is not where it
/// is said to be. The request must outlive it.
class FindingCheck {
public:
    explicit FindingCheck(const Request &request);

    /// Why the finding is not to be believed; empty when it is.
    std::string flaw(const Finding &finding);
    /// The suggestion's original lines are where it says, in a reviewed file.
    bool fits(const Suggestion &suggestion);

private:
    /// Null for a text that the request does not hold.
    const git::Lines *linesOf(const std::string &path, git::Side side);
    bool isThere(const Place &place);

    using Key = std::pair<std::string, git::Side>;
    std::map<Key, std::string_view> m_texts;
    std::map<Key, git::Lines> m_lines;
};

} // namespace review
