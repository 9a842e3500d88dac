// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/finding.h"
#include "review/request.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace review::embedded {

/// Which lines of the new side a review looks at. A place where lines were only deleted stands for the lines
/// on both sides of it.
class Reach {
public:
    explicit Reach(const Request &request);

    bool wholeFiles() const { return m_wholeFiles; }
    /// The lines meet a changed line of a chosen hunk.
    bool isChosen(const Place &place) const { return meets(m_chosen, place); }
    /// The lines meet a changed line of any hunk.
    bool isChanged(const Place &place) const { return meets(m_changed, place); }
    /// The line itself is new or changed.
    bool isAdded(const std::string &path, std::uint32_t line) const;

private:
    using Lines = std::map<std::string, std::vector<git::LineRange>>;
    static bool meets(const Lines &lines, const Place &place);

    bool m_wholeFiles = false;
    Lines m_chosen;
    Lines m_changed;
    Lines m_added;
};

} // namespace review::embedded
