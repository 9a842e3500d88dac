// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/embedded/parsed_sides.h"
#include "review/embedded/reach.h"
#include "review/rules/card.h"
#include "review/rules/lock_facts.h"

#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

namespace review::embedded {

/// What a rule found at one place of the head side.
struct Hit {
    rules::Draft draft;
    std::vector<Place> places; ///< of `at`, the evidence and the steps
    Origin origin = Origin::Introduced;
};

/// Tells what a change introduced from what was there, by running the same rule on the base side: a hit whose
/// item and text the base has too was there, and is touched when the change edits one of its lines. Hits
/// without an exact twin are matched with what is left in their item. May be asked by several threads.
class Origins {
public:
    Origins(ParsedSides &sides, const Reach &reach, std::stop_token stop)
        : m_sides(sides)
        , m_reach(reach)
        , m_stop(std::move(stop))
    {}
    void setOrigins(const rules::Card &card, std::size_t file, std::vector<Hit> &hits);

private:
    ParsedSides &m_sides;
    const Reach &m_reach;
    std::stop_token m_stop;
    std::once_flag m_locksMade;
    std::optional<rules::LockFacts> m_locks; ///< of the base
};

/// The drafts of one rule for one file, in the order of their places. `isCut` is set when it gave up.
std::vector<rules::Draft> runRule(const rules::Card &card, const rules::RuleInput &input,
                                  bool *isCut = nullptr);

} // namespace review::embedded
