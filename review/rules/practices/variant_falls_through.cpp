// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"

#include <algorithm>
#include <iterator>
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
Node silentRest(const Node &match, const std::string &name, const std::set<std::string> &old)
{
    std::size_t named = 0;
    Node rest;
    for (const Node &arm : match.field("body").namedChildren()) {
        const std::string pattern = compact(arm.field("pattern").text());
        const bool ofEnum = pattern.starts_with(name + "::") || pattern.starts_with("Self::") ||
                            pattern.starts_with("&" + name + "::");
        if (ofEnum && std::ranges::any_of(old, [&](const std::string &known) {
                return pattern.find("::" + known) != std::string::npos;
            }))
            ++named;
        if (pattern == "_" &&
            !mentions(arm.field("value").text(), {"panic!", "todo!", "unimplemented!", "unreachable"}))
            rest = arm;
    }
    // Two arms and the rest ask a question; a decision names most of what there is.
    return named >= 2 && 2 * named >= old.size() ? rest : Node();
}

/// A match that takes a new variant for everything else.
struct Fall {
    Node match;
    Node rest;
    const rust::Function *function = nullptr;
};

std::vector<Fall> fallsOf(const rust::Struct &item, const std::set<std::string> &old, const RuleInput &input)
{
    std::vector<Fall> falls;
    for (const auto &source : input.model.sources()) {
        const bool matches =
            source->contains(item.name + "::") || source->names().declares(rust::Declared::Owner, item.name);
        const rust::File *file = matches ? source->file() : nullptr;
        if (!file || file->isTestFile())
            continue;
        // Enums of the same name are many: `Error`.
        const rust::Struct *meant = file == &input.file ? &item : input.model.findEnum(item.name, *file);
        if (!meant || meant->node != item.node)
            continue;
        for (const Node &match : file->root().descendants("match_expression")) {
            const Node rest = file->isTest(match) ? Node() : silentRest(match, item.name, old);
            const rust::Function *function = rest ? file->functionAt(match) : nullptr;
            if (function && (function->selfType == item.name ||
                             match.text().find(item.name + "::") != std::string_view::npos))
                falls.push_back({match, rest, function});
        }
    }
    return falls;
}

/// One report for the enum, at the first variant that some match has no arm for.
void check(const rust::Struct &item, const std::vector<Node> &added, const std::set<std::string> &old,
           const RuleInput &input, Reporter &reporter)
{
    std::vector<Fall> falls = fallsOf(item, old, input);
    Node first;
    std::set<std::string> missing;
    std::erase_if(falls, [&](const Fall &fall) {
        bool falling = false;
        for (const Node &variant : added) {
            const std::string name(variant.field("name").text());
            if (fall.match.text().find("::" + name) != std::string_view::npos)
                continue;
            falling = true;
            missing.insert(name);
            if (!first || variant.index() < first.index())
                first = variant;
        }
        return !falling;
    });
    if (falls.empty())
        return;
    const std::string full = quoted(item.name + "::" + std::string(first.field("name").text()), 30);
    const std::string where = quoted(falls.front().function->path(), 24);
    Draft draft;
    draft.at = first;
    draft.title = fittingTitle({full + " falls into `_` in " + where, "The new " + full + " falls into `_`",
                                "A new variant falls into `_`"});
    draft.steps.push_back({"this change", "adds " + full, first});
    for (std::size_t i = 0; i < std::min<std::size_t>(falls.size(), 4); ++i) {
        draft.steps.push_back(
            {quoted(falls[i].function->path(), 40), "takes it for everything else", falls[i].rest});
        draft.evidence.push_back(falls[i].rest);
    }
    draft.outcome =
        "The new case is handled like those that nobody cared to name, and the compiler said nothing.";
    draft.facts = {"resolved: " + std::to_string(falls.size()) +
                   " `match` with most old variants named takes new ones with `_`"};
    if (missing.size() > 1)
        draft.facts.push_back("resolved: " + std::to_string(missing.size() - 1) +
                              " more new variants fall there too");
    draft.facts.push_back("assumed: what `_` does is not meant for it");
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
        std::vector<Node> added;
        std::ranges::copy_if(now, std::back_inserter(added),
                             [&](const Node &variant) { return !isKnown(variant); });
        if (!added.empty())
            check(item, added, old, input, reporter);
    }
}

} // namespace review::rules
