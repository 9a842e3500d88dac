// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/collections.h"
#include "review/rules/edits.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Call;
using rust::Node;

bool hasPath(const Call &call, std::initializer_list<std::string_view> words)
{
    return !call.isMethod() && mentions(call.path, words);
}

bool isIterated(const Call &call)
{
    const std::string receiver = call.isMethod() ? compact(call.receiver.text()) : std::string();
    return receiver.find(".iter()") != std::string::npos || receiver.find(".values()") != std::string::npos ||
           receiver.find(".into_iter()") != std::string::npos ||
           receiver.find(".keys()") != std::string::npos;
}

bool makesRoom(const Call &call)
{
    return isOneOf(call.name, {"with_capacity", "reserve", "with_capacity_and_hasher", "try_reserve"});
}
bool makesNone(const Call &call)
{
    return isOneOf(call.name, {"new", "default"}) && call.arguments.empty() &&
           hasPath(call, {"vec::", "string::", "map::", "set::", "vecdeque::", "bytesmut::", "heap::"});
}

bool takesFromEnd(const Call &call)
{
    return isOneOf(call.name, {"pop_front", "swap_remove", "pop", "split_off", "drain", "push_front",
                               "pop_first", "rotate_left", "retain", "truncate"});
}
bool shifts(const Call &call)
{
    return (call.name == "remove" && call.arguments.size() == 1 &&
            !call.arguments.front().text().starts_with('&')) ||
           (call.name == "insert" && call.arguments.size() == 2 && call.arguments.front().text() == "0");
}

bool looksUp(const Call &call)
{
    return call.isMethod() && !isIterated(call) &&
           (isOneOf(call.name,
                    {"get", "get_mut", "contains_key", "contains", "entry", "range", "range_mut", "remove",
                     "partition_point", "first_key_value", "last_key_value", "insert", "peek"}) ||
            call.name.starts_with("binary_search"));
}
bool searches(const Call &call)
{
    return isIterated(call) &&
           isOneOf(call.name, {"find", "position", "any", "filter", "rposition", "skip_while", "find_map",
                               "rfind", "max_by_key", "min_by_key", "max", "min", "max_by", "min_by", "all"});
}

bool stopsEarly(const Call &call)
{
    return isOneOf(call.name, {"any", "all", "find", "position", "next", "is_empty", "first", "last", "nth",
                               "take", "peek", "next_back"});
}
bool goesThroughAll(const Call &call)
{
    return call.arguments.empty() && isOneOf(call.name, {"count", "collect"});
}

bool doesMany(const Call &call)
{
    return isOneOf(
        call.name,
        {"extend",           "extend_from_slice", "append",          "write_batch",  "put_all",
         "send_all",         "insert_many",       "copy_from_slice", "put_slice",    "write_all",
         "multi_get",        "get_many",          "put_many",        "write",        "execute_many",
         "batch_get",        "batch_put",         "write_vectored",  "delete_range", "drain",
         "clone_from_slice", "append_batch",      "insert_batch",    "memcpy",       "read_exact",
         "recv_many"});
}
bool doesOne(const Call &call)
{
    return isOneOf(call.name, {"push",  "put",    "insert", "send",     "push_back", "put_u8", "append",
                               "get",   "delete", "remove", "write_u8", "read_u8",   "pop",    "set",
                               "write", "fetch",  "save",   "execute",  "query",     "recv"}) &&
           bool(rust::loopAround(call.node) ? rust::loopAround(call.node) : repeatedBy(call.node));
}

bool readsPart(const Call &call)
{
    return isOneOf(call.name, {"read_exact", "seek", "read_at", "read_exact_at", "get_range", "read_range",
                               "range", "take", "read_line", "metadata", "head", "read_until", "lines"});
}
bool readsAll(const Call &call)
{
    return isOneOf(call.name, {"read_to_end", "read_to_string"}) ||
           isOneOf(call.path, {"fs::read", "std::fs::read", "tokio::fs::read", "fs::read_to_string"});
}

bool runsTogether(const Call &call)
{
    return isOneOf(call.name, {"join_all", "try_join_all", "buffer_unordered", "buffered", "spawn",
                               "join_next", "for_each_concurrent", "try_for_each_concurrent",
                               "try_buffer_unordered", "join", "par_iter", "into_par_iter"}) ||
           hasPath(call, {"futuresunordered", "joinset", "futuresordered"});
}
bool waitsInLoop(const Call &call)
{
    return rust::isAwaited(call.node) && bool(rust::loopAround(call.node));
}

