// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/polls.h"

#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/patterns.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Node;

bool isPending(const Node &node)
{
    if (node.is("scoped_identifier"))
        return compact(node.text()).ends_with("Poll::Pending");
    return node.is("identifier") && node.text() == "Pending";
}

/// The value is what its body answers with, not an operand or a pattern.
bool isAnswer(const Node &node, const Node &body)
{
    Node at = node;
    for (Node above = at.parent(); above; at = above, above = above.parent()) {
        if (above.is("return_expression"))
            return rust::bodyOf(above) == body;
        if (at == body)
            return true;
        if (above.is("match_arm") && at.fieldName() != "value")
            return false;
        if (above.is("block")) {
            if (at.nextNamedSibling())
                return false;
        } else if (above.is("if_expression")) {
            if (at.fieldName() == "condition")
                return false;
        } else if (above == body) {
            return at.fieldName() == "body";
        } else if (above.is("match_expression")) {
            if (at.fieldName() != "body")
                return false;
        } else if (!above.isAny({"match_arm", "match_block", "else_clause", "parenthesized_expression"}) &&
                   !(above.is("expression_statement") && !above.text().ends_with(';'))) {
            return false;
        }
    }
    return false;
}

void collect(PollBody &poll)
{
    for (const Node node : poll.body.descendants()) {
        if (isPending(node)) {
            if (!node.parent().is("scoped_identifier") && isAnswer(node, poll.body))
                poll.pendings.push_back(node);
        } else if (node.is("identifier") && node.text() == poll.context) {
            poll.uses.push_back(node);
        }
    }
}

bool isContextType(std::string_view type)
{
    return type.find("Context") != std::string_view::npos || type.find("Waker") != std::string_view::npos;
}

} // namespace

std::vector<PollBody> pollBodies(const rust::File &file)
{
    std::vector<PollBody> polls;
    if (!file.tree().contains("Pending"))
        return polls;
    for (const rust::Function &function : file.functions()) {
        if (!function.body || function.isTest ||
            function.returnType.text().find("Poll<") == std::string::npos)
            continue;
        for (const rust::Parameter &parameter : function.parameters) {
            if (parameter.name == "self" || !isContextType(parameter.type.text()))
                continue;
            PollBody poll{function.body, function.path(), std::string(parameter.pattern.text()), {}, {}};
            if (poll.context.starts_with("mut "))
                poll.context.erase(0, 4);
            collect(poll);
            polls.push_back(std::move(poll));
            break;
        }
    }
    if (!file.tree().contains("poll_fn"))
        return polls;
    for (const Node &closure : file.root().descendants("closure_expression")) {
        const rust::Call taking = rust::toCall(closure.parent().parent());
        const Node parameter = closure.field("parameters").firstNamedChild();
        if (taking.name != "poll_fn" || !parameter || file.isTest(closure))
            continue;
        const std::vector<Node> names =
            rust::boundNames(parameter.is("parameter") ? parameter.field("pattern") : parameter);
        PollBody poll{closure, "poll_fn", names.empty() ? "_" : std::string(names.front().text()), {}, {}};
        collect(poll);
        polls.push_back(std::move(poll));
    }
    return polls;
}

/// Under `ready!` a use answered at once, or the function has ended there: it left no waker for what follows.
bool hasAnswered(const Node &use, const Node &pending)
{
    for (Node at = use; at; at = at.parent()) {
        if (at.is("macro_invocation") && rust::macroName(at) == "ready")
            return !rust::loopAround(pending) && rust::bodyOf(at) == rust::bodyOf(pending);
    }
    return false;
}

bool isRegisteredBefore(const Node &pending, const PollBody &poll)
{
    return std::any_of(poll.uses.begin(), poll.uses.end(), [&](const Node &use) {
        if (hasAnswered(use, pending))
            return false;
        // Seen from the body itself: a closure inside it stands for what it is given to.
        Node at = use;
        for (Node inner = rust::bodyOf(at); inner && inner != poll.body; inner = rust::bodyOf(at)) {
            if (inner == at)
                return false; // a function's own body: one that stands in this one and is run elsewhere
            at = inner;
        }
        // An arm's guard runs before the arms that follow.
        if (const Node pattern = at.ancestor({"match_pattern", "block"}); pattern.is("match_pattern"))
            at = pattern.parent().parent().parent().field("value");
        const Node loop = rust::loopAround(pending);
        return (loop && at.isInside(loop)) || rust::canReach(at, pending);
    });
}

} // namespace review::rules
