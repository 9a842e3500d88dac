// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/position.h"

#include <optional>
#include <string>
#include <vector>

namespace review {

/// The first four of the persona's sections, in its order; the fifth, Recommendations, is made from the findings.
enum class Section { Critical, Concurrency, Performance, Practices };
/// Impact if the finding is true, gravest first.
enum class Severity { Critical, High, Medium, Low };
/// A finding is something a senior reviewer would raise; a question is worded as one and folded below.
enum class Tier { Finding, Question };
/// Introduced: the base did not have it. Touched: the base had it and the change edits its lines. Existing: was there before.
enum class Origin { Introduced, Touched, Existing };
/// Machine: behaviour-preserving or plainly right, may be applied at once. Proposed: read it first. Both apply as a patch.
enum class Applicability { Machine, Proposed };

/// Whole lines of one side of a reviewed file.
struct Place {
    std::string path; ///< raw bytes, relative to the repository
    git::Side side = git::Side::New;
    git::LineRange lines;

    bool operator==(const Place &) const = default;
};

/// One step of a failure scenario: who does what, at which line of the reviewed code.
struct Step {
    std::string actor; ///< "thread 1", "task A", "leader", "crash"
    std::string action;
    Place place;

    bool operator==(const Step &) const = default;
};

struct Scenario {
    std::string kind; ///< deadlock, race, crash, panic, leak, loss, exhaustion, undefined-behaviour, latency, misuse
    std::vector<Step> steps;
    std::string outcome;

    bool operator==(const Scenario &) const = default;
};

/// Lines the finding rests on, quoted byte for byte (line ends included), so that they can be found again.
struct Evidence {
    Place place;
    std::string text;

    bool operator==(const Evidence &) const = default;
};

/// Replaces whole lines. `original` is the exact bytes of `lines` in the reviewed text, line ends included; it, not the number, locates the edit.
struct Suggestion {
    std::string path;
    git::LineRange lines;
    std::string original;
    std::string replacement;
    Applicability applicability = Applicability::Proposed;

    bool operator==(const Suggestion &) const = default;
};

struct Reference {
    std::string title;
    std::string url;

    bool operator==(const Reference &) const = default;
};

/// A program that shows the fault by itself, and a playground link if it fits into one.
struct Reproduction {
    std::string code;
    std::string edition;
    std::string url; ///< empty when the code is too long for a link

    bool operator==(const Reproduction &) const = default;
};

/// One finding, complete. All texts are Markdown for people unless stated otherwise; `id` is stable between runs on the same code: rule, item
/// and the normalised text of its lines, so it survives moves of the code.
struct Finding {
    std::string id;
    std::string rule;
    Section section = Section::Critical;
    Tier tier = Tier::Finding;
    Severity severity = Severity::Medium;
    double confidence = 0; ///< 0..1
    std::vector<std::string> experts;
    Origin origin = Origin::Introduced;
    Place place;
    std::string item;  ///< "impl Store › fn commit"; empty at file level
    std::string title; ///< the defect in the code's own names, one line
    std::string why;
    std::vector<std::string> facts; ///< what the conclusion rests on, each "resolved: …" or "assumed: …"
    Scenario scenario;
    std::vector<Evidence> evidence;
    std::vector<Place> copies; ///< where else the same defect stands; the evidence quotes them too
    std::optional<Suggestion> suggestion;
    std::string example; ///< Rust: working code for this kind of defect, from the rule's card
    std::string dismissal; ///< the condition under which this is a false alarm
    std::vector<Reference> references;
    std::optional<Reproduction> reproduction;

    bool operator==(const Finding &) const = default;
};

/// A ranked action that cites findings by id.
struct Recommendation {
    int rank = 1;
    std::string action;
    std::string rationale;
    std::string effort; ///< "S", "M" or "L"
    std::vector<std::string> findings;

    bool operator==(const Recommendation &) const = default;
};

/// At most seven actions, gravest first: findings of one rule in one file become one action. Pure.
std::vector<Recommendation> makeRecommendations(const std::vector<Finding> &findings);

/// Section, then severity × confidence, then place: the order findings are shown and written in.
bool comesBefore(const Finding &a, const Finding &b);

const char *toText(Section section);        ///< "critical" …, as in the JSON
const char *toHeading(Section section);     ///< "Critical Issues" …, the persona's words
const char *toText(Severity severity);      ///< "critical" …
const char *toText(Tier tier);
const char *toText(Origin origin);
const char *toText(Applicability applicability);

} // namespace review
