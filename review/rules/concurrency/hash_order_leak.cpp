// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// A container of the standard library or its kin whose order differs from run to run.
bool isUnordered(const Node &expression, const RuleInput &input)
{
    const rust::Type type = input.model.infer(expression, input.file);
    const std::string_view name = type.peeled().name();
    return isOneOf(name, {"HashMap", "HashSet", "AHashMap", "AHashSet", "FxHashMap", "FxHashSet", "DashMap",
                          "FnvHashMap", "FnvHashSet", "HashbrownMap"});
}

/// The container whose elements a loop runs over; null if it is sorted or another one.
Node iterated(const Node &loop)
{
    Node value = loop.field("value");
    while (value.is("reference_expression"))
        value = value.field("value");
    const Call call = rust::toCall(value);
    if (!call)
        return value;
    const bool plain =
        call.isMethod() && isOneOf(call.name, {"iter", "keys", "values", "into_iter", "drain", "iter_mut",
                                               "values_mut", "into_keys", "into_values"});
    return plain ? call.receiver : Node();
}

/// A tree, allocator or log whose shape depends on the order of what is put into it, in code that makes state
/// durable.
bool shapesState(const Call &call, const std::string &target, const rust::Function *function)
{
    return function &&
           mentions(function->name, {"flush", "commit", "snapshot", "serialize", "checkpoint", "finalize"}) &&
           isOneOf(call.name, {"insert", "allocate", "append", "alloc"}) && target.starts_with("self.") &&
           mentions(target, {"tree", "alloc", "file", "log", "page", "storage"});
}

/// The call that gives the order away: into a hash, onto the wire or a disk.
Node leakIn(const Node &loop, const rust::Function *function)
{
    for (const Call &call : rust::callsIn(loop.field("body"))) {
        const std::string target = call.isMethod() ? rust::placeText(call.receiver) : std::string();
        const bool digests =
            isOneOf(call.name, {"update", "write_u64", "write_u32", "finalize", "chain", "hash"}) &&
            (mentions(target,
                      {"hasher", "digest", "sha1", "sha2", "sha3", "sha512", "crc", "blake", "checksum"}) ||
             (call.name == "hash" && !call.arguments.empty()));
        const bool encodes =
            isOneOf(call.name, {"put_u8", "put_u16", "put_u32", "put_u64", "put_slice", "write_all",
                                "extend_from_slice", "write_u32", "write_u64", "write_u8", "encode_to",
                                "put_u32_le", "put_u64_le", "serialize_entry", "serialize_element"}) &&
            mentions(target,
                     {"buf", "out", "writer", "bytes", "encoder", "dst", "file", "ser", "seq", "map"});
        // Each element has a hasher of its own: what is done with the hashes may well know no order.
        const Node hasher = rust::stripAdapters(
            call.name == "hash" && !call.arguments.empty() ? call.arguments.front() : call.receiver);
        const bool isOwn = hasher.is("identifier") && rust::bindingOf(hasher).isInside(loop.field("body"));
        if (isOwn)
            continue;
        if (digests || encodes || shapesState(call, target, function))
            return call.node;
    }
    return {};
}

} // namespace

void check_hash_order_leak(const RuleInput &input, Reporter &reporter)
{
    if (!hasAny(input.file, {"Hash", "DashMap"}))
        return;
    for (const Node &loop : input.file.root().descendants("for_expression")) {
        const Node container = iterated(loop);
        const rust::Function *function = container ? input.file.functionAt(loop) : nullptr;
        const Node leak = function ? leakIn(loop, function) : Node();
        if (!leak || !isUnordered(container, input) ||
            mentions(function->name, {"debug", "fmt", "print", "log", "metric"}))
            continue;
        const Call call = rust::toCall(leak);
        const bool digest = isOneOf(call.name, {"update", "hash", "finalize", "chain"});
        const bool state = isOneOf(call.name, {"insert", "allocate", "append", "alloc"});
        const std::string goes = digest ? "a hash" : state ? "what is stored" : "bytes";
        const std::string place = quoted(container.text(), 24);
        Draft draft;
        draft.at = loop.field("value");
        draft.title = fittingTitle({"The random order of " + place + " goes into " + goes,
                                    "The random order of a map goes into " + goes});
        draft.steps = {
            {"replica A", "runs over " + place + " in the order of its own seed", loop.field("value")},
            {"replica A", "puts each element into " + quoted(rust::placeText(call.receiver), 24), leak},
            {"replica B", "does the same with the same elements in another order", leak}};
        draft.outcome =
            "Equal contents give different bytes: hashes, signatures and snapshots of replicas do not match.";
        draft.facts = {"resolved: " + place +
                           " is an unordered container, and nothing sorts what is run over",
                       std::string(digest ? "resolved" : "assumed") + ": the order of what goes into " +
                           quoted(rust::placeText(call.receiver), 24) + " matters"};
        draft.evidence = {leak};
        draft.confidence = digest ? 1 : 0.75; // Whether others compare the bytes is not known here.
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
