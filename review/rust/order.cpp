// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/flow.h"

#include <algorithm>
#include <array>

namespace review::rust {
namespace {

constexpr int maxDepth = 200;

constexpr std::array<std::string_view, 9> endingMacros{
    "panic",      "unreachable", "todo", "unimplemented", "bail", "unreachable_unchecked",
    "core_panic", "abort",       "fatal"};

bool endsProcess(const Node &node)
{
    if (node.is("macro_invocation")) {
        const std::string_view name = macroName(node);
        return std::find(endingMacros.begin(), endingMacros.end(), name) != endingMacros.end();
    }
    const Call &call = toCall(node);
    return !call.path.empty() && (call.path == "exit" || call.path.ends_with("process::exit") ||
                                  call.path.ends_with("process::abort") || call.path == "abort" ||
                                  call.path.ends_with("panic_any") || call.path.ends_with("resume_unwind"));
}

Node labelOf(const Node &node)
{
    for (const Node &child : node.children()) {
        if (child.is("label"))
            return child;
    }
    return {};
}

/// The loop or labelled block that a break or continue goes to.
Node targetOf(const Node &jump)
{
    const Node label = labelOf(jump);
    for (Node around = jump.parent(); around; around = around.parent()) {
        if (around.isAny({"closure_expression", "async_block", "function_item"}))
            return {};
        const bool loop = around.isAny({"loop_expression", "while_expression", "for_expression"});
        if (label ? (loop || around.is("block")) && labelOf(around).text() == label.text() : loop)
            return around;
    }
    return {};
}

bool hasBreak(const Node &loop)
{
    for (const Node node : loop.descendants()) {
        if (node.is("break_expression") && targetOf(node) == loop)
            return true;
    }
    return false;
}

/// The arms of an if, match or select that one of them is taken of; empty when none may be.
std::vector<Node> branchesOf(const Node &node)
{
    std::vector<Node> branches;
    if (node.is("if_expression")) {
        if (!node.field("alternative"))
            return {};
        return {node.field("consequence"), node.field("alternative")};
    }
    if (node.is("match_expression")) {
        for (const Node &arm : node.field("body").namedChildren()) {
            if (arm.is("match_arm"))
                branches.push_back(arm.field("value"));
        }
    } else if (node.is("macro_invocation")) {
        for (const Node &child : node.children()) {
            for (const Node &arm : child.is("select_arms") ? child.namedChildren() : std::vector<Node>())
                branches.push_back(arm.field("handler"));
        }
    }
    return branches;
}

/// The node under which the flow leaves for certain: a return, break, continue or panic; null if the end can
/// be reached.
Node leavingNode(const Node &node, int depth)
{
    if (!node || depth > maxDepth)
        return {};
    if (node.isAny({"return_expression", "break_expression", "continue_expression"}) || endsProcess(node))
        return node;
    if (node.isAny({"closure_expression", "async_block", "function_item"}))
        return {};
    if (node.is("loop_expression"))
        return hasBreak(node) ? Node() : node;
    const std::vector<Node> branches = branchesOf(node);
    if (!branches.empty()) {
        Node leaving;
        for (const Node &branch : branches) {
            leaving = leavingNode(branch, depth + 1);
            if (!leaving)
                return {};
        }
        return leaving;
    }
    if (node.isAny({"if_expression", "match_expression"}))
        return leavingNode(node.field(node.is("if_expression") ? "condition" : "value"), depth + 1);
    if (node.isAny({"for_expression", "while_expression", "binary_expression", "let_chain"}))
        return {};
    for (const Node &child : node.namedChildren()) {
        if (child.fieldName() == "alternative" && node.is("let_declaration"))
            continue;
        if (const Node leaving = leavingNode(child, depth + 1)) {
            // A labelled block is left early only to just behind it.
            const Node target = leaving.is("break_expression") ? targetOf(leaving) : Node();
            return target == node ? Node() : leaving;
        }
    }
    return {};
}

Node commonAncestor(const Node &a, const Node &b)
{
    Node common = a;
    while (common && !b.isInside(common))
        common = common.parent();
    return common;
}

Node childTowards(const Node &ancestor, const Node &below)
{
    Node child = below;
    while (child && child.parent() != ancestor)
        child = child.parent();
    return child;
}

/// `a` is evaluated before `b`, both children of one node.
bool isBefore(const Node &a, const Node &b)
{
    if (a.parent().is("assignment_expression") && a.fieldName() != b.fieldName())
        return a.fieldName() == "right";
    return a.index() < b.index();
}

/// Only one of the two children of `common` runs.
bool exclude(const Node &common, const Node &a, const Node &b)
{
    if (common.is("if_expression"))
        return a.fieldName() == "consequence" && b.fieldName() == "alternative";
    if (common.is("match_block"))
        return a != b;
    if (common.is("select_arms"))
        return a != b;
    return common.is("let_declaration") && a.fieldName() == "alternative";
}

/// All other branches besides the one with `inside` leave.
bool othersLeave(const Node &branching, const Node &inside)
{
    const std::vector<Node> branches = branchesOf(branching);
    return !branches.empty() && std::all_of(branches.begin(), branches.end(), [&](const Node &branch) {
        return inside.isInside(branch) || leavingNode(branch, 0);
    });
}

/// When the parent of `child` is evaluated to its end, `child` may have been left out.
bool isConditional(const Node &child)
{
    const Node parent = child.parent();
    const std::string_view field = child.fieldName();
    if (parent.isAny({"closure_expression", "async_block", "function_item"}))
        return true;
    if (parent.is("if_expression"))
        return field != "condition" && !othersLeave(parent, child);
    if (parent.is("match_arm"))
        return !othersLeave(parent.parent().parent(), child);
    if (parent.is("match_pattern"))
        return true;
    if (parent.is("select_arm"))
        return field != "future" && !othersLeave(parent.parent().parent(), child);
    if (parent.is("while_expression"))
        return field != "condition";
    if (parent.is("for_expression"))
        return field != "value";
    if (parent.is("let_declaration"))
        return field == "alternative";
    if (parent.is("binary_expression")) {
        const Node sign = parent.field("operator");
        return field == "right" && (sign.text() == "&&" || sign.text() == "||");
    }
    return parent.is("let_chain") && parent.firstNamedChild() != child;
}

/// Something before `node` in the loop or labelled block `around` may have left it.
bool mayBeLeftBefore(const Node &around, const Node &node)
{
    if (!around.is("loop_expression") && !(around.is("block") && labelOf(around)))
        return false;
    for (const Node below : around.descendants()) {
        if (below.index() >= node.index())
            return false;
        if (below.isAny({"break_expression", "continue_expression"}) && targetOf(below) == around)
            return true;
    }
    return false;
}

} // namespace

bool diverges(const Node &blockOrExpression)
{
    return bool(leavingNode(blockOrExpression, 0));
}

bool dominates(const Node &earlier, const Node &later)
{
    const Node common = commonAncestor(earlier, later);
    if (!common || earlier == later || common == earlier)
        return false;
    const Node a = childTowards(common, earlier);
    const Node b = common == later ? Node() : childTowards(common, later);
    if (b && (!isBefore(a, b) || exclude(common, a, b)))
        return false;
    // What only `&&` stands before has run when the condition held.
    const bool held = b && (a.fieldName() == "condition" || common.is("match_arm")) &&
                      (b.fieldName() == "consequence" || b.fieldName() == "body" || b.fieldName() == "value");
    for (Node node = earlier; node != a; node = node.parent()) {
        const Node parent = node.parent();
        const bool conjunction = parent.isAny({"let_chain", "match_pattern"}) ||
                                 (parent.is("binary_expression") && parent.field("operator").text() == "&&");
        if (isConditional(node) && !(held && conjunction))
            return false;
        if (mayBeLeftBefore(parent, earlier))
            return false;
    }
    return !b || !isConditional(a) || a.fieldName() == "condition" || common.is("match_arm") ||
           common.is("let_chain") || common.is("select_arm") || common.is("match_pattern");
}

bool canReach(const Node &earlier, const Node &later)
{
    const Node common = commonAncestor(earlier, later);
    if (!common || earlier == later || common == earlier)
        return false;
    const Node a = childTowards(common, earlier);
    const Node b = common == later ? Node() : childTowards(common, later);
    if (b && (!isBefore(a, b) || exclude(common, a, b)))
        return false;
    // Climb from `earlier`: what certainly follows it must not leave for somewhere else.
    const std::uint32_t stop = b ? b.index() : later.index() + 1;
    Node node = earlier;
    while (node && node != common) {
        Node leaving =
            node.isAny({"return_expression", "break_expression", "continue_expression"}) || endsProcess(node)
                ? node
                : Node();
        if (node.parent().is("block")) {
            for (Node next = node.nextNamedSibling(); next && !leaving; next = next.nextNamedSibling()) {
                if (b && node.parent() == common && next.index() >= stop)
                    break;
                leaving = leavingNode(next, 0);
            }
        }
        if (!leaving) {
            node = node.parent();
            continue;
        }
        const Node target =
            leaving.isAny({"break_expression", "continue_expression"}) ? targetOf(leaving) : Node();
        if (!target || !target.isInside(common) || target == common || (b && !target.isInside(a)))
            return false;
        node = target.parent() == common ? common : target;
        if (node == target)
            node = node.parent();
    }
    return true;
}

} // namespace review::rust
