// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/raw_memory.h"
#include "review/rules/remarks.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <vector>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// What `transmute::<From, To>` names, without white space; empty where it names nothing.
std::vector<std::string> namedTypes(const Call &call)
{
    std::vector<std::string> types;
    for (const Node &type : call.node.field("function").field("type_arguments").namedChildren())
        types.push_back(compact(type.text()));
    return types.size() == 2 ? types : std::vector<std::string>();
}

/// The value is a borrow of something that lives in this function or object: not a constant.
bool borrows(const Node &argument)
{
    const Node value = rust::stripAdapters(argument);
    return !value.isAny({"string_literal", "integer_literal", "float_literal"}) &&
           !(value.is("identifier") && isOneOf(value.text().substr(0, 1), {"A", "B", "C", "S", "T"}));
}

/// A comment in the function, before the call, says what it relies on.
bool isExplained(const Call &call)
{
    const Node function = call.node.ancestor({"function_item"});
    const Node body = function ? function.field("body") : rust::bodyOf(call.node);
    const std::string_view before = body.text().substr(0, call.node.bytes().begin - body.bytes().begin);
    return mentions(before.substr(before.size() - std::min<std::size_t>(before.size(), 400)), {"// safety"});
}

/// The longer lifetime that the value gets, as written; empty if it gets none.
std::string longerLifetime(const Call &call, const RuleInput &input)
{
    const std::vector<std::string> types = namedTypes(call);
    const std::string to = types.empty() ? writtenTypeOf(call.node, input) : types.back();
    const bool wasLong = !types.empty() && types.front().find("'static") != std::string::npos;
    const std::size_t at = to.find("'static");
    // `dyn Trait + 'static` behind a pointer says nothing about a borrow that Rust would end.
    const bool ofBorrow =
        to.starts_with("&'static") || (at != std::string::npos && at > 0 && to[at - 1] == '<');
    return ofBorrow && !wasLong && to.find("fn(") == std::string::npos ? to : std::string();
}

} // namespace

void check_transmuted_lifetime(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("transmute"))
        return;
    for (const Call &call : callsNamed({"transmute"}, input.file)) {
        if (call.arguments.size() != 1 || !callsStd(call, "mem::transmute", input.file) ||
            input.file.isTest(call.node) || !borrows(call.arguments.front()))
            continue;
        const std::string type = longerLifetime(call, input);
        const Node block = call.node.ancestor({"unsafe_block"});
        const rust::Function *function = input.file.functionAt(call.node);
        if (function && function->isUnsafe)
            continue; // it hands the promise on to its callers
        if (function && isOneOf(function->name, {"to_owned", "into_owned"}))
            continue; // what lives for ever is the copy
        if (type.empty() || (block && rust::hasSafetyComment(block)) || isExplained(call))
            continue;
        const Node value = call.arguments.front();
        Draft draft;
        draft.at = call.node;
        draft.title =
            fittingTitle({"The borrow " + quoted(value.text(), 20) + " is declared to live for ever",
                          "A borrow is declared to live for ever"});
        draft.steps = {
            {"thread", "borrows " + quoted(value.text()) + " for as long as its owner lives", value},
            {"thread", "tells the compiler that it is a " + quoted(type, 40), call.node},
            {"owner", "is moved or dropped, and nothing objects", call.node}};
        draft.outcome =
            "Whoever still has the reference reads freed memory; the compiler no longer stops it.";
        draft.facts = {"resolved: the value becomes " + quoted(type, 48),
                       "resolved: no SAFETY comment says who keeps the owner alive"};
        draft.evidence = {value};
        if (!remarkOn(rust::statementOf(call.node)).empty() || !remarkOn(block).empty()) {
            draft.facts.push_back("assumed: the reason that the comment gives does not hold");
            draft.confidence = 0.7;
        }
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
