// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/blocking_calls.h"

#include "review/rules/phrases.h"

#include <array>
#include <string_view>

namespace review::rules {

namespace {

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
        return Blocking{path, "tokio::fs::" + path.substr(9), Severity::Medium, 0.65, false};
    if (path == "std::io::copy" || path == "std::io::read_to_string")
        return Blocking{path, "tokio::io::copy", Severity::Medium, 0.8, false};
    if (isOneOf(path, {"zstd::encode_all", "zstd::decode_all", "zstd::bulk::compress"}))
        return Blocking{path, "spawn_blocking", Severity::Medium, 0.65, false};
    if (path.starts_with("ureq::"))
        return Blocking{path, "an async client", Severity::High, 1, false};
    if (path == "std::net::TcpStream::connect" || path == "std::net::TcpStream::connect_timeout")
        return Blocking{path, "tokio::net::TcpStream::connect", Severity::High, 1, false};
    if (path.starts_with("reqwest::blocking::"))
        return Blocking{path, "the async client of reqwest", Severity::High, 1, false};
    return std::nullopt;
}

std::optional<Blocking> blockingMethod(const rust::Call &call, const RuleInput &input)
{
    if (!isOneOf(call.name,
                 {"recv", "recv_timeout", "join", "output", "status", "wait", "sync_all", "sync_data",
                  "read_to_end", "read_to_string", "write_all", "to_socket_addrs", "open"}) ||
        rust::isAwaited(call.node))
        return std::nullopt;
    if (call.name == "to_socket_addrs" && call.arguments.empty() && input.file.tree().contains("std::net"))
        return Blocking{"std::net::ToSocketAddrs::to_socket_addrs", "tokio::net::lookup_host",
                        Severity::Medium, 0.9};
    const rust::Type type = input.model.infer(call.receiver, input.file);
    const rust::Type &peeled = type.peeled();
    if (type.assumed)
        return std::nullopt;
    if (peeled.is("std::sync::mpsc::Receiver") && call.name.starts_with("recv"))
        return Blocking{"std::sync::mpsc::Receiver::" + std::string(call.name),
                        "a tokio::sync::mpsc channel"};
    if (peeled.is("std::thread::JoinHandle") && call.name == "join")
        return Blocking{"std::thread::JoinHandle::join", "spawn_blocking, whose handle can be awaited"};
    if (peeled.is("std::fs::File") && call.name.starts_with("sync_"))
        return Blocking{"std::fs::File::" + std::string(call.name), "tokio::fs::File"};
    if (peeled.is("std::fs::File") && isOneOf(call.name, {"read_to_end", "read_to_string", "write_all"}))
        return Blocking{"std::fs::File::" + std::string(call.name), "tokio::fs::File", Severity::Medium,
                        0.85};
    if (peeled.is("std::fs::OpenOptions") && call.name == "open")
        return Blocking{"std::fs::OpenOptions::open", "tokio::fs::OpenOptions", Severity::Medium, 0.65};
    if (peeled.path.starts_with("crossbeam") && peeled.name() == "Receiver" && call.name.starts_with("recv"))
        return Blocking{"crossbeam_channel::Receiver::" + std::string(call.name),
                        "a tokio::sync::mpsc channel"};
    if (peeled.is("std::process::Command") && (call.name == "output" || call.name == "status"))
        return Blocking{"std::process::Command::" + std::string(call.name), "tokio::process::Command"};
    if (peeled.is("std::process::Child") && call.name == "wait")
        return Blocking{"std::process::Child::wait", "tokio::process::Child"};
    return std::nullopt;
}

} // namespace

std::optional<Blocking> blockingCall(const rust::Call &call, const RuleInput &input)
{
    return call.isMethod() ? blockingMethod(call, input) : blockingPath(input.file.resolve(call.path));
}

} // namespace review::rules
