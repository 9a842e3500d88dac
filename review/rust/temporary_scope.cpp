// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/guard_home.h"

#include "review/rust/calls.h"

namespace review::rust {
namespace {

/// Climbs from an expression to the scope that drops its temporaries (the Reference, "Temporary scopes").
class Climber {
public:
    explicit Climber(const std::string &edition) : m_newRules(edition >= "2024") {}

    TemporaryScope climb(const Node &expression)
    {
        Node node = expression;
        while (node && !m_done) {
            const Node parent = node.parent();
            if (!parent)
                endAt(node, "");
            else
                node = step(node, parent);
        }
        return m_scope;
    }

private:
    void endAt(const Node &node, const std::string &reason)
    {
        m_done = true;
        m_scope.end = node.bytes().end;
        say(Node(), reason);
    }
    /// The first reason found is the one that matters to a reader.
    void say(const Node &holder, const std::string &reason)
    {
        if (m_scope.reason.empty())
            m_scope.reason = reason;
        if (!m_scope.holder)
            m_scope.holder = holder;
    }

    Node step(const Node &node, const Node &parent);
    Node stepOutOfStatement(const Node &node, const Node &block);
    Node stepOutOfCondition(const Node &node, const Node &letCondition);

    bool m_newRules;
    bool m_done = false;
    TemporaryScope m_scope;
};

Node Climber::stepOutOfCondition(const Node &node, const Node &letCondition)
{
    Node owner = letCondition.parent();
    if (owner.is("let_chain"))
        owner = owner.parent();
    if (owner.is("while_expression")) {
        say(owner, "a temporary in a `while let` head lives to the end of each round of the loop");
        endAt(owner.field("body"), "");
        return {};
    }
    if (!owner.is("if_expression")) {
        endAt(node, "a temporary in a match guard lives to the end of the guard");
        return {};
    }
    if (m_newRules) {
        say(owner, "a temporary in an `if let` head lives to the end of the block");
        endAt(owner.field("consequence"), "");
        return {};
    }
    say(owner,
        owner.field("alternative")
            ? "before edition 2024 a temporary in an `if let` head lives to the end of the `else` branch"
            : "a temporary in an `if let` head lives to the end of the block");
    return owner;
}

Node Climber::stepOutOfStatement(const Node &node, const Node &block)
{
    const bool last = !node.nextNamedSibling();
    const bool tail =
        last && !node.isAny({"let_declaration", "empty_statement"}) && !node.text().ends_with(';');
    const Node around = block.parent();
    if (!tail) {
        if (node.is("let_declaration") && node.field("alternative"))
            endAt(node.field("value"), "a temporary in `let … else` is dropped before the `else` block");
        else
            endAt(node, "a temporary lives to the end of its statement");
        return {};
    }
    if (m_newRules) {
        endAt(node, "a temporary in the last expression of a block is dropped before the block's variables");
        return {};
    }
    const bool plainBlock =
        around.isAny({"expression_statement", "let_declaration", "block", "unsafe_block", "arguments",
                      "field_expression", "assignment_expression", "parenthesized_expression",
                      "reference_expression", "macro_arguments", "binary_expression"});
    if (plainBlock && !(around.is("let_declaration") && block.fieldName() == "alternative"))
        return around.is("unsafe_block") ? around : block;
    endAt(block, "before edition 2024 a temporary in the last expression of a block lives until the block's "
                 "variables are dropped");
    return {};
}

Node Climber::step(const Node &node, const Node &parent)
{
    const std::string_view field = node.fieldName();
    if (parent.is("block") || parent.is("declaration_list") || parent.is("source_file"))
        return stepOutOfStatement(node, parent);
    if (parent.is("let_condition"))
        return stepOutOfCondition(node, parent);
    if (parent.is("match_expression") && field == "value") {
        say(parent, "a temporary in a `match` scrutinee lives to the end of the match");
        return parent;
    }
    if (parent.is("for_expression") && field == "value") {
        say(parent, "a temporary in a `for` head lives to the end of the loop");
        return parent;
    }
    if (parent.isAny({"if_expression", "while_expression"}) && field == "condition") {
        endAt(node, parent.is("if_expression")
                        ? "a temporary in an `if` condition lives to the end of the condition"
                        : "a temporary in a `while` condition lives to the end of the condition");
        return {};
    }
    if (parent.is("macro_arguments") && parent.firstNamedChild() == node) {
        const std::string_view macro = macroName(parent.parent());
        if (macro == "assert" || macro == "debug_assert") {
            endAt(node, "a temporary in an asserted condition lives to the end of the condition");
            return {};
        }
    }
    const bool lazy = parent.is("binary_expression") &&
                      (parent.field("operator").text() == "&&" || parent.field("operator").text() == "||");
    if (lazy || parent.is("let_chain")) {
        endAt(node, "a temporary in an operand of `&&` or `||` lives to the end of the operand");
        return {};
    }
    if (parent.isAny({"match_pattern", "match_arm"}) && field == "condition") {
        endAt(node, "a temporary in a match guard lives to the end of the guard");
        return {};
    }
    if (parent.isAny({"match_arm", "select_arm", "else_clause", "closure_expression", "async_block",
                      "function_item", "if_expression", "while_expression", "for_expression",
                      "loop_expression"})) {
        endAt(node, "a temporary lives to the end of its branch");
        return {};
    }
    return parent;
}

} // namespace

TemporaryScope temporaryScope(const Node &expression, const std::string &edition)
{
    return Climber(edition).climb(expression);
}

} // namespace review::rust
