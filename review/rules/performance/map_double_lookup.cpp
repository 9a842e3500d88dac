// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/collections.h"
#include "review/rules/phrases.h"
#include "review/rules/value_flow.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

std::string keyOf(const Node &argument)
{
    std::string text = compact(argument.text());
    while (text.starts_with('&') || text.starts_with('*'))
        text.erase(0, 1);
    for (const std::string_view suffix : {".clone()", ".to_owned()", ".to_string()", ".to_vec()"}) {
        if (text.ends_with(suffix))
            text.resize(text.size() - suffix.size());
    }
    return text;
}

/// The key is copied only for a new entry, or the entry is made only when all goes well: what `entry` would
/// do for every key.
bool entryCostsMore(const Node &branch, const Node &insertion, const std::string &key)
{
    for (const Node node : branch.descendants()) {
        if (node.isAny({"return_expression", "break_expression", "continue_expression", "try_expression",
                        "await_expression"}) &&
            node.index() < insertion.index())
            return true;
        const Call call = rust::toCall(node);
        if (call.isMethod() && isOneOf(call.name, {"clone", "to_owned", "to_string", "to_vec", "into"}) &&
            keyOf(call.receiver) == key)
            return true;
    }
    return false;
}

/// The second look-up of the same key below `branch`; null if none, or if the map or key changes before.
Node secondLookup(const Node &branch, const std::string &place, const std::string &key, bool absent, bool set)
{
    for (const Node node : branch.descendants()) {
        if (node.is("index_expression") && !absent) {
            const std::vector<Node> parts = node.namedChildren();
            if (parts.size() == 2 && rust::placeText(parts[0]) == place && keyOf(parts[1]) == key)
                return node;
        }
        const Call call = rust::toCall(node);
        if (!call.isMethod() || call.arguments.empty() || rust::placeText(call.receiver) != place)
            continue;
        const bool inserts = absent && call.name == "insert" && (set || call.arguments.size() == 2);
        const bool gets = !absent && !set && isOneOf(call.name, {"get", "get_mut", "remove"}) &&
                          isOneOf(rust::toCall(call.node.parent().parent()).name, {"unwrap", "expect"});
        if ((inserts || gets) && keyOf(call.arguments.front()) == key)
            return call.node;
        return {};
    }
    return {};
}

/// The function returns what the map keeps and else makes it: with `if let Some(value) = map.get(key)` the
/// borrow checker takes the map for lent to the caller in the other branch, too.
bool isLentOut(const Node &branch, const std::string &place, const Node &second, const rust::File &file)
{
    const rust::Function *function = file.functionAt(branch);
    const Node otherwise = branch.field("alternative");
    const std::string owner = place.substr(0, place.find('.'));
    const bool changes = otherwise ? compact(otherwise.text()).find(owner + '.') != std::string::npos
                                   : rust::diverges(branch.field("consequence"));
    return changes && second && function && function->returnType.text().find('&') != std::string_view::npos;
}

} // namespace

void check_map_double_lookup(const RuleInput &input, Reporter &reporter)
{
    for (const Call &test : callsNamed({"contains_key", "contains"}, input.file)) {
        if (!test.isMethod() || test.arguments.size() != 1)
            continue;
        Node condition = test.node;
        const bool absent =
            condition.parent().is("unary_expression") && condition.parent().text().starts_with('!');
        if (absent)
            condition = condition.parent();
        const Node branch = condition.parent();
        if (!branch.is("if_expression") || branch.field("condition") != condition)
            continue;
        const bool set = test.name == "contains";
        const std::string place = rust::placeText(test.receiver);
        const std::string key = keyOf(test.arguments.front());
        if (place.empty() || key.find('(') != std::string::npos)
            continue;
        const Node second = secondLookup(branch.field("consequence"), place, key, absent, set);
        const bool direct = second && rust::blockOf(second) == branch.field("consequence");
        if (!direct || (absent && entryCostsMore(branch.field("consequence"), second, key)) ||
            (!absent && isLentOut(branch, place, second, input.file)))
            continue;
        const Container container = containerOf(test.receiver, input);
        if (container != (set ? Container::Set : Container::Map))
            continue;
        const std::string shown = quoted(place, 24);
        Draft draft;
        draft.at = condition;
        draft.title = fittingTitle({shown + " is searched twice for " + quoted(key, 20),
                                    "A container is searched twice for one key"});
        draft.steps = {
            {"caller", "searches " + shown + " for the key", test.node},
            {"caller", "searches again to " + std::string(absent ? "insert it" : "get its value"), second}};
        draft.outcome =
            "Twice the hashing and comparing, and a panic or a lost value should the two ever disagree.";
        draft.facts = {"resolved: both calls are on " + shown +
                       " with the same key, and nothing changes it between"};
        draft.evidence = {second};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
