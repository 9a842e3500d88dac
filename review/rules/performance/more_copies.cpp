// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/edits.h"
#include "review/rules/phrases.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Node;

/// Allocates, copies, or makes what is looked at once.
bool copies(const rust::Call &call)
{
    if (call.name == "clone" &&
        mentions(call.node.text(), {"tx", "sender", "handle", "token", "arc", "client", "ctx", "context",
                                    "tracker", "waker", "config", "notify", "self."}))
        return false; // mostly counted references
    if (isOneOf(call.name, {"clone",
                            "cloned",
                            "to_vec",
                            "to_owned",
                            "to_string",
                            "into_owned",
                            "collect",
                            "extend_from_slice",
                            "copy_from_slice",
                            "put_slice",
                            "copy_to_slice",
                            "copy_to_bytes",
                            "to_bytes",
                            "read_to_end",
                            "read_to_string",
                            "concat",
                            "join",
                            "repeat",
                            "from_utf8_lossy",
                            "encode_to_vec",
                            "serialize",
                            "insert_str",
                            "sort",
                            "remove"}))
        return call.isMethod() || call.name != "join";
    return isOneOf(call.name, {"new", "from", "with_capacity"}) &&
           isOneOf(call.path.substr(0, call.path.find(':')),
                   {"Vec", "String", "BytesMut", "HashMap", "BTreeMap", "VecDeque", "HashSet"});
}

/// Saves work: room made at once, a buffer in front of calls to the system, a value lent or moved.
bool saves(const rust::Call &call)
{
    return isOneOf(call.name, {"with_capacity",
                               "reserve",
                               "drain",
                               "take",
                               "split_to",
                               "freeze",
                               "as_slice",
                               "as_ref",
                               "as_str",
                               "borrow",
                               "append",
                               "extend",
                               "swap",
                               "copied",
                               "get_or_init",
                               "or_insert_with",
                               "chunks",
                               "zip",
                               "binary_search",
                               "sort_unstable",
                               "iter",
                               "into_iter",
                               "replace",
                               "slice",
                               "binary_search_by",
                               "partition_point",
                               "entry"}) ||
           (call.name == "new" &&
            mentions(call.path, {"bufwriter", "bufreader", "cow", "smallvec", "cache"})) ||
           (call.name == "clone" && mentions(call.path, {"arc::", "rc::"}));
}

std::size_t weightOf(const rust::Function &function)
{
    std::size_t count = 0;
    for (const rust::Call &call : rust::callsIn(function.body))
        count += copies(call) ? 1 : 0;
    for (const Node &macro : function.body.descendants("macro_invocation"))
        count += isOneOf(rust::macroName(macro), {"format", "vec"}) ? 1 : 0;
    return count;
}

/// What the function does besides: the names of all its other calls.
std::map<std::string_view, int> workOf(const rust::Function &function)
{
    std::map<std::string_view, int> work;
    for (const rust::Call &call : rust::callsIn(function.body)) {
        if (!copies(call) && !saves(call) &&
            !isOneOf(call.name,
                     {"map", "flatten", "for_each", "Some", "Ok", "Err", "into", "unwrap", "len", "as_mut",
                      "is_empty", "push", "deref", "as_bytes", "get", "next", "filter", "from"}))
            ++work[call.name];
    }
    return work;
}

bool isCold(const Node &node)
{
    for (Node each = node; each && !each.is("function_item"); each = each.parent()) {
        if (each.is("macro_invocation") &&
            isOneOf(rust::macroName(each),
                    {"info", "warn", "debug", "error", "trace", "panic", "bail", "println"}))
            return true;
        if (each.is("match_arm") && each.field("pattern").text().starts_with("Err"))
            return true;
        if (isOneOf(rust::toCall(each).name, {"map_err", "ok_or_else", "expect", "context", "with_context"}))
            return true;
    }
    return false;
}

/// The first copy that stands on a changed line and is not made in the base.
Node firstNew(const RewrittenFunction &function, const Edits &edits)
{
    for (const rust::Call &call : rust::callsIn(function.head->body)) {
        if (copies(call) && edits.ofHead(call.node) && !isCold(call.node) &&
            function.headCalls->like(call).size() > function.baseCalls->like(call).size())
            return call.node;
    }
    for (const Node &macro : function.head->body.descendants("macro_invocation")) {
        if (isOneOf(rust::macroName(macro), {"format", "vec"}) && edits.ofHead(macro) && !isCold(macro))
            return macro;
    }
    return {};
}

} // namespace

void check_more_copies(const RuleInput &input, Reporter &reporter)
{
    constexpr std::size_t manyLines = 12;
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (weightOf(*function.head) <= weightOf(*function.base) ||
            workOf(*function.head) != workOf(*function.base))
            continue;
        const Edits edits(function);
        if (edits.added() > manyLines || edits.removed() == 0)
            continue;
        const Node at = firstNew(function, edits);
        if (!at)
            continue;
        Draft draft;
        draft.at = at;
        draft.title = fittingTitle({"The same work with one more copy: " + quoted(at.text(), 36),
                                    "The same work is done with more copies"});
        draft.steps = {
            {"before this change", "does the same with fewer copies", function.base->node.field("name")},
            {"now", "allocates or copies here", at}};
        draft.outcome = "Each call pays for an allocation and a copy that it did without before.";
        draft.evidence = {function.base->node.field("name")};
        draft.facts = {"resolved: all other calls are the same on both sides, and more of them copy",
                       "assumed: the function is called often enough for it to matter"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
