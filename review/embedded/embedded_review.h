// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/embedded/assembly.h"
#include "review/embedded/origins.h"
#include "review/embedded/parsed_sides.h"
#include "review/embedded/reach.h"
#include "review/event.h"
#include "review/rules/card.h"
#include "review/rules/lock_facts.h"

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace review::embedded {

/// The embedded expert's name in events and findings.
inline constexpr const char *expertName = "embedded";

/// One run of the embedded expert: parses, then goes through the files pass by pass and tells what it finds
/// as it finds it. What it says depends on the request alone, so a second run says the same.
class EmbeddedReview {
public:
    EmbeddedReview(const Request &request, EventSink &sink, std::stop_token stop);
    void run();

private:
    void runPass(Pass pass, std::size_t index);
    void reviewFile(Pass pass, std::size_t file);
    std::vector<Hit> findHits(const rules::Card &card, std::size_t file);
    bool isWanted(const rules::Card &card, const rust::File &file, const rules::Draft &draft) const;
    bool isInReach(const rules::Card &card, const rust::File &file, const Hit &hit) const;
    void close(const rules::Card &card, const rust::File &file, const Hit &hit);
    void tellNotes();
    void tellCoverage(const std::string &stoppedIn);

    const Request &m_request;
    EventSink &m_sink;
    std::stop_token m_stop;
    ParsedSides m_sides;
    Reach m_reach;
    Assembly m_assembly;
    rules::LockFacts m_locks;
    Origins m_origins;
    std::map<std::string, int> m_ordinals; ///< of findings that are equal but for their place
    std::map<std::pair<std::string, std::uint32_t>, std::vector<const rules::Card *>>
        m_told; ///< rules by path and line
};

} // namespace review::embedded