bool usesWhatIsThere(const Call &call)
{
    return isOneOf(call.name,
                   {"clone", "get_or_init", "get_or_try_init", "or_insert_with", "get", "as_ref", "upgrade",
                    "acquire", "checkout", "borrow", "load", "get_or_create", "get_or_insert_with", "lease"});
}
bool makesAnew(const Call &call)
{
    return isOneOf(call.name, {"connect", "connect_lazy", "compile", "build", "open", "dial", "handshake"}) ||
           (call.name == "new" &&
            hasPath(call, {"regex::", "client::", "pool::", "runtime::", "channel::", "hasher::"}));
}

bool lends(const Call &call)
{
    return isOneOf(call.name,
                   {"take",       "replace",  "swap",      "drain",     "into_iter",  "slice",
                    "split_to",   "freeze",   "as_ref",    "iter",      "borrow",     "as_str",
                    "as_slice",   "as_bytes", "append",    "split_off", "into_bytes", "into_boxed_slice",
                    "from",       "into",     "as_deref",  "copied",    "advance",    "chunks",
                    "into_inner", "as_mut",   "downgrade", "split_at",  "chunk",      "unwrap_or_clone"}) ||
           (call.name == "clone" && hasPath(call, {"arc::", "rc::"}));
}
bool copies(const Call &call)
{
    return isOneOf(call.name,
                   {"to_vec", "to_owned", "copy_from_slice", "cloned", "to_string", "copy_to_bytes",
                    "into_owned", "to_bytes", "put_slice", "from_slice", "collect", "extend_from_slice"});
}

/// Leaves nothing behind, or shares: what a clone in its place copies.
bool movesOut(const Call &call)
{
    return (isOneOf(call.name, {"take", "replace", "swap"}) && hasPath(call, {"mem::"})) ||
           isOneOf(call.name, {"drain", "split_to", "freeze", "split_off"}) ||
           (call.name == "clone" && hasPath(call, {"arc::", "rc::"}));
}
bool clones(const Call &call)
{
    return call.isMethod() && call.name == "clone";
}

bool isLazy(const Call &call)
{
    return isOneOf(call.name,
                   {"or_else", "unwrap_or_else", "ok_or_else", "or_insert_with", "or_default", "then",
                    "unwrap_or_default", "get_or_insert_with", "map_or_else", "with_context", "expect_fn"});
}
bool isEager(const Call &call)
{
    if (!isOneOf(call.name, {"or", "unwrap_or", "ok_or", "or_insert", "then_some", "get_or_insert", "map_or",
                             "context", "expect"}) ||
        call.arguments.empty())
        return false;
    const Node value = call.arguments.front();
    const auto allocates = [](const Node &node) {
        return (node.is("macro_invocation") && isOneOf(rust::macroName(node), {"format", "vec"})) ||
               isOneOf(rust::toCall(node).name,
                       {"new", "to_string", "from", "to_owned", "with_capacity", "clone"});
    };
    if (allocates(value))
        return true;
    for (const Node node : value.descendants()) {
        if (allocates(node))
            return true;
    }
    return false;
}

using Is = bool (*)(const Call &);
/// A form, and the slower one that does the same.
struct Pair {
    Is fast;
    Is slow;
    const char *title;
    const char *was;
    const char *is;
    double confidence;
};

constexpr std::array<Pair, 11> pairs{{
    {makesRoom, makesNone, "no longer makes room ahead", "makes room for all that comes",
     "grows again and again", 1.0},
    {takesFromEnd, shifts, "moves all that follows", "takes without moving the rest",
     "moves every later element", 1.0},
    {looksUp, searches, "searches what was looked up", "looks it up", "goes through all until it is found",
     1.0},
    {stopsEarly, goesThroughAll, "goes through all to know of one", "stops at the first", "goes through all",
     1.0},
    {doesMany, doesOne, "does one by one what was done at once", "does all at once", "does it for each", 1.0},
    {readsPart, readsAll, "reads all of it", "reads the part that is needed", "reads everything", 1.0},
    {runsTogether, waitsInLoop, "waits for each before the next", "lets them run together",
     "waits for one after the other", 1.0},
    {usesWhatIsThere, makesAnew, "makes anew what was there", "uses the one that is there", "makes another",
     1.0},
    {isLazy, isEager, "is worked out even if nobody needs it", "works it out when it is needed",
     "works it out each time", 1.0},
    {movesOut, clones, "copies what was moved or shared", "moves or shares it", "copies it", 1.0},
    {lends, copies, "copies what was lent or moved", "lends or moves it", "copies it", 1.0},
}};

