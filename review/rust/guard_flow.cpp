// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/guard_flow.h"

#include "review/rust/in_place.h"
#include "review/rust/lock_families.h"
#include "review/rust/patterns.h"

#include <algorithm>

namespace review::rust {
namespace {

constexpr int maxDepth = 400;
constexpr int maxLoops = 5;

/// Gone: not acquired yet, or dropped. Dead: this point is not reached.
enum class Held { Dead, Gone, Maybe, Yes };

Held joined(Held a, Held b)
{
    if (a == Held::Dead || a == b)
        return b;
    return b == Held::Dead ? a : Held::Maybe;
}

class Flow {
public:
    explicit Flow(const GuardHome &home) : m_home(home), m_holder(home.pattern), m_name(home.variable) {}

    GuardRanges run();

private:
    struct Loop {
        Node node;
        Held left = Held::Dead;      ///< where it is left by break
        Held continued = Held::Dead; ///< where it is continued
    };

    Held walk(const Node &node, Held state);
    Held walkChildren(const Node &node, Held state);
    Held walkKind(const Node &node, Held state);
    Held walkIf(const Node &node, Held state);
    Held walkMatch(const Node &node, Held state);
    Held walkSelect(const Node &node, Held state);
    Held walkLoop(const Node &node, Held state);
    Held walkCall(const Node &node, Held state);
    Held walkLet(const Node &node, Held state);
    Held walkAssignment(const Node &node, Held state);
    Held walkJump(const Node &node, Held state);
    Held walkName(const Node &identifier, Held state);
    Held walkNested(const Node &node, Held state);

    void mark(std::uint32_t at, Held state)
    {
        if (m_emit)
            m_marks.emplace_back(at, state);
    }
    bool isRelevant(const Node &node) const;
    void collectRelevant();
    bool isOurs(const Node &identifier) const
    {
        return identifier.is("identifier") && identifier.text() == m_name &&
               bindingOf(identifier) == m_holder;
    }
    /// The expression is our variable, or `variable.unwrap()` of it.
    bool isOurValue(const Node &expression) const { return isOurs(stripped(expression)); }
    Node stripped(const Node &expression) const
    {
        return expression.is("reference_expression") ? expression : stripAdapters(expression);
    }

