// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/embedded/file_review.h"
#include "review/embedded/parsed_sides.h"
#include "review/embedded/reach.h"
#include "review/embedded/rule_set.h"
#include "review/embedded/whereabouts.h"
#include "review/event.h"
#include "review/rules/card.h"

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace review::embedded {

/// One run of the embedded expert: parses, then goes through the files pass by pass and tells what it finds
/// as it finds it. What it says depends on the request alone, so a second run says the same.
class EmbeddedReview {
public:
    /// The trees of texts are kept in `cacheFolder`, unless that is empty.
    EmbeddedReview(const Request &request, const std::string &cacheFolder, EventSink &sink,
                   std::stop_token stop, Pace pace);
    void run();

private:
    using Line = std::pair<std::string, std::uint32_t>; ///< path and line

    void runPass(Pass pass, std::size_t index);
    void tell(std::vector<Told> told);
    void tellNotes();
    void tellFailures();
    void tellCoverage(const std::string &stoppedIn);
    static Line lineOf(const Told &told) { return {told.finding.place.path, told.finding.place.lines.begin}; }

    const Request &m_request;
    EventSink &m_sink;
    std::stop_token m_stop;
    RuleSet m_rules;
    Whereabouts m_whereabouts;
    ParsedSides m_sides;
    Reach m_reach;
    FileReview m_files;
    std::map<std::string, int> m_ordinals; ///< of findings that are equal but for their place
    std::map<Line, std::vector<const rules::Card *>> m_told; ///< rules that hit a line
};

} // namespace review::embedded
