// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_targets.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

constexpr std::array<std::string_view, 3> knownFunctions{"tokio::time::sleep", "tokio::time::sleep_until",
                                                         "tokio::task::yield_now"};

struct KnownMethod {
    std::string_view type;
    std::string_view name;
};
constexpr std::array<KnownMethod, 8> knownMethods{{{"tokio::sync::mpsc::Sender", "send"},
                                                   {"tokio::sync::mpsc::Receiver", "recv"},
                                                   {"tokio::sync::Barrier", "wait"},
                                                   {"tokio::sync::Notify", "notified"},
                                                   {"tokio::sync::watch::Receiver", "changed"},
                                                   {"tokio::fs::File", "sync_all"},
                                                   {"tokio::fs::File", "sync_data"},
                                                   {"tokio::fs::File", "set_len"}}};

/// What makes us sure that a call only makes a future.
struct AsyncCall {
    std::string fact;
    const rust::Function *callee = nullptr;

    explicit operator bool() const { return !fact.empty(); }
};

/// The text names the type by its module: `oneshot::Sender`, which another type of the repository may hide.
bool sendsAtOnce(const rust::Call &call, const rust::Type &type, const RuleInput &input)
{
    const bool channel = (call.name == "send" && type.name() == "Sender") ||
                         (call.name == "recv" && type.name() == "Receiver");
    return channel && input.file.tree().contains("oneshot");
}

/// The receiver's type is the one that has the method, or an object of its trait; a type of the standard
/// library has its own methods of the same name.
bool isMethodOf(const rust::Call &call, const rust::Function &callee, const RuleInput &input)
{
    if (!call.isMethod() || call.receiver.text() == "self")
        return true;
    const rust::Type type = input.model.infer(call.receiver, input.file);
    const rust::Type &peeled = type.peeled();
    if (peeled.name().starts_with("Atomic") ||
        mentions(peeled.path, {"std::", "core::", "oneshot", "broadcast", "crossbeam"}) ||
        sendsAtOnce(call, peeled, input))
        return false;
    if (!peeled.is("dyn") && !peeled.is("impl"))
        return true;
    return !peeled.args.empty() && peeled.args.front().name() == callee.traitName;
}

AsyncCall asyncCall(const rust::Call &call, const RuleInput &input)
{
    if (!call.isMethod()) {
        const std::string path = input.file.resolve(call.path);
        if (std::find(knownFunctions.begin(), knownFunctions.end(), path) != knownFunctions.end())
            return {"resolved: `" + path + "` returns a future", nullptr};
    } else {
        const rust::Type type = input.model.infer(call.receiver, input.file);
        for (const KnownMethod &known : knownMethods) {
            if (call.name == known.name && !type.assumed && type.peeled().is(known.type))
                return {"resolved: `" + std::string(known.name) + "` of `" + std::string(known.type) +
                            "` returns a future",
                        nullptr};
        }
    }
    const std::string path = call.isMethod() ? "" : input.file.resolveAt(call.path, call.node);
    const std::string_view name =
        call.isMethod() ? call.name : std::string_view(path).substr(path.rfind(':') + 1);
    if (!input.model.mayDeclare(rust::Declared::AsyncFunction, name))
        return {};
    const std::vector<const rust::Function *> callees = input.model.callees(call.node, input.file);
    const bool allAsync = std::all_of(callees.begin(), callees.end(),
                                      [](const rust::Function *function) { return function->isAsync; });
    // A generic type's methods depend on its arguments, and a namesake stands nearer.
    const bool hasNamesake = std::any_of(
        input.file.functions().begin(), input.file.functions().end(),
        [&](const rust::Function &function) { return function.name == call.name && !function.isAsync; });
    if (callees.empty() || !allAsync || !isMethodOf(call, *callees.front(), input) ||
        (hasNamesake && callees.front()->file != &input.file) ||
        !isSureTarget(call, *callees.front(), input.file, input.model))
        return {};
    return {"resolved: `" + callees.front()->path() + "` is an `async fn`", callees.front()};
}

/// The call that a statement drops: `f();` or `let _ = f();`.
rust::Node droppedExpression(const rust::Node &statement)
{
    if (statement.is("expression_statement")) {
        const rust::Node expression = statement.firstNamedChild();
        // Without a semicolon the value is the block's.
        return statement.text().ends_with(';') ? expression : rust::Node();
    }
    return statement.field("pattern").text() == "_" ? statement.field("value") : rust::Node();
}

void addAwait(const rust::Node &statement, const rust::Call &call, const AsyncCall &target,
              const RuleInput &input, Draft &draft)
{
    const rust::Node body = rust::bodyOf(call.node);
    if (rust::bodyKind(body, input.file) != rust::BodyKind::Async)
        return;
    const rust::Function *function = input.file.functionAt(call.node);
    const bool propagates = statement.is("expression_statement") && target.callee &&
                            target.callee->returnsResult() && function && function->returnsResult() &&
                            body == rust::bodyOf(function->body.firstNamedChild());
    const std::uint32_t end = call.node.bytes().end;
    draft.edits.push_back({{end, end}, propagates ? ".await?" : ".await"});
    draft.applicability = propagates ? Applicability::Proposed : Applicability::Machine;
}

void checkStatement(const rust::Node &statement, const RuleInput &input, Reporter &reporter)
{
    const rust::Node expression = droppedExpression(statement);
    const rust::Call call = rust::toCall(expression);
    if (!call)
        return;
    const AsyncCall target = asyncCall(call, input);
    if (!target)
        return;
    const std::string name = quoted(call.name, 36);
    Draft draft;
    draft.at = statement;
    draft.title = "The future of " + quoted(call.name, 28) + " is dropped, so nothing runs";
    draft.steps = {{"caller", "makes the future of " + name + "; nothing of its body has run yet", call.node},
                   {"caller", "drops the future at the end of the statement", statement}};
    draft.outcome = name + " does nothing at all, and the code after it goes on as if it were done.";
    draft.facts = {target.fact, "resolved: nothing keeps, awaits or spawns the future"};
    if (target.callee)
        draft.evidence.push_back(target.callee->node);
    addAwait(statement, call, target, input, draft);
    reporter.report(std::move(draft));
}

} // namespace

void check_future_not_awaited(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Node &statement : input.file.root().descendants("expression_statement"))
        checkStatement(statement, input, reporter);
    for (const rust::Node &statement : input.file.root().descendants("let_declaration"))
        checkStatement(statement, input, reporter);
}

} // namespace review::rules
