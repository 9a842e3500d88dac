// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace review::rules {
namespace {

using rust::Node;

std::vector<Node> variantsOf(const Node &item)
{
    return item.field("body") ? item.field("body").descendants("enum_variant") : std::vector<Node>();
}

const rust::Struct *enumNamed(const std::string &name, const rust::File &file)
{
    const auto found = std::ranges::find(file.enums(), name, &rust::Struct::name);
    return found == file.enums().end() ? nullptr : &*found;
}

/// Errors, messages and states: a value that nobody thought of has to be decided, not swept up.
bool isDecided(std::string_view name)
{
    return mentions(name, {"error", "state", "status", "event", "message", "msg", "command", "request",
                           "response", "role", "action", "op", "kind", "phase", "mode", "reason"});
}

/// An arm that takes whatever is left, and does something with it: no panic that would be noticed.
Node silentRest(const Node &match, const std::string &name, const std::set<std::string> &old,
                const std::string &variant)
{
    std::size_t named = 0;
    Node rest;
    for (const Node &arm : match.field("body").namedChildren()) {
        const std::string pattern = compact(arm.field("pattern").text());
        if (pattern.find("::" + variant) != std::string::npos)
            return {};
        const bool ofEnum =
            pattern.find(name + "::") != std::string::npos || pattern.find("Self::") != std::string::npos;
        if (ofEnum && std::ranges::any_of(old, [&](const std::string &known) {
                return pattern.find("::" + known) != std::string::npos;
            }))
            ++named;
        if (pattern == "_" &&
            !rust::macroName(rust::stripAdapters(arm.field("value"))).starts_with("unreachable") &&
            !mentions(arm.field("value").text(), {"panic!", "todo!", "unimplemented!", "unreachable!"}))
            rest = arm;
    }
    // Two arms and the rest ask a question; a decision names most of what there is.
    return named >= 2 && 2 * named >= old.size() ? rest : Node();
}

void check(const rust::Struct &item, const Node &variant, const std::set<std::string> &old,
           const RuleInput &input, Reporter &reporter)
{
    const std::string name(variant.field("name").text());
    std::vector<std::pair<Node, const rust::Function *>> found;
    for (const auto &file : input.model.files()) {
        if (file->isTestFile() || file->tree().text().find(item.name) == std::string::npos)
            continue;
        for (const Node &match : file->root().descendants("match_expression")) {
            const Node rest = file->isTest(match) ? Node() : silentRest(match, item.name, old, name);
            const rust::Function *function = rest ? file->functionAt(match) : nullptr;
            if (function && (function->selfType == item.name ||
                             match.text().find(item.name + "::") != std::string_view::npos))
                found.emplace_back(rest, function);
        }
    }
    if (found.empty())
        return;
    const std::string full = quoted(item.name + "::" + name, 30);
    const std::string where = quoted(found.front().second->path(), 24);
    Draft draft;
    draft.at = variant;
    draft.title = fittingTitle({full + " falls into `_` in " + where, "The new " + full + " falls into `_`"});
    draft.steps.push_back({"this change", "adds " + full, variant});
    for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 4); ++i) {
        draft.steps.push_back(
            {quoted(found[i].second->path(), 40), "takes it for everything else", found[i].first});
        draft.evidence.push_back(found[i].first);
    }
    draft.outcome =
        "The new case is handled like those that nobody cared to name, and the compiler said nothing.";
    draft.facts = {"resolved: " + std::to_string(found.size()) +
                       " `match` with most variants named has a `_` arm and no " + full,
                   "assumed: what `_` does is not meant for it"};
    reporter.report(std::move(draft));
}

} // namespace

void check_variant_falls_through(const RuleInput &input, Reporter &reporter)
{
    if (!input.base || input.file.isTestFile())
        return;
    for (const rust::Struct &item : input.file.enums()) {
        const rust::Struct *before = isDecided(item.name) ? enumNamed(item.name, *input.base) : nullptr;
        if (!before || input.file.isTest(item.node))
            continue;
        std::set<std::string> old;
        for (const Node &variant : variantsOf(before->node))
            old.emplace(variant.field("name").text());
        const std::vector<Node> now = variantsOf(item.node);
        const auto isKnown = [&](const Node &variant) {
            return old.contains(std::string(variant.field("name").text()));
        };
        // A variant that is gone may be the same one under a new name.
        if (static_cast<std::size_t>(std::ranges::count_if(now, isKnown)) != old.size())
            continue;
        for (const Node &variant : now) {
            if (!isKnown(variant))
                check(item, variant, old, input, reporter);
        }
    }
}

} // namespace review::rules
