// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/panics.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The value is there as long as the object is: `self.inner.take().unwrap()`.
bool isInvariant(const Panic &panic)
{
    const Call call = rust::toCall(panic.operand);
    return !call || rust::placeText(call.receiver).rfind("self", 0) != 0 ||
           isOneOf(call.name,
                   {"take", "as_ref", "as_mut", "get_mut", "as_deref", "as_deref_mut", "pop", "get",
                    "borrow_mut", "cloned", "upgrade", "remove", "swap", "next", "first", "last"});
}

/// What has to hold, in the code's own words: the assertion's arguments, or the condition around `panic!`.
Node conditionOf(const Panic &panic)
{
    return panic.name == "panic" ? panic.node.ancestor({"if_expression"}).field("condition") : panic.node;
}

/// The object's own state, which others complete before it is dropped: a thread that unwinds did not.
bool asksOwnState(const Panic &panic)
{
    const Node condition = conditionOf(panic);
    if (condition.text().find("self.") == std::string_view::npos ||
        condition.text().find("::") != std::string_view::npos)
        return false;
    const auto calls = rust::callsIn(condition);
    return std::all_of(calls.begin(), calls.end(), [](const Call &call) {
        return call.receiver.is("self") ||
               (call.isMethod() && isOneOf(call.name, {"is_some", "is_none", "is_empty", "len", "is_null"}));
    });
}

/// `assert!(self.buffer.is_empty())` as a statement of `drop` itself. One in a branch, or one that compares
/// with what was found elsewhere, checks what its author reasoned out.
bool asksOwnStateAlone(const rust::Function &drop, const Panic &panic)
{
    if (panic.kind != Panic::Kind::Macro || !panic.name.starts_with("assert"))
        return false;
    const auto names = panic.node.descendants("identifier");
    const bool others = std::any_of(names.begin(), names.end(), [](const Node &name) {
        const Node binding = rust::bindingOf(name);
        return binding && !name.is("self") && name.text() != "self";
    });
    return !others && rust::blockOf(panic.node) == drop.body;
}

/// Types that are made to abort, and code that release builds leave out.
bool isMeant(const rust::Function &drop, const Panic &panic)
{
    if (mentions(drop.selfType, {"abort", "bomb", "panic", "unwind"}))
        return true;
    for (Node at = panic.node; at && !at.is("source_file"); at = at.parent()) {
        const Node before = at.previousNamedSibling();
        if (before.is("attribute_item") && before.text().find("debug_assertions") != std::string_view::npos)
            return true;
    }
    return false;
}

void report(const rust::Function &drop, const Panic &panic, Reporter &reporter)
{
    const bool macro = panic.kind == Panic::Kind::Macro;
    const std::string what =
        macro ? "`" + std::string(panic.name) + "!`" : "`" + std::string(panic.name) + "`";
    Draft draft;
    draft.at = panic.node;
    draft.title = fittingTitle({what + " in the destructor of `" + drop.selfType + "` can panic twice",
                                "A destructor can panic while the thread unwinds"});
    draft.steps = {{"thread", "panics somewhere, while a `" + drop.selfType + "` is alive", drop.node},
                   {"thread", "unwinds and drops it; what it asserts does not hold half way", panic.node},
                   {"thread", "panics for the second time", panic.node}};
    draft.outcome = "The process is aborted, and the first panic's message may be all that is left.";
    draft.facts = {"resolved: `drop` of `" + drop.selfType + "` does not ask `std::thread::panicking()`"};
    if (!macro) {
        draft.confidence = 0.7;
        draft.facts.push_back("assumed: " + quoted(panic.node.text(), 40) + " can fail");
    }
    if (macro && !asksOwnStateAlone(drop, panic))
        draft.confidence = 0.7;
    const Node statement = rust::statementOf(panic.node);
    if (macro && statement.lines().size() == 1 && statement == panic.node.parent() &&
        !isOneOf(panic.name, {"unreachable", "todo", "unimplemented", "panic"})) {
        const std::string indent = indentOf(statement);
        draft.edits.push_back({statement.bytes(), "if !std::thread::panicking() {\n" + indent + "    " +
                                                      std::string(statement.text()) + "\n" + indent + "}"});
    }
    reporter.report(std::move(draft));
}

} // namespace

void check_panic_in_drop(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        if (function.traitName != "Drop" || function.name != "drop" || !function.body || function.isTest ||
            function.body.text().find("panicking()") != std::string_view::npos)
            continue;
        for (const Panic &panic : panicsIn(function.body)) {
            const bool macro = panic.kind == Panic::Kind::Macro;
            if (panic.kind == Panic::Kind::Index || handsOnPanic(panic) || cannotFail(panic) ||
                isMeant(function, panic) ||
                (macro ? !asksOwnState(panic) : isInvariant(panic) || wasChecked(panic)))
                continue;
            report(function, panic, reporter);
            break;
        }
    }
}

} // namespace review::rules
