// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/handlers.h"
#include "review/rules/panics.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Node;

/// The message of an `expect` gives a reason why the value is there, which is what `expect` is for.
bool givesReason(const Panic &panic)
{
    if (panic.kind != Panic::Kind::Expect)
        return false;
    return mentions(rust::toCall(panic.node).arguments.front().text(),
                    {"invariant",  "must",     "should",  "always",  "never",       "checked",
                     "infallible", "bug",      "only",    "cannot",  "can't",       "guarantee",
                     "just ",      "is valid", "not be",  "ensured", "unreachable", "exists",
                     "because",    "verified", "already", "known"});
}

/// A comment just above says why it cannot fail.
bool saysWhy(const Panic &panic)
{
    const git::Lines &lines = panic.node.tree()->lines();
    const std::uint32_t line = rust::statementOf(panic.node).lines().begin;
    for (std::uint32_t i = line > 2 ? line - 3 : 0; i <= panic.node.lines().begin; ++i) {
        const std::string_view text = lines[i];
        const std::size_t comment = text.find("// ");
        if (comment != std::string_view::npos &&
            mentions(text.substr(comment),
                     {"unwrap", "panic", "safe", "never", "cannot", "can't", "infallible"}))
            return true;
    }
    return false;
}

/// Writing a value of our own as bytes or text fails for no value that the types allow.
bool writesOwnValue(const Panic &panic)
{
    const rust::Call call = rust::toCall(rust::stripAdapters(panic.operand));
    return call.name == "write_to_bytes" || call.path.starts_with("serde_json::to_");
}

/// The whole function is a stub that says so.
bool isStub(const Panic &panic, const rust::Function &function)
{
    const std::vector<Node> statements = function.body.namedChildren();
    return panic.kind == Panic::Kind::Macro && statements.size() == 1 &&
           panic.node.isInside(statements.front()) &&
           (statements.front() == panic.node || statements.front().firstNamedChild() == panic.node);
}

/// How likely the failure is: what talks to files, peers and texts does fail, an invariant seldom.
double likelihood(const Panic &panic, const RuleInput &input)
{
    if (panic.kind == Panic::Kind::Macro)
        return panic.name == "panic" ? 0.75 : 0.9;
    const Node operand = rust::stripAdapters(panic.operand);
    const rust::Type type = input.model.infer(operand, input.file);
    const std::string_view name = rust::toCall(operand).name;
    const bool fails = mentions(
        name, {"read",     "write",    "open",   "create",      "parse",       "from_str", "from_utf8",
               "try_from", "try_into", "decode", "deserialize", "from_slice",  "send",     "recv",
               "connect",  "bind",     "flush",  "sync",        "remove_file", "rename",   "seek"});
    return fails || (type.name() == "Result" && !type.assumed) ? 0.9 : 0.75;
}

/// The folder of a file's crate: what stands before "src/".
std::string_view crateOf(std::string_view path)
{
    const std::size_t source = path.find("src/");
    return path.substr(0, source == std::string_view::npos ? path.rfind('/') + 1 : source);
}

/// `crate::Result` means the same in both: what is called is declared in the same crate.
bool isOfSameCrate(const Panic &panic, const RuleInput &input)
{
    const auto callees = input.model.callees(rust::stripAdapters(panic.operand), input.file);
    return !callees.empty() && std::all_of(callees.begin(), callees.end(), [&](const rust::Function *callee) {
        return crateOf(callee->file->path()) == crateOf(input.file.path());
    });
}

/// The error types of the operand and of the function, as `use` resolves them.
bool sameError(const Panic &panic, const rust::Function &function, const RuleInput &input)
{
    if (panic.kind == Panic::Kind::Macro || panic.kind == Panic::Kind::Index)
        return false;
    const rust::Type from = input.model.infer(panic.operand, input.file);
    const rust::Type to = input.model.typeOf(function.returnType, input.file);
    if (!from.known() || from.assumed || from.name() != "Result" || to.name() != "Result")
        return false;
    const std::string &path = from.args.size() == 2 ? from.args[1].path : from.path;
    if (!path.starts_with("std::") && !isOfSameCrate(panic, input))
        return false;
    // An alias names one error type: io::Result, crate::error::Result.
    if (from.args.size() == 2 && to.args.size() == 2)
        return from.args[1].known() && from.args[1] == to.args[1];
    return from.args.size() == to.args.size() && from.path == to.path &&
           from.path.find("::") != std::string::npos && !from.path.starts_with("std::result");
}

bool isWorthRaising(const Panic &panic)
{
    if (panic.kind == Panic::Kind::Index)
        return false;
    if (panic.kind == Panic::Kind::Macro)
        return isOneOf(panic.name, {"panic", "todo", "unimplemented"});
    return !handsOnPanic(panic) && !cannotFail(panic) && !givesReason(panic) && !writesOwnValue(panic) &&
           !wasChecked(panic);
}

Draft makeDraft(const Panic &panic, const rust::Function &function, const RuleInput &input)
{
    const std::string name = quoted(function.name, 26);
    const std::string what = panic.kind == Panic::Kind::Macro ? "`" + std::string(panic.name) + "!`"
                                                              : "`" + std::string(panic.name) + "`";
    Draft draft;
    draft.at = panic.node;
    draft.title =
        fittingTitle({name + " returns a `Result` but panics with " + what, name + " panics with " + what});
    draft.steps = {{"caller", "calls " + name + ", prepared for an error", function.node},
                   {"function", "panics at " + quoted(panic.node.text(), 50), panic.node}};
    draft.outcome = "What the caller would have done about an error is not done; the thread or task unwinds.";
    draft.facts = {"resolved: " + name + " returns " + quoted(function.returnType.text(), 50)};
    if (sameError(panic, function, input)) {
        draft.edits.push_back({{panic.operand.bytes().end, panic.node.bytes().end}, "?"});
        draft.facts.push_back("resolved: both have the same error type");
    } else {
        draft.facts.push_back("assumed: the failure can happen");
        draft.confidence = likelihood(panic, input);
    }
    return draft;
}

} // namespace

void check_panic_in_result_fn(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        if (!function.body || !function.returnsResult())
            continue;
        std::vector<Panic> remote;
        if (const auto handler = handlerOf(function))
            remote = remotePanicsIn(*handler);
        for (const Panic &panic : panicsIn(function.body)) {
            const bool isRemote = std::any_of(remote.begin(), remote.end(),
                                              [&](const Panic &other) { return other.node == panic.node; });
            if (!isRemote && isWorthRaising(panic) && !saysWhy(panic) && !isStub(panic, function))
                reporter.report(makeDraft(panic, function, input));
        }
    }
}

} // namespace review::rules
