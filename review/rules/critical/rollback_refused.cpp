// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Function;
using rust::Node;

/// The last part of each path in the pattern: `Status::Active | Status::Started` gives both variants; empty
/// when the pattern is more than a list of variants.
std::vector<std::string> variantsIn(const std::string &pattern, std::string &enumName)
{
    std::vector<std::string> variants;
    for (std::size_t at = 0; at <= pattern.size();) {
        const std::size_t bar = std::min(pattern.find('|', at), pattern.size());
        const std::string path = pattern.substr(at, bar - at);
        at = bar + 1;
        const std::size_t colons = path.rfind("::");
        if (colons == std::string::npos || path.find_first_of("({ ") != std::string::npos)
            return {};
        const std::size_t start = path.rfind("::", colons - 1);
        enumName = path.substr(start == std::string::npos ? 0 : start + 2,
                               colons - (start == std::string::npos ? 0 : start + 2));
        variants.push_back(path.substr(colons + 2));
    }
    return variants;
}

/// A state in which something was begun and not ended.
bool isUnderWay(std::string_view variant)
{
    return variant.starts_with("Started") || variant.starts_with("Begin") ||
           variant.starts_with("InProgress") || variant.starts_with("Partial") ||
           variant.starts_with("Prepar") || variant.starts_with("Prewrit") || variant.ends_with("ing") ||
           variant.ends_with("InProgress") || variant.ends_with("Failed");
}

std::vector<std::string> variantsOf(const rust::Struct &type)
{
    std::vector<std::string> names;
    for (const Node &variant : type.node.descendants("enum_variant"))
        names.emplace_back(variant.field("name").text());
    return names;
}

/// `!matches!(status, A | B)` guards an early error: its pattern; null for other conditions.
Node refusingPattern(const Node &branch)
{
    const Node condition = branch.field("condition");
    const Node consequence = branch.field("consequence");
    if (!compact(condition.text()).starts_with("!matches!(") || !rust::diverges(consequence) ||
        consequence.text().find("Err(") == std::string_view::npos)
        return {};
    const std::vector<Node> patterns = condition.descendants("match_pattern");
    return patterns.size() == 1 ? patterns.front() : Node();
}

} // namespace

void check_rollback_refused(const RuleInput &input, Reporter &reporter)
{
    if (!hasAny(input.file, {"rollback", "abort", "cancel", "cleanup", "revert"}))
        return;
    for (const Function &function : input.file.functions()) {
        if (!function.body ||
            !mentions(function.name, {"rollback", "roll_back", "abort", "cancel", "cleanup", "revert"}))
            continue;
        for (const Node &branch : function.body.descendants("if_expression")) {
            const Node pattern = refusingPattern(branch);
            std::string enumName;
            const std::vector<std::string> allowed =
                pattern ? variantsIn(compact(pattern.text()), enumName) : std::vector<std::string>();
            const rust::Struct *states =
                allowed.empty() ? nullptr : input.model.findEnum(enumName, input.file);
            if (!states)
                continue;
            const std::vector<std::string> all = variantsOf(*states);
            const auto missing = std::find_if(all.begin(), all.end(), [&](const std::string &variant) {
                return isUnderWay(variant) &&
                       std::find(allowed.begin(), allowed.end(), variant) == allowed.end();
            });
            if (missing == all.end())
                continue;
            const std::string name = quoted(function.name, 24);
            Draft draft;
            draft.at = branch.field("condition");
            draft.title = fittingTitle({name + " is refused in state `" + *missing + "`",
                                        "An undo is refused in state " + quoted(*missing, 32)});
            draft.steps = {
                {"client", "begins an operation; the state becomes `" + *missing + "`",
                 states->node.field("name")},
                {"client", "the operation fails half-way", pattern},
                {"client", "calls " + name + ", which answers with an error", branch.field("condition")}};
            draft.outcome = "What the failed operation left behind, locks for example, stays until somebody "
                            "else removes it.";
            draft.facts = {"resolved: `" + enumName + "` has the state `" + *missing +
                               "`, which this check does not allow",
                           "assumed: by its name that state can be left by a failure"};
            draft.evidence = {states->node.field("name")};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
