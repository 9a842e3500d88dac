// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/query_predicates.h"

#include "review/rules/glob.h"
#include "review/rules/lock_facts.h"
#include "review/rules/phrases.h"
#include "review/rules/reached_calls.h"
#include "review/rules/similar_name.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <array>

namespace review::rules {

namespace {

using rust::Node;
using Texts = std::vector<std::string>;
using State = QueryAnswer::State;

std::string shown(const Node &node)
{
    return quoted(node.text().substr(0, node.text().find('\n')), 40);
}

template <typename Test>
bool anyOf(const Texts &texts, const Test &test)
{
    return std::any_of(texts.begin(), texts.end(), test);
}

QueryAnswer isAnyText(const Node &node, const RuleInput &, const Texts &texts)
{
    return anyOf(texts, [&](const std::string &text) { return node.text() == text; });
}

QueryAnswer isLike(const Node &node, const RuleInput &, const Texts &texts)
{
    return anyOf(texts, [&](const std::string &pattern) { return matchesGlob(node.text(), pattern); });
}

QueryAnswer runsAsync(const Node &node, const RuleInput &input, const Texts &)
{
    return {rust::runsAsync(node, input.file), shown(node) + " runs on an async executor's thread"};
}

QueryAnswer isInTest(const Node &node, const RuleInput &input, const Texts &)
{
    return {input.file.isTest(node), shown(node) + " is test code"};
}

QueryAnswer isInLoop(const Node &node, const RuleInput &, const Texts &)
{
    return {bool(rust::loopAround(node)), shown(node) + " runs in a loop"};
}

QueryAnswer isInUnsafe(const Node &node, const RuleInput &input, const Texts &)
{
    const rust::Function *function = input.file.functionAt(node);
    return {bool(node.ancestor({"unsafe_block"})) || (function && function->isUnsafe),
            shown(node) + " is unsafe code"};
}

QueryAnswer isInPath(const Node &, const RuleInput &input, const Texts &globs)
{
    return anyOf(globs, [&](const std::string &glob) { return matchesGlob(input.file.path(), glob); });
}

/// Of the function around the node: "commit", "Store::commit", "get_*".
QueryAnswer isInFunction(const Node &node, const RuleInput &input, const Texts &globs)
{
    const rust::Function *function = input.file.functionAt(node);
    if (!function)
        return false;
    return {anyOf(globs,
                  [&](const std::string &glob) {
                      return matchesGlob(function->name, glob) || matchesGlob(function->path(), glob);
                  }),
            "it is in `" + function->path() + "`"};
}

/// Of the impl around the node: its type's name or its trait's.
QueryAnswer isInImpl(const Node &node, const RuleInput &input, const Texts &globs)
{
    const rust::Function *function = input.file.functionAt(node);
    if (!function || function->selfType.empty())
        return false;
    return {anyOf(globs,
                  [&](const std::string &glob) {
                      return matchesGlob(function->selfType, glob) ||
                             (!function->traitName.empty() && matchesGlob(function->traitName, glob));
                  }),
            "it is in `" + function->path() + "`"};
}

/// `#[test]`, `#[tokio::main]`: on the captured function, else on the one around the node.
QueryAnswer hasAttribute(const Node &node, const RuleInput &input, const Texts &globs)
{
    const rust::Function *function = input.file.functionAt(node);
    for (const rust::Function &each : input.file.functions()) {
        if (each.node == node)
            function = &each;
    }
    if (!function)
        return false;
    return anyOf(globs, [&](const std::string &glob) {
        return anyOf(function->attributes,
                     [&](const std::string &attribute) { return matchesGlob(attribute, glob); });
    });
}

QueryAnswer returnsResult(const Node &node, const RuleInput &input, const Texts &)
{
    const rust::Function *function = input.file.functionAt(node);
    return {function && function->returnsResult(),
            function ? "`" + function->path() + "` returns a Result" : std::string()};
}

QueryAnswer isAwaited(const Node &node, const RuleInput &, const Texts &)
{
    return {rust::isAwaited(node), shown(node) + " is awaited"};
}

bool isOfKind(const rust::Guard &guard, const Texts &globs)
{
    return globs.empty() || anyOf(globs, [&](const std::string &glob) {
               return matchesGlob(rust::toText(guard.lock.family), glob) ||
                      matchesGlob(guard.lock.key, glob) || guard.lock.typeName == glob;
           });
}

/// Some guard is held on every path to the node; unknown where one is held on some paths, or of something
/// that only looks like a lock.
QueryAnswer holdsGuard(const Node &node, const RuleInput &input, const Texts &globs)
{
    bool isUnsure = false;
    for (Node body = rust::bodyOf(node); body; body = rust::bodyOf(body.parent())) {
        for (const rust::Guard &guard : input.locks.guards(body, input.file)) {
            if (guard.call == node || !isOfKind(guard, globs))
                continue;
            if (guard.heldAt(node) && isOfKnownLock(guard)) {
                QueryAnswer answer(true, quoted(guard.lock.receiver, 40) + " (" +
                                             rust::toText(guard.lock.family) +
                                             ") is locked there: " + guard.reason);
                answer.isAssumed = guard.lock.assumed;
                return answer;
            }
            isUnsure = isUnsure || guard.maybeHeldAt(node);
        }
        if (!body.isAny({"closure_expression", "async_block"}))
            break;
    }
    return isUnsure ? QueryAnswer() : QueryAnswer(false);
}

bool isTypeNode(const Node &node)
{
    return node.kind().ends_with("_type") || node.isAny({"type_identifier", "scoped_type_identifier"});
}

QueryAnswer isOfType(const Node &node, const RuleInput &input, const Texts &globs)
{
    const rust::Type type =
        isTypeNode(node) ? input.model.typeOf(node, input.file) : input.model.infer(node, input.file);
    if (!type.known())
        return {};
    const auto fits = [&](const rust::Type &each) {
        return anyOf(globs, [&](const std::string &glob) {
            return matchesGlob(each.path, glob) || matchesGlob(each.name(), glob);
        });
    };
    QueryAnswer answer(fits(type) || fits(type.peeled()),
                       "the type of " + shown(node) + " is `" + type.peeled().path + "`");
    answer.isAssumed = type.assumed;
    return answer;
}

QueryAnswer calls(const Node &node, const RuleInput &input, const Texts &names)
{
    const ReachedCall reached = reachedCall(node, names, input);
    return {bool(reached.call), reached.told};
}

struct Known {
    std::string_view name;
    std::size_t least;
    std::size_t most;
    std::size_t cost; ///< in steps of the matcher
    QueryAnswer (*ask)(const Node &, const RuleInput &, const Texts &);
};

constexpr std::size_t many = 64;
constexpr std::array<Known, 16> table{{{"eq", 0, 1, 1, nullptr},
                                       {"any-of", 1, many, 1, isAnyText},
                                       {"like", 1, many, 4, isLike},
                                       {"in-async", 0, 0, 20, runsAsync},
                                       {"in-test", 0, 0, 10, isInTest},
                                       {"in-loop", 0, 0, 10, isInLoop},
                                       {"in-unsafe", 0, 0, 10, isInUnsafe},
                                       {"in-path", 1, many, 4, isInPath},
                                       {"in-function", 1, many, 20, isInFunction},
                                       {"in-impl", 1, many, 20, isInImpl},
                                       {"has-attribute", 1, many, 20, hasAttribute},
                                       {"returns-result", 0, 0, 20, returnsResult},
                                       {"awaited", 0, 0, 4, isAwaited},
                                       {"holds-guard", 0, many, 200, holdsGuard},
                                       {"type-is", 1, many, 200, isOfType},
                                       {"calls", 1, many, 2'000, calls}}};

const Known *find(std::string_view name)
{
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const Known &each) { return each.name == name; });
    return found == table.end() ? nullptr : &*found;
}

/// `#eq? @a "text"` and `#eq? @a @b`.
QueryAnswer isEqual(const QueryPredicate &predicate, const Node &node, const QueryCaptures &captures)
{
    if (!predicate.arguments.empty())
        return node.text() == predicate.arguments.front();
    const std::vector<Node> &others = captures[predicate.others.front()];
    if (others.empty())
        return {};
    return std::all_of(others.begin(), others.end(),
                       [&](const Node &other) { return other.text() == node.text(); });
}

} // namespace

std::string whyWrong(const QueryPredicate &predicate)
{
    if (predicate.name == "match")
        return "there is no `#match?` here; `#like?` takes `*` for any run of characters";
    const Known *known = find(predicate.name);
    if (!known) {
        std::vector<std::string_view> names;
        for (const Known &each : table)
            names.push_back(each.name);
        return "there is no predicate `#" + predicate.name + "?`" + didYouMean(predicate.name, names);
    }
    if (predicate.name == "eq")
        return predicate.arguments.size() + predicate.others.size() == 1
                   ? std::string()
                   : "`#eq?` takes a capture, and another one or a text";
    if (!predicate.others.empty())
        return "`#" + predicate.name + "?` takes one capture";
    if (predicate.arguments.size() < known->least)
        return "`#" + predicate.name + "?` takes a text in quotes after the capture";
    if (predicate.arguments.size() > known->most)
        return "`#" + predicate.name + "?` takes " +
               (known->most == 0 ? "nothing after the capture" : "fewer texts");
    return {};
}

bool holds(const std::vector<QueryPredicate> &predicates, const QueryCaptures &captures,
           const RuleInput &input, QueryMatcher &matcher, std::vector<std::string> &facts)
{
    for (const QueryPredicate &predicate : predicates) {
        const std::vector<Node> &nodes = captures[predicate.capture];
        const Known *known = find(predicate.name);
        if (nodes.empty() || !known)
            return false;
        for (const Node &node : nodes) {
            if (!matcher.spend(known->cost))
                return false;
            const QueryAnswer answer = known->ask ? known->ask(node, input, predicate.arguments)
                                                  : isEqual(predicate, node, captures);
            if (answer.state != (predicate.isNegated ? State::No : State::Yes))
                return false;
            if (!predicate.isNegated && !answer.fact.empty())
                facts.push_back((answer.isAssumed ? "assumed: " : "resolved: ") + answer.fact);
        }
    }
    return true;
}

} // namespace review::rules
