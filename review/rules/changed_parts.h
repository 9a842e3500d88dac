// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/removed.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace review::rules {

/// Lines of one function that a change rewrote together, and what of their tokens is new and what is gone.
/// Comments, blanks and line breaks make no difference.
struct ChangedPart {
    std::vector<rust::Node> lost;  ///< tokens of the base that the head has not, in source order
    std::vector<rust::Node> added; ///< tokens of the head that the base has not
    std::vector<rust::Node> base;  ///< all tokens of the base's lines
    std::vector<rust::Node> head;  ///< all of the head's lines; empty where lines were only taken away
    std::size_t baseLines = 0;
    std::size_t headLines = 0;
    rust::Node near; ///< the first new token, else the one that stands where something was taken away
};

/// The places of a function that differ, those with at most two lines between them as one. None where more
/// than `manyLines` lines of one place differ: what is missing then has mostly another form. Costs as much as
/// the product of the lines that differ, 250,000 at most.
std::vector<ChangedPart> changedParts(const RewrittenFunction &function, std::size_t manyLines = 20);
/// The same for any two nodes, such as two impls' heads.
std::vector<ChangedPart> changedParts(const rust::Node &base, const rust::Node &head, std::size_t manyLines);

/// Where the head is nearest to a place of the base: what is new in its lines, else what stands where it
/// stood: the line that follows now, or the one before where only brackets follow. Null when the lines around
/// it differ too much.
rust::Node standsNowAt(const rust::Node &baseNode, const RewrittenFunction &function);

/// The tokens at or below a node, without comments.
std::vector<rust::Node> tokensOf(const rust::Node &node);

/// The call whose name the token is: `unwrap` of `x.unwrap()`, `read` of `ptr::read(p)`. None for others.
rust::Call callNamedBy(const rust::Node &token);

/// The name is one of these, which blanks separate.
bool isNamed(std::string_view name, std::string_view names);

using IsToken = std::function<bool(const rust::Node &)>;
std::size_t countOf(const std::vector<rust::Node> &tokens, const IsToken &isWanted);
/// More of them are gone than came.
bool isFewer(const ChangedPart &part, const IsToken &isWanted);
/// More of them came than are gone: the first new one; null else.
rust::Node firstMore(const ChangedPart &part, const IsToken &isWanted);

/// The changed lines call a function of this file that the base has not, or ask somebody whom they did not
/// ask before: what is gone from them may be done there.
bool asksSomebodyNew(const ChangedPart &part, const RuleInput &input);

} // namespace review::rules