    const GuardHome &m_home;
    Node m_holder;
    std::string m_name;
    std::vector<std::uint32_t> m_relevant;
    std::vector<Loop> m_loops;
    std::vector<std::pair<std::uint32_t, Held>> m_marks;
    bool m_emit = true;
    int m_depth = 0;
};

/// A call that takes the guard by value and gives it, or another guard of the lock, back. Of `try_map` it is
/// not followed which one.
bool givesBack(const Call &call)
{
    if (call.isMethod() && call.name.starts_with("wait"))
        return true;
    const std::size_t colon = call.path.rfind("::");
    const std::string owner = colon == std::string::npos ? "" : call.path.substr(0, colon);
    return isGuardName(std::string_view(owner).substr(owner.rfind(':') + 1)) &&
           !call.name.starts_with("try_") &&
           (call.name.find("map") != std::string_view::npos ||
            call.name.find("grade") != std::string_view::npos);
}

void Flow::collectRelevant()
{
    const Node body = bodyOf(m_home.region);
    (void)body;
    const auto take = [&](const Node &node) {
        const bool name = node.is("identifier") && node.text() == m_name;
        const bool leaves = node.isAny({"return_expression", "break_expression", "continue_expression",
                                        "macro_invocation"}) ||
                            (node.is("call_expression") && diverges(node));
        if (name || leaves || node == m_home.expression)
            m_relevant.push_back(node.index());
    };
    take(m_home.region);
    for (const Node node : m_home.region.descendants())
        take(node);
}

bool Flow::isRelevant(const Node &node) const
{
    const auto found = std::lower_bound(m_relevant.begin(), m_relevant.end(), node.index());
    return found != m_relevant.end() && Node(node.tree(), *found).isInside(node);
}

Held Flow::walk(const Node &node, Held state)
{
    if (!node || m_depth > maxDepth || !isRelevant(node))
        return state;
    ++m_depth;
    Held after = walkKind(node, state);
    --m_depth;
    if (node == m_home.expression && !m_home.startsHeld && after != Held::Dead) {
        after = Held::Yes;
        m_holder = m_home.pattern;
        m_name = m_home.variable;
        mark(node.bytes().end, after);
    }
    return after;
}

Held Flow::walkChildren(const Node &node, Held state)
{
    for (Node child = node.firstNamedChild(); child; child = child.nextNamedSibling())
        state = walk(child, state);
    return state;
}

Held Flow::walkKind(const Node &node, Held state)
{
    if (node.is("identifier"))
        return walkName(node, state);
    if (node.is("if_expression"))
        return walkIf(node, state);
    if (node.is("match_expression"))
        return walkMatch(node, state);
    if (node.isAny({"loop_expression", "while_expression", "for_expression"}))
        return walkLoop(node, state);
    if (node.is("call_expression"))
        return walkCall(node, state);
    if (node.is("let_declaration"))
        return walkLet(node, state);
    if (node.is("assignment_expression"))
        return walkAssignment(node, state);
    if (node.isAny({"return_expression", "break_expression", "continue_expression"}))
        return walkJump(node, state);
    if (node.isAny({"closure_expression", "async_block", "gen_block"}))
        return walkNested(node, state);
    if (node.isAny({"function_item", "impl_item", "struct_item", "const_item", "static_item", "mod_item"}))
        return state;
    if (node.is("binary_expression")) {
        state = walk(node.field("left"), state);
        const Held right = walk(node.field("right"), state);
        const std::string_view sign = node.field("operator").text();
        return sign == "&&" || sign == "||" ? joined(state, right) : right;
    }
    if (node.is("block") && node != m_home.region) {
        const Node holder = m_holder;
        const std::string name = m_name;
        state = walkChildren(node, state);
        // An alias of the guard that this block declares ends with it; where the block was not run, the guard
        // has its name still.
        if (m_holder != m_home.pattern && m_holder != holder && m_holder.parent() == node) {
            if (state != Held::Dead) {
                state = Held::Gone;
                mark(node.bytes().end, state);
            }
            m_holder = holder;
            m_name = name;
        }
        return state;
    }
    if (node.is("macro_invocation")) {
        for (const Node &child : node.children()) {
            if (child.is("select_arms"))
                return walkSelect(child, state);
        }
        state = walkChildren(node, state);
        if (diverges(node)) {
            mark(node.bytes().end, Held::Dead);
            return Held::Dead;
        }
        return state;
    }
    return walkChildren(node, state);
}

Held Flow::walkIf(const Node &node, Held state)
{
    state = walk(node.field("condition"), state);
    const Node consequence = node.field("consequence");
    mark(consequence.bytes().begin, state);
    Held after = walk(consequence, state);
    const Node alternative = node.field("alternative");
    if (alternative) {
        mark(alternative.bytes().begin, state);
        after = joined(after, walk(alternative, state));
    } else {
        after = joined(after, state);
    }
    mark(node.bytes().end, after);
    return after;
}

Held Flow::walkMatch(const Node &node, Held state)
{
    const Node value = node.field("value");
    // `match result { Ok(g) => … }` takes the guard out of a variable that holds the Result of it.
    bool takes = false;
    if (m_home.stillWrapped && isOurs(value)) {
        for (const Node &arm : node.field("body").namedChildren())
            takes = takes || !boundNames(arm.field("pattern")).empty();
    }
    state = walk(value, state);
    Held after = Held::Dead;
    for (const Node &arm : node.field("body").namedChildren()) {
        if (!arm.is("match_arm"))
            continue;
        mark(arm.bytes().begin, state);
        const Held inArm = walk(arm.field("pattern").field("condition"), state);
        after = joined(after, walk(arm.field("value"), inArm));
    }
    if (takes && after != Held::Dead)
        after = Held::Gone;
    mark(node.bytes().end, after);
    return after;
}

Held Flow::walkSelect(const Node &node, Held state)
{
    Held after = Held::Dead;
    for (const Node &arm : node.namedChildren()) {
        mark(arm.bytes().begin, state);
        const Held inArm = walk(arm.field("future"), state);
        after = joined(after, walk(arm.field("handler"), inArm));
    }
    mark(node.bytes().end, after);
    return after;
}

Held Flow::walkLoop(const Node &node, Held state)
{
    const Node body = node.field("body");
    const Node condition = node.field("condition");
    if (node.is("for_expression"))
        state = walk(node.field("value"), state);
    Held entry = state;
    Held afterCondition = state;
    const bool emit = m_emit;
    const int rounds = m_loops.size() < maxLoops ? 3 : 1;
    m_loops.push_back({node});
    for (int round = 0; round < rounds; ++round) {
        m_emit = emit && round == rounds - 1;
        m_loops.back() = {node};
        mark(condition ? condition.bytes().begin : body.bytes().begin, entry);
        afterCondition = walk(condition, entry);
        mark(body.bytes().begin, afterCondition);
        const Held end = walk(body, afterCondition);
        entry = joined(entry, joined(end, m_loops.back().continued));
    }
    const Held left = m_loops.back().left;
    m_loops.pop_back();
    m_emit = emit;
    Held after = left;
    if (!node.is("loop_expression"))
        after = joined(left, joined(afterCondition, entry));
    mark(node.bytes().end, after);
    return after;
}

Held Flow::walkCall(const Node &node, Held state)
{
    state = walk(node.field("function"), state);
    state = walk(node.field("arguments"), state);
    const Call &call = toCall(node);
    for (const Node &argument : call.arguments) {
        if (!isOurValue(argument) || argument.is("reference_expression"))
            continue;
        if (!givesBack(call) && state != Held::Dead) {
            state = Held::Gone;
            mark(node.bytes().end, state);
        }
    }
    if (state != Held::Dead && !call.path.empty() && diverges(node)) {
        state = Held::Dead;
        mark(node.bytes().end, state);
    }
    return state;
}

Held Flow::walkLet(const Node &node, Held state)
{
    const Node value = node.field("value");
    const Node pattern = node.field("pattern");
    const std::vector<Node> names = boundNames(pattern);
    // `let other = guard`, `let guard = guard.unwrap()`, `let guard = condvar.wait(guard).unwrap()` hand it
    // to another name.
    const Call &call = toCall(stripAdapters(value));
    const bool waits =
        givesBack(call) && std::any_of(call.arguments.begin(), call.arguments.end(),
                                       [&](const Node &argument) { return isOurValue(argument); });
    const bool hands = state != Held::Dead && !names.empty() && !value.is("reference_expression") &&
                       (isOurValue(value) || waits);
    if (!hands) {
        state = walk(value, state);
    } else {
        m_holder = node;
        m_name = names[0].text();
        collectRelevant();
        std::sort(m_relevant.begin(), m_relevant.end());
    }
    if (const Node alternative = node.field("alternative")) {
        // `let Ok(guard) = result else { … }`: there the lock was not got.
        const bool failed = m_home.expression.isInside(node) || (m_home.stillWrapped && hands);
        const Held before = state;
        mark(alternative.bytes().begin, failed ? Held::Gone : state);
        walk(alternative, failed ? Held::Gone : state);
        state = before;
        mark(alternative.bytes().end, state);
    }
    return state;
}

Held Flow::walkAssignment(const Node &node, Held state)
{
    const Node left = node.field("left");
    const Node right = node.field("right");
    state = walk(right, state);
    const bool acquired = m_home.expression == right;
    if (!left.is("identifier")) {
        if (isOurValue(right) && !right.is("reference_expression") && state != Held::Dead) {
            state = Held::Gone;
            mark(node.bytes().end, state);
        }
        return walk(left, state);
    }
    if (acquired || !isOurs(left) || state == Held::Dead)
        return state;
    const Call &call = toCall(stripAdapters(right));
    const bool waits =
        givesBack(call) && std::any_of(call.arguments.begin(), call.arguments.end(),
                                       [&](const Node &argument) { return isOurValue(argument); });
    if (!waits) {
        state = Held::Gone;
        mark(node.bytes().end, state);
    }
    return state;
}

Held Flow::walkJump(const Node &node, Held state)
{
    state = walkChildren(node, state);
    std::string_view label;
    for (const Node &child : node.children()) {
        if (child.is("label"))
            label = child.text();
    }
    if (!node.is("return_expression")) {
        for (auto loop = m_loops.rbegin(); loop != m_loops.rend(); ++loop) {
            const Node first = loop->node.firstNamedChild();
            if (!label.empty() && !(first.is("label") && first.text() == label))
                continue;
            Held &target = node.is("break_expression") ? loop->left : loop->continued;
            target = joined(target, state);
            break;
        }
    }
    mark(node.bytes().end, Held::Dead);
    return Held::Dead;
}

Held Flow::walkNested(const Node &node, Held state)
{
    bool moves = false;
    for (const Node &child : node.children())
        moves = moves || child.is("move");
    bool mentions = false;
    for (const Node below : node.descendants()) {
        if (below.is("identifier") && below.text() == m_name && !isNoRead(below) &&
            bindingOf(below) == m_holder) {
            mentions = true;
            // A closure that gives the variable away has taken it.
            moves = moves || below.parent().is("arguments");
        }
    }
    if (moves && mentions && state != Held::Dead) {
        // Up to where it gives the variable away a closure holds it; behind that it may lock again.
        if (node.is("closure_expression"))
            walk(node.field("body"), state);
        state = Held::Gone;
        mark(node.bytes().end, state);
    }
    return state;
}

/// A mention of the variable that takes its value: into another value, out of the block, out of the function.
Held Flow::walkName(const Node &identifier, Held state)
{
    if (state == Held::Dead || state == Held::Gone || !isOurs(identifier))
        return state;
    Node value = identifier;
    while (value.parent().isAny({"parenthesized_expression", "try_expression"}))
        value = value.parent();
    const Node parent = value.parent();
    const bool stored = parent.isAny({"field_initializer", "shorthand_field_initializer", "tuple_expression",
                                      "array_expression", "return_expression", "break_expression"}) ||
                        (parent.is("match_arm") && value.fieldName() == "value") ||
                        (parent.is("block") && !value.nextNamedSibling());
    if (!stored)
        return state;
    mark(value.bytes().end, Held::Gone);
    return Held::Gone;
}

GuardRanges Flow::run()
{
    collectRelevant();
    const Node region = m_home.region;
    Held state = m_home.startsHeld ? Held::Yes : Held::Gone;
    mark(m_home.startsHeld ? m_home.expression.bytes().end : region.bytes().begin, state);
    if (region.is("block"))
        walkChildren(region, state);
    else
        walk(region, state);
    GuardRanges ranges;
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        const std::uint32_t begin = m_marks[i].first;
        const std::uint32_t end = i + 1 < m_marks.size() ? m_marks[i + 1].first : region.bytes().end;
        Held held = m_marks[i].second;
        if (held == Held::Yes && m_home.conditional)
            held = Held::Maybe;
        if (begin >= end || held == Held::Gone || held == Held::Dead)
            continue;
        auto &into = held == Held::Yes ? ranges.live : ranges.maybe;
        if (!into.empty() && into.back().end == begin)
            into.back().end = end;
        else
            into.push_back({begin, end});
    }
    return ranges;
}

/// The closure or async block runs where it stands: it is called, awaited, or handed to a method that calls
/// it.
bool runsInPlace(const Node &node)
{
    if (node.is("closure_expression")) {
        if (!node.parent().is("arguments"))
            return node.parent().is("parenthesized_expression") && node.parent().fieldName() == "function";
        const Call &call = toCall(node.parent().parent());
        const std::string_view name = call.name;
        if (call.isMethod() && callsInPlace(name))
            return true;
        // What takes its captures along may be kept: by a scope guard, a window, another thread.
        if (node.text().starts_with("move") && !name.starts_with("with") && name != "catch_unwind")
            return false;
        return name.find("spawn") == std::string_view::npos && name != "execute" && name != "submit" &&
               name != "schedule" && name != "new" && name != "on_exit" && name != "defer" &&
               name != "subscribe" && name != "register";
    }
    return isAwaited(node);
}

} // namespace

GuardRanges guardRanges(const GuardHome &home)
{
    return Flow(home).run();
}

std::vector<git::ByteRange> detachedBodies(const Node &node)
{
    std::vector<git::ByteRange> detached;
    for (const Node below : node.descendants()) {
        const bool body =
            below.isAny({"closure_expression", "async_block", "gen_block", "function_item", "impl_item"});
        if (!body || (!detached.empty() && below.bytes().begin < detached.back().end))
            continue;
        if (below.isAny({"function_item", "impl_item"}) || !runsInPlace(below))
            detached.push_back(below.bytes());
    }
    return detached;
}

} // namespace review::rust
