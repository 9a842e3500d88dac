// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/checks.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// A number that says how much is wanted at most, not how much there is.
bool isLimitName(std::string_view name)
{
    return isOneOf(name, {"limit", "max", "k", "top_n", "topn", "n_max", "count_limit"}) ||
           name.ends_with("_limit") || name.starts_with("limit_") || name.ends_with("page_size") ||
           (name.starts_with("max_") && name != "max_size" && name != "max_len") || name.ends_with("_max");
}

/// The name at the end of `limit`, `req.limit`, `request.get_limit() as usize`.
std::string_view nameOf(Node count)
{
    while (count.isAny({"type_cast_expression", "parenthesized_expression"}))
        count = count.is("type_cast_expression") ? count.field("value") : count.firstNamedChild();
    if (count.is("identifier"))
        return count.text();
    if (count.is("field_expression"))
        return count.field("field").text();
    const Call call = rust::toCall(count);
    if (call.isMethod() && call.arguments.empty())
        return call.name.starts_with("get_") ? call.name.substr(4) : call.name;
    return {};
}

/// A parameter or a field of one: somebody else chose it. A field of self is a setting.
bool isChosenByCaller(Node count)
{
    if (count.text().find("self") != std::string_view::npos ||
        count.text().find("conf") != std::string_view::npos ||
        count.text().find("opt") != std::string_view::npos)
        return false;
    while (count && !count.is("identifier"))
        count = rust::toCall(count) ? rust::toCall(count).receiver
                : count.is("type_cast_expression") || count.is("field_expression") ? count.field("value")
                                                                                   : count.firstNamedChild();
    const Node binding = rust::bindingOf(count);
    return binding.is("parameter");
}

/// Something before compares the limit with another one or cuts it. Equality with one value is no limit.
bool isCut(const Node &reservation, const std::string &name, const rust::Function &function)
{
    for (const Node node : function.body.descendants()) {
        if (node.index() >= reservation.index())
            return false;
        const Call call = rust::toCall(node);
        const bool compares =
            node.is("binary_expression") && isOneOf(node.field("operator").text(), {"<", "<=", ">", ">="});
        const bool cuts = isOneOf(call.name, {"min", "clamp"}) || mentions(call.name, {"check", "valid"}) ||
                          rust::macroName(node) == "assert";
        if ((compares || cuts) && mentionsPlace(node.text(), {name}))
            return true;
    }
    return false;
}

/// What a constructor is given are settings, and what it makes is often filled.
bool isConstructor(const rust::Function &function)
{
    const std::string type = compact(function.returnType.text());
    return function.name.starts_with("new") || function.name.starts_with("with_") || type == "Self" ||
           (!function.selfType.empty() && type.starts_with(function.selfType));
}

Draft makeDraft(const Call &call, const Node &count)
{
    const std::string limit = quoted(count.text(), 24);
    Draft draft;
    draft.at = call.node;
    draft.title = fittingTitle({"`" + call.path + "` reserves the whole " + limit + " at once",
                                "A limit that a caller chose is reserved at once"});
    draft.steps = {{"caller", "asks for at most " + limit + " and means \"all\": a huge number", count},
                   {"code", "reserves memory for all of them before there is one", call.node}};
    draft.outcome =
        "The allocation fails and aborts the process, or takes the memory of other requests, for a result of "
        "a few elements.";
    draft.facts = {"resolved: " + limit + " is what the caller passes, and nothing cuts it",
                   "assumed: it says how many are wanted, not how many there are"};
    // The largest number of all is refused, so it is whoever asks that chooses, and all others pass.
    const rust::Node body = rust::bodyOf(call.node);
    if (!mentions(body.text().substr(0, call.node.bytes().begin - body.bytes().begin),
                  {"::max {", "::max{"})) {
        draft.facts.push_back("assumed: nobody before has cut it");
        draft.confidence = 0.85;
    }
    if (count.is("identifier"))
        draft.edits = {{{count.bytes().end, count.bytes().end}, ".min(1024)"}};
    return draft;
}

} // namespace

void check_capacity_from_limit(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("with_capacity(") || isTool(input.file))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        const bool reserves = call.name == "with_capacity" && !call.isMethod() && call.arguments.size() == 1;
        if (!reserves || !call.path.ends_with("::with_capacity"))
            continue;
        const Node count = call.arguments.front();
        if (!isLimitName(nameOf(count)) || !isChosenByCaller(count))
            continue;
        const std::string_view type = call.path;
        const bool collection =
            type.starts_with("Vec") || type.starts_with("BinaryHeap") || type.starts_with("HashMap") ||
            type.starts_with("String") || type.starts_with("BytesMut") || type.starts_with("HashSet") ||
            type.starts_with("IndexMap") || type.find("collections::") != std::string_view::npos;
        const rust::Function *function = input.file.functionAt(node);
        const bool setting =
            function && isConstructor(*function) && !isOneOf(nameOf(count), {"limit", "k", "n", "top_n"});
        if (collection && function && !function->isTest && !setting &&
            !isCut(node, std::string(nameOf(count)), *function))
            reporter.report(makeDraft(call, count));
    }
}

} // namespace review::rules
