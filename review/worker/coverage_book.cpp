// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/worker/coverage_book.h"

#include "review/embedded/coverage.h"

#include <utility>

namespace review {

CoverageBook::CoverageBook(const Request &request) : m_uncovered(request.uncovered)
{
    for (std::size_t file = 0; file < request.files.size(); ++file) {
        for (Coverage &part : embedded::makeCoverage(request, file, {}, {})) {
            m_places[part.path].push_back(m_parts.size());
            m_parts.push_back({std::move(part), false});
        }
    }
}

void CoverageBook::take(const Coverage &told)
{
    const auto places = m_places.find(told.path);
    if (places == m_places.end())
        return;
    for (const std::size_t place : places->second) {
        Part &part = m_parts[place];
        if (!told.hunk.empty() && part.coverage.hunk != told.hunk)
            continue;
        part.coverage.state = told.state;
        part.coverage.reason = told.reason;
        part.isTold = true;
    }
}

std::vector<Coverage> CoverageBook::parts(Coverage::State state, const std::string &reason) const
{
    std::vector<Coverage> all = m_uncovered;
    for (const Part &part : m_parts) {
        all.push_back(part.coverage);
        if (!part.isTold) {
            all.back().state = state;
            all.back().reason = reason;
        }
    }
    return all;
}

} // namespace review
