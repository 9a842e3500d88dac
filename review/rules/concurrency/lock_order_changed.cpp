// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

bool acquires(const rust::Call &call)
{
    if (!call.isMethod() || !call.arguments.empty())
        return false;
    return isOneOf(call.name,
                   {"lock", "read", "write", "lock_exclusive", "lock_shared", "upgradable_read"}) ||
           call.name.ends_with("_lock") || call.name.ends_with("_guard") || call.name.starts_with("lock_") ||
           call.name.starts_with("read_") || call.name.starts_with("write_");
}

/// One acquisition after another: the first is still held at the second.
struct Pair {
    rust::Call first;
    rust::Call second;
};

bool isReleasedBetween(const rust::Node &declaration, const rust::Call &second)
{
    const std::string_view name = declaration.field("pattern").text();
    for (const rust::Call &call : rust::callsIn(declaration.parent())) {
        if (call.node.index() > declaration.index() && call.node.index() < second.node.index() &&
            isOneOf(call.path, {"drop", "mem::drop", "std::mem::drop"}) && call.arguments.size() == 1 &&
            (call.arguments.front().text() == name ||
             name.ends_with(" " + std::string(call.arguments.front().text()))))
            return true;
    }
    return false;
}

/// A guard bound by `let` lives to the end of its block; a temporary lives as long as the chain it stands in.
bool isHeldAt(const rust::Call &first, const rust::Call &second)
{
    const rust::Node whole = rust::withAdapters(first.node);
    const rust::Node declaration = whole.parent();
    if (declaration.is("let_declaration") && declaration.field("value") == whole)
        return second.node.isInside(declaration.parent()) && second.node.index() > declaration.index() &&
               !second.node.isInside(declaration) && !isReleasedBetween(declaration, second);
    rust::Node chain = whole;
    while (
        chain.parent().isAny({"field_expression", "call_expression", "await_expression", "try_expression"}) &&
        chain.parent().firstNamedChild() == chain)
        chain = chain.parent();
    return second.node.isInside(chain) && !second.node.isInside(whole);
}

std::vector<Pair> pairsIn(const rust::Function &function)
{
    std::vector<rust::Call> taken;
    for (const rust::Call &call : rust::callsIn(function.body)) {
        if (acquires(call) && taken.size() < 40)
            taken.push_back(call);
    }
    std::vector<Pair> pairs;
    for (const rust::Call &first : taken) {
        for (const rust::Call &second : taken) {
            if (first.node != second.node && signatureOf(first) != signatureOf(second) &&
                isHeldAt(first, second))
                pairs.push_back({first, second});
        }
    }
    return pairs;
}

/// "peers" of `self.state().peers().read()`, "inflight" of `state.read_inflight()`: what the lock is called,
/// wherever it is reached from and for whatever use.
std::string nameOf(const rust::Call &call)
{
    std::string_view method = call.name;
    for (const std::string_view prefix : {"read_", "write_", "lock_"}) {
        if (method.starts_with(prefix))
            method.remove_prefix(prefix.size());
    }
    for (const std::string_view suffix : {"_read_lock", "_write_lock", "_lock", "_guard"}) {
        if (method.ends_with(suffix))
            method.remove_suffix(suffix.size());
    }
    if (!isOneOf(method, {"lock", "read", "write", "guard", "exclusive", "shared", "upgradable"}))
        return std::string(method);
    std::string place = compact(rust::stripAdapters(call.receiver).text());
    if (place.ends_with("()"))
        place.resize(place.size() - 2);
    if (const std::size_t dot = place.find_last_of(".:)("); dot != std::string::npos)
        place.erase(0, dot + 1);
    return place;
}

/// The functions that hold `first` and then take `second`, those left aside that the change rewrote: where
/// the first one takes it, and how many they are.
struct Others {
    const rust::Function *function = nullptr;
    rust::Node at;
    int count = 0;
};

Others othersWith(const rust::Call &first, const rust::Call &second,
                  const std::vector<RewrittenFunction> &rewritten, const RuleInput &input)
{
    const std::string one = nameOf(first);
    const std::string other = nameOf(second);
    const auto isRewritten = [&](const rust::Function &function) {
        return std::any_of(rewritten.begin(), rewritten.end(),
                           [&](const RewrittenFunction &changed) { return changed.head == &function; });
    };
    Others others;
    for (const auto &source : input.model.sources()) {
        const bool has = source->contains(one) && source->contains(other);
        const rust::File *file = has ? source->file() : nullptr;
        if (!file)
            continue;
        for (const rust::Function &function : file->functions()) {
            if (function.isTest || !function.body || isRewritten(function))
                continue;
            for (const Pair &pair : pairsIn(function)) {
                if (nameOf(pair.first) != one || nameOf(pair.second) != other)
                    continue;
                if (others.count++ == 0) {
                    others.function = &function;
                    others.at = pair.second.node;
                }
                break;
            }
        }
    }
    return others;
}

} // namespace

void check_lock_order_changed(const RuleInput &input, Reporter &reporter)
{
    const std::vector<RewrittenFunction> &rewritten = rewrittenFunctions(input);
    for (const RewrittenFunction &function : rewritten) {
        const std::vector<Pair> before = pairsIn(*function.base);
        const std::vector<Pair> after = before.empty() ? before : pairsIn(*function.head);
        const auto find = [](const std::vector<Pair> &pairs, const std::string &first,
                             const std::string &second) -> const Pair * {
            for (const Pair &pair : pairs) {
                if (signatureOf(pair.first) == first && signatureOf(pair.second) == second)
                    return &pair;
            }
            return nullptr;
        };
        for (const Pair &pair : after) {
            const std::string first = signatureOf(pair.first);
            const std::string second = signatureOf(pair.second);
            const Pair *was = find(before, second, first);
            if (!was || find(before, first, second) || find(after, second, first))
                continue;
            const Others still = othersWith(pair.second, pair.first, rewritten, input);
            if (still.count <= othersWith(pair.first, pair.second, rewritten, input).count)
                continue; // nobody keeps the order of before, or the others already have the new one
            const std::string one = quoted(pair.first.node.text());
            const std::string other = quoted(pair.second.node.text());
            Draft draft;
            draft.at = pair.second.node;
            draft.title = fittingTitle(
                {one + " is now taken before " + other, "Two locks are now taken in the other order"});
            draft.steps = {
                {"this task", "takes " + one, pair.first.node},
                {"this task", "waits at " + other, pair.second.node},
                {"`" + still.function->path() + "`", "holds " + other + " and waits at " + one, still.at}};
            draft.outcome = "Each of the two waits for the lock that the other one holds.";
            draft.evidence = {pair.first.node, was->second.node, still.at};
            draft.facts = {"resolved: the function took the two in the other order before the change",
                           "resolved: `" + still.function->path() +
                               "` still takes them in the order of before",
                           "assumed: both are locks, and the same ones there"};
            reporter.report(std::move(draft));
            break;
        }
    }
}

} // namespace review::rules
