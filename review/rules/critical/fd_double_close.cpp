// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The `x.as_raw_fd()` that a descriptor comes from; null if it was duplicated or given away.
Call borrowedFrom(Node argument)
{
    if (argument.is("identifier"))
        argument = rust::initialiserOf(argument);
    const Call call = rust::toCall(argument);
    return call.isMethod() && isOneOf(call.name, {"as_raw_fd", "as_raw_socket", "as_raw_handle"}) ? call
                                                                                                  : Call();
}

/// Nobody closes it twice: one of the owners is forgotten or wrapped.
bool isKept(const Node &function, const Call &borrowed)
{
    const std::string text = compact(function.text());
    return text.find("ManuallyDrop") != std::string::npos || text.find("into_raw_") != std::string::npos ||
           text.find("forget(") != std::string::npos || text.find("dup(") != std::string::npos ||
           text.find("BorrowedFd") != std::string::npos || text.find("SockRef") != std::string::npos ||
           borrowed.receiver.isAny({"call_expression", "try_expression", "await_expression"});
}

/// `stdout()` and its like are handles that close nothing when they are dropped.
bool isStandardStream(Node owner)
{
    if (owner.is("identifier"))
        owner = rust::initialiserOf(owner);
    const Call call = rust::toCall(owner);
    return !call.isMethod() && isOneOf(call.name, {"stdin", "stdout", "stderr"});
}

/// The owner ended with a block of its own, and closed the descriptor: the number is used again on purpose.
bool hasEnded(const Node &owner, const Node &use)
{
    const Node binding = owner.is("identifier") ? rust::bindingOf(owner) : Node();
    return binding.is("let_declaration") && !use.isInside(binding.parent());
}

/// A function of this repository that is called so and is no `FromRawFd`: it may only note the number.
bool onlyNotesIt(const Call &call, const RuleInput &input)
{
    const auto callees = input.model.callees(call.node, input.file);
    return !callees.empty() && callees.front()->traitName.empty();
}

} // namespace

void check_fd_double_close(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("from_raw_"))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (call.isMethod() || call.arguments.size() != 1 ||
            !isOneOf(call.name, {"from_raw_fd", "from_raw_socket", "from_raw_handle"}) ||
            input.file.isTest(node))
            continue;
        const Call borrowed = borrowedFrom(call.arguments.front());
        const rust::Function *function = input.file.functionAt(node);
        if (!borrowed || !function || isStandardStream(borrowed.receiver) ||
            hasEnded(borrowed.receiver, node) || isKept(function->node, borrowed) || onlyNotesIt(call, input))
            continue;
        const std::string owner = quoted(borrowed.receiver.text(), 24);
        Draft draft;
        draft.at = node;
        draft.title = fittingTitle({owner + " and `" + call.path + "` both close the descriptor",
                                    "Two objects close the same descriptor"});
        draft.steps = {{"thread A", "drops one of the two, which closes the descriptor", node},
                       {"thread B", "opens a file and gets the same number", node},
                       {"thread A", "drops the other, which closes thread B's file", borrowed.node}};
        draft.outcome = "Another file or connection of the process is closed, or written to, by mistake.";
        draft.evidence = {borrowed.node};
        draft.facts = {"resolved: `" + std::string(borrowed.name) + "` leaves the descriptor with " + owner,
                       "resolved: `" + std::string(call.name) + "` makes a second owner"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
