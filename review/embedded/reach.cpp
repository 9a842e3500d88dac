// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/reach.h"

#include <algorithm>

namespace review::embedded {

namespace {

git::LineRange reachOf(const git::LineRange &lines)
{
    if (!lines.empty())
        return lines;
    return {lines.begin > 0 ? lines.begin - 1 : 0, lines.begin + 1};
}

} // namespace

Reach::Reach(const Request &request) : m_wholeFiles(request.extent == Extent::WholeFiles)
{
    for (const ReviewFile &file : request.files) {
        const std::string &path = file.delta.path();
        for (std::size_t i = 0; i < file.hunks.size(); ++i) {
            for (const git::Change &change : file.hunks[i].changes) {
                if (i < file.chosen.size() && file.chosen[i])
                    m_chosen[path].push_back(reachOf(change.newLines));
                m_changed[path].push_back(reachOf(change.newLines));
                m_added[path].push_back(change.newLines);
            }
        }
    }
}

bool Reach::isAdded(const std::string &path, std::uint32_t line) const
{
    return meets(m_added, {path, git::Side::New, {line, line + 1}});
}

bool Reach::meets(const Lines &lines, const Place &place)
{
    const auto found = lines.find(place.path);
    return found != lines.end() &&
           std::any_of(found->second.begin(), found->second.end(),
                       [&](const git::LineRange &range) { return range.intersects(place.lines); });
}

} // namespace review::embedded