std::size_t countOf(Is is, const rust::Function &function)
{
    const auto calls = rust::callsIn(function.body);
    return static_cast<std::size_t>(std::count_if(calls.begin(), calls.end(), is));
}

Node firstIn(Is is, const rust::Function &side, const auto &isChanged)
{
    for (const Call &call : rust::callsIn(side.body)) {
        if (is(call) && isChanged(call.node))
            return call.node;
    }
    return {};
}

bool isCold(const Node &node)
{
    for (Node each = node; each && !each.is("function_item"); each = each.parent()) {
        if (each.is("macro_invocation") &&
            !isOneOf(rust::macroName(each), {"vec", "format", "select", "join"}))
            return true;
        if ((each.is("match_arm") && each.field("pattern").text().starts_with("Err")) ||
            isOneOf(rust::toCall(each).name, {"map_err", "ok_or_else", "inspect_err"}))
            return true;
    }
    return false;
}

void report(const Node &at, const Node &before, const Pair &pair, Reporter &reporter)
{
    Draft draft;
    draft.at = at;
    draft.title = fittingTitle({quoted(at.text(), 30) + ' ' + pair.title, std::string("This ") + pair.title});
    draft.steps = {{"before this change", pair.was, before}, {"now", pair.is, at}};
    draft.outcome = "The same result costs more with every element, and with every call.";
    draft.evidence = {before};
    draft.facts = {
        "resolved: the faster form stands on the changed lines before the change, the slower one after it",
        "assumed: there are enough elements or calls for it to matter"};
    draft.confidence = pair.confidence;
    reporter.report(std::move(draft));
}

/// `BufWriter::new(file)` is gone, and the file is still written.
bool reportUnbuffered(const RewrittenFunction &function, const RuleInput &input, const Edits &edits,
                      Reporter &reporter)
{
    const auto buffers = [](const Call &call) {
        return isOneOf(call.name, {"new", "with_capacity"}) &&
               hasPath(call, {"bufwriter", "bufreader", "bufstream"});
    };
    const Pair pair{nullptr,
                    nullptr,
                    "is no longer buffered",
                    "reads or writes through a buffer",
                    "asks the system each time",
                    1.0};
    for (const RemovedCall &removed : removedCalls(function, buffers, input)) {
        report(edits.placeInHead(removed.call.node), removed.call.node, pair, reporter);
        return true;
    }
    return false;
}

/// The loop of the base ended at what it looked for.
bool reportBreak(const RewrittenFunction &function, const Edits &edits, Reporter &reporter)
{
    const std::vector<Node> before = function.base->body.descendants("break_expression");
    if (before.empty() || !function.head->body.descendants("break_expression").empty() || edits.added() > 1 ||
        function.base->body.descendants("for_expression").size() !=
            function.head->body.descendants("for_expression").size() ||
        !rust::loopAround(before.front()).is("for_expression") || !edits.ofBase(before.front()))
        return false;
    const Pair pair{
        nullptr, nullptr, "goes on after it has found", "ends the loop there", "goes through the rest", 1.0};
    report(edits.placeInHead(before.front()), before.front(), pair, reporter);
    return true;
}

} // namespace

void check_slower_form(const RuleInput &input, Reporter &reporter)
{
    constexpr std::size_t manyLines = 10;
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (linesAdded(function) > manyLines)
            continue;
        const Edits edits(function);
        if (reportUnbuffered(function, input, edits, reporter) || reportBreak(function, edits, reporter))
            continue;
        for (const Pair &pair : pairs) {
            if (countOf(pair.slow, *function.base) >= countOf(pair.slow, *function.head))
                continue;
            const Node was = firstIn(pair.fast, *function.base, [&](const Node &node) {
                return edits.ofBase(node) && !function.headCalls->has(rust::toCall(node));
            });
            const Edit *place = was ? edits.ofBase(was) : nullptr;
            const Node is = firstIn(pair.slow, *function.head, [&](const Node &node) {
                return place && edits.ofHead(node) == place && !isCold(node) &&
                       (pair.slow == waitsInLoop || !function.baseCalls->has(rust::toCall(node)));
            });
            if (!was || !is || rust::toCall(was).name == rust::toCall(is).name)
                continue;
            report(is, was, pair, reporter);
            break;
        }
    }
}

} // namespace review::rules
