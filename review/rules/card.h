// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"
#include "review/finding.h"
#include "review/rules/query.h"
#include "review/rules/rule.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

/// A `rust` fence of a card. Marks are the lines that end in `//~ rule-id`.
struct CardCase {
    enum class Kind {
        Case,
        Fixed
    }; ///< Fixed: the text of the case before it after its suggestions were applied
    Kind kind = Kind::Case;
    std::string code; ///< without the hidden lines and the marks
    std::string base; ///< the file before the change; empty: the file is new
    std::string edition = "2021";
    std::string path = "src/lib.rs";
    std::vector<std::uint32_t> marks; ///< 0-based lines where a finding is expected; empty: must stay silent
    std::uint32_t line = 0;           ///< 0-based line of the fence in the card
};

/// A fence that compiles by itself with std alone, its hidden lines included.
struct CardProgram {
    std::string code;
    std::string edition = "2021";
    std::string shows;    ///< of a reproduction: "hang", "panic", "abort" or "prints: TEXT"
    std::string repaired; ///< of a reproduction: the program that does not show it
};

/// A rule's one page, read. The format stands in review/rules/README.md.
struct Card {
    std::string id;
    Section section = Section::Critical;
    Severity severity = Severity::Medium;
    double confidence = 0.8;
    std::uint32_t hitsRead = 0;  ///< hits on real code, outside the cards, that a person read
    std::uint32_t hitsTrue = 0;  ///< those of them that a senior reviewer would raise
    bool comparesSides = false;  ///< looks at what the file was before, RuleInput::base
    bool onePerFunction = false; ///< its hits in one function have one cause and are one finding
    bool onePerFile = false;     ///< a habit: its hits in one file are one finding with several places
    bool addedLinesOnly = false; ///< a loud rule: only on lines the change adds
    std::string scenarioKind;
    std::vector<std::string> lints; ///< names of clippy or rustc lints whose allow silences this rule too
    std::vector<std::string>
        covers; ///< rules whose findings on the same lines say the same less exactly, and are dropped
    std::string title;
    std::string summary;
    std::string why;
    std::string scenario; ///< the failure told in general
    std::string example;
    std::string instead;
    std::string dismissal;
    std::string limits;
    std::vector<Reference> references;
    std::optional<Reproduction> reproduction;
    std::uint32_t insteadLine = 0; ///< 0-based line of its fence in the card
    CardProgram insteadProgram;
    CardProgram reproductionProgram;
    std::vector<CardCase> cases; ///< Example first, then those of "Cases"
    Check check = nullptr;       ///< null: the card is a team's, and `query` finds its places
    std::shared_ptr<const Query> query;
    std::string queryText; ///< of a team's card, as written
    std::string file;      ///< of a team's card: where it lies in the repository
    std::string says; ///< of a team's card: the finding's title, with `{capture}` for the code's own names

    bool isTeams() const { return query != nullptr; }
};

/// A finding, or a question: by the rule's measured precision once enough of its hits were read, and by the
/// confidence that this hit's assumed facts leave.
Tier tierOf(const Card &card, double confidence);

/// Errors name the card and its line.
git::Result<Card> parseCard(const CardSource &source);
/// A card of a repository's own rules, `path` in it; its id is "team/" and the file's stem. Hostile input: a
/// text of any kind costs what its length costs. Errors name the card, its line, and in a query the column.
git::Result<Card> parseTeamCard(const std::string &path, std::string_view markdown);
/// The whole catalogue, read once, by section and id. A card that does not parse is a mistake of the build:
/// the program ends with its name.
const std::vector<Card> &catalogue();
/// Null for an unknown id.
const Card *findCard(std::string_view id);

} // namespace review::rules
