// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/event.h"
#include "review/request.h"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace review {

/// Sees to it that each part of a request is accounted for once, whatever an expert says or fails to say.
/// Where two speak of one part, the later one counts.
class CoverageBook {
public:
    explicit CoverageBook(const Request &request);

    /// Of an expert: about one hunk, or, without one, about a whole file. Words about anything else are
    /// dropped.
    void take(const Coverage &told);
    /// All parts in the order of the request. What nobody spoke of is `state`, with the reason.
    std::vector<Coverage> parts(Coverage::State state, const std::string &reason) const;

private:
    struct Part {
        Coverage coverage;
        bool isTold = false;
    };
    std::vector<Part> m_parts;
    std::unordered_map<std::string, std::vector<std::size_t>> m_places; ///< the parts of a path
    std::vector<Coverage> m_uncovered;
};

} // namespace review
