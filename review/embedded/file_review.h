// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/embedded/assembly.h"
#include "review/embedded/origins.h"
#include "review/embedded/parsed_sides.h"
#include "review/embedded/reach.h"
#include "review/embedded/rule_set.h"
#include "review/embedded/whereabouts.h"
#include "review/event.h"
#include "review/rules/card.h"
#include "review/rules/lock_facts.h"
#include "review/rules/removed.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace review::embedded {

/// The embedded expert's name in events and findings.
inline constexpr const char *expertName = "embedded";

/// A finding that is complete but for its id, which depends on those before it.
struct Told {
    const rules::Card *card = nullptr;
    Finding finding;
    std::string key;                  ///< equal for findings that are equal but for their place
    std::string silenced;             ///< the authors' reason; empty: it is open
    bool isSuggestionLeftOut = false; ///< the rule's change would not have parsed
};

/// What one pass says about one file.
struct FileResult {
    std::vector<Told> told;
    std::size_t untold = 0;               ///< hits beyond maxHits
    std::vector<const rules::Card *> cut; ///< gave up
};

/// Runs the rules of one pass on one file of the head side. May be asked by several threads at once; what it
/// says depends on the request alone.
class FileReview {
public:
    FileReview(const RuleSet &rules, ParsedSides &sides, const Reach &reach, std::stop_token stop);

    /// What is worth telling, by card and place. Nothing once stopped: a stopped rule may have seen half of
    /// the facts.
    FileResult review(Pass pass, std::size_t file);

    /// Works out beforehand, file by file, what rules about locks would else ask of all files at once.
    void findGuards(Whereabouts &whereabouts);

    /// Of one pass in one file: more is generated code or an attack, and each hit quotes its lines.
    static constexpr std::size_t maxHits = 500;

private:
    /// `comparison` is made by the first card that compares the file with its base.
    std::vector<Hit> findHits(const rules::Card &card, std::size_t file,
                              std::optional<rules::Comparison> &comparison, FileResult &result);
    bool isWanted(const rules::Card &card, const rust::File &file, const rules::Draft &draft) const;
    bool isInReach(const rules::Card &card, const rust::File &file, const Hit &hit) const;
    Told toTold(const rules::Card &card, const rust::File &file, const Hit &hit) const;

    const RuleSet &m_rules;
    ParsedSides &m_sides;
    const Reach &m_reach;
    std::stop_token m_stop;
    Assembly m_assembly;
    rules::LockFacts m_locks;
    Origins m_origins;
};

} // namespace review::embedded
