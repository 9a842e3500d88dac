// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace review::rules {

namespace {

/// A call that keeps its thread, how long, and what does the same for a task.
struct Blocking {
    std::string name; ///< "std::thread::sleep"
    std::string instead;
    Severity severity = Severity::High;
    double confidence = 1;
    bool swaps = false; ///< `instead` takes the same arguments and gives the same result, once awaited
};

constexpr std::array<std::string_view, 7> wholeFileFunctions{
    "read", "read_to_string", "write", "copy", "remove_dir_all", "read_dir", "canonicalize"};
constexpr std::array<std::string_view, 9> quickFileFunctions{
    "metadata",   "symlink_metadata", "create_dir", "create_dir_all", "remove_file",
    "remove_dir", "rename",           "hard_link",  "set_permissions"};

std::optional<Blocking> blockingFileCall(std::string_view function)
{
    const std::string instead = "tokio::fs::" + std::string(function);
    for (const std::string_view name : wholeFileFunctions) {
        if (name == function)
            return Blocking{"std::fs::" + std::string(function), instead, Severity::High, 1,
                            function != "read_dir"};
    }
    for (const std::string_view name : quickFileFunctions) {
        if (name == function)
            return Blocking{"std::fs::" + std::string(function), instead, Severity::Low, 0.65, true};
    }
    return std::nullopt;
}

std::optional<Blocking> blockingPath(const std::string &path)
{
    if (path == "std::thread::sleep")
        return Blocking{path, "tokio::time::sleep", Severity::High, 1, true};
    if (path.starts_with("std::fs::") && path.find("::", 9) == std::string::npos)
        return blockingFileCall(std::string_view(path).substr(9));
    if (path == "std::fs::File::open" || path == "std::fs::File::create")
        return Blocking{path, "tokio::fs::" + path.substr(9), Severity::Medium, 0.85, false};
    if (path == "std::net::TcpStream::connect" || path == "std::net::TcpStream::connect_timeout")
        return Blocking{path, "tokio::net::TcpStream::connect", Severity::High, 1, false};
    if (path.starts_with("reqwest::blocking::"))
        return Blocking{path, "the async client of reqwest", Severity::High, 1, false};
    return std::nullopt;
}

std::optional<Blocking> blockingMethod(const rust::Call &call, const RuleInput &input)
{
    if (!isOneOf(call.name, {"recv", "recv_timeout", "join", "output", "status", "wait"}))
        return std::nullopt;
    const rust::Type type = input.model.infer(call.receiver, input.file);
    const rust::Type &peeled = type.peeled();
    if (type.assumed)
        return std::nullopt;
    if (peeled.is("std::sync::mpsc::Receiver") && call.name.starts_with("recv"))
        return Blocking{"std::sync::mpsc::Receiver::" + std::string(call.name),
                        "a tokio::sync::mpsc channel"};
    if (peeled.is("std::thread::JoinHandle") && call.name == "join")
        return Blocking{"std::thread::JoinHandle::join", "spawn_blocking, whose handle can be awaited"};
    if (peeled.is("std::process::Command") && (call.name == "output" || call.name == "status"))
        return Blocking{"std::process::Command::" + std::string(call.name), "tokio::process::Command"};
    if (peeled.is("std::process::Child") && call.name == "wait")
        return Blocking{"std::process::Child::wait", "tokio::process::Child"};
    return std::nullopt;
}

/// A command-line program's own main has no other tasks to hold up while it starts and ends.
bool isProgramMain(const rust::Function *function)
{
    return function && function->name == "main" && function->selfType.empty();
}

void addSwap(const rust::Call &call, const Blocking &blocking, const RuleInput &input, Draft &draft)
{
    const bool usesTokio = input.file.tree().text().find("tokio") != std::string::npos;
    if (!blocking.swaps || !usesTokio)
        return;
    const rust::Node function = call.node.field("function");
    const std::uint32_t end = call.node.bytes().end;
    draft.edits.push_back({function.bytes(), blocking.instead});
    draft.edits.push_back({{end, end}, ".await"});
}

void checkCall(const rust::Call &call, const RuleInput &input, Reporter &reporter)
{
    const auto blocking =
        call.isMethod() ? blockingMethod(call, input) : blockingPath(input.file.resolve(call.path));
    if (!blocking || !rust::runsAsync(call.node, input.file) ||
        isProgramMain(input.file.functionAt(call.node)))
        return;
    const std::string name = quoted(blocking->name, 44);
    Draft draft;
    draft.at = call.node;
    draft.title = fittingTitle({quoted(blocking->name, 44) + " blocks the executor's thread",
                                quoted(call.name, 24) + " blocks the executor's thread"});
    draft.steps = {{"task A", "calls " + name + " and keeps the thread it runs on", call.node},
                   {"tasks B, C, …", "are ready, but their thread does not come back to them", call.node}};
    draft.outcome =
        "Every task on this worker waits as long as the call takes: timers fire late, heartbeats are "
        "missed, and with as many such calls as workers nothing moves.";
    draft.facts = {"resolved: the call is " + name,
                   "resolved: it stands in async code, not in a closure for spawn_blocking or a thread"};
    draft.severity = blocking->severity;
    draft.confidence = blocking->confidence;
    addSwap(call, *blocking, input, draft);
    reporter.report(std::move(draft));
}

} // namespace

void check_blocking_in_async(const RuleInput &input, Reporter &reporter)
{
    if (input.file.tree().text().find("async") == std::string::npos)
        return;
    for (const rust::Call &call : rust::callsIn(input.file.root()))
        checkCall(call, input, reporter);
}

} // namespace review::rules
