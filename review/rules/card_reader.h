// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"
#include "review/finding.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace review::rules {

/// A card's Markdown taken apart, before its words mean anything. Lines are 0-based lines of the card.
struct CardPage {
    struct Entry {
        std::string key;
        std::string value;
        std::uint32_t line = 0;
    };
    /// A ```rust or ```query fence: its text as written, `fixed`, `base` or neither, and its `name=value`
    /// options (values may be in double quotes).
    struct Fence {
        std::string code;
        bool isQuery = false;
        bool isFixed = false;
        bool isBase = false;
        std::vector<std::pair<std::string, std::string>> options;
        std::uint32_t line = 0;

        std::string option(std::string_view name, std::string fallback) const;
    };
    struct Part {
        std::string heading;
        std::string prose; ///< Markdown without these fences, trimmed
        std::vector<Fence> fences;
        std::uint32_t line = 0;
    };
    std::vector<Entry> entries; ///< of the front matter
    std::string title;
    std::string summary;
    std::vector<Part> parts; ///< those under `##`
};

/// Errors are of kind Parse and start with the 1-based line.
git::Result<CardPage> readCardPage(std::string_view markdown);

/// "a, b" → {"a", "b"}.
std::vector<std::string> splitList(std::string_view text);
/// The `- [title](url)` lines of a text.
std::vector<Reference> readReferences(std::string_view prose);

/// Lines of a fence that start with `# ` are compiled but not shown: the text without them …
std::string toShown(std::string_view code);
/// … and the text with them, their `# ` removed.
std::string toProgram(std::string_view code);
/// A reproduction is two programs in one: without its `//~ repaired …` lines and its `//~ fault` marks it
/// fails …
std::string toFailing(std::string_view program);
/// … and without its lines marked `//~ fault`, with the code of the `//~ repaired` lines, it does not.
/// Nothing if no line makes a difference.
std::optional<std::string> toRepaired(std::string_view program);
/// The 0-based lines that end in `//~ id`; nothing if a mark names another rule.
std::optional<std::vector<std::uint32_t>> readMarks(std::string_view code, std::string_view id);
std::string withoutMarks(std::string_view code);

} // namespace review::rules
