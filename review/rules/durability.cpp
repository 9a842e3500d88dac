// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/durability.h"

#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Function;
using rust::Node;

bool hasSyncWord(std::string_view text)
{
    return hasAny(text, {"sync_all", "sync_data", "fsync", "fdatasync", "sync_dir", "durable_rename"});
}

/// `sync_all` alone may be that of another file.
bool syncsDirectory(std::string_view text)
{
    return hasAny(text, {"fsync", "sync_dir", "sync_parent", "durable_rename"}) ||
           (text.find("sync_all") != std::string_view::npos &&
            text.find("File::open") != std::string_view::npos);
}

bool isMovedAway(const Node &path)
{
    const Node value = rust::stripAdapters(path);
    const std::string text = std::string(path.text()) +
                             (value.is("identifier") ? std::string(rust::initialiserOf(value).text()) : "");
    return mentions(text, {".bak", "backup", ".old", "_old", "old_", "trash", "delete", "removed", "corrupt",
                           "quarantine", "discard", "broken", "obsolete", "invalid"});
}

bool isRename(const Call &call, const rust::File &file)
{
    if (call.name == "rename" && !call.isMethod() && call.arguments.size() == 2)
        return hasAny(file.resolveAt(call.path, call.node), {"fs::rename", "file_system::rename"});
    if (call.name != "persist" || !call.isMethod() || call.arguments.size() != 1)
        return false;
    const Node value = rust::stripAdapters(call.receiver);
    const Node made = value.is("identifier") ? rust::initialiserOf(value) : value;
    return mentions(made.text(), {"tempfile", "temp_path", "temppath"});
}

/// The call creates a file, itself or in the function that it calls.
bool createsFile(const Call &call, const RuleInput &input)
{
    if (call.path.ends_with("File::create") || call.path.ends_with("File::create_new"))
        return true;
    if (call.name.find("create") == std::string_view::npos && call.name.find("new") == std::string_view::npos)
        return false;
    for (const Function *callee : input.model.callees(call.node, input.file)) {
        if (callee->body &&
            hasAny(callee->body.text(), {"File::create", ".create_new(true)", ".create(true)"}))
            return true;
    }
    return false;
}

void readOrder(Rename &rename, const RuleInput &input)
{
    for (const Call &call : rust::callsIn(rename.function->body)) {
        if (call.node == rename.call.node)
            continue;
        const bool before =
            call.node.index() < rename.call.node.index() && !rename.call.node.isInside(call.node);
        if (before && isOneOf(call.name, {"create", "create_new", "write_all", "write", "to_writer", "copy"}))
            rename.writes = true;
        if (!before && !rename.syncedAfter && !rename.next && rust::canReach(rename.call.node, call.node) &&
            createsFile(call, input))
            rename.next = call.node;
        else if (isSync(call, input.file, input.model))
            (before ? rename.syncedBefore : rename.syncedAfter) = true;
    }
    if (rename.next || (rename.syncedBefore && rename.syncedAfter))
        return;
    const CallerSyncs callers = callerSyncs(*rename.function, input.model);
    rename.syncedBefore = rename.syncedBefore || callers.before;
    rename.syncedAfter = rename.syncedAfter || callers.after;
}

} // namespace

CallerSyncs callerSyncs(const Function &function, const rust::Model &model)
{
    CallerSyncs syncs;
    const std::string called = function.name + "(";
    for (const auto &source : model.sources()) {
        const rust::File *file = source->contains(called) ? source->file() : nullptr;
        if (!file)
            continue;
        for (const Function &caller : file->functions()) {
            if (!caller.body || &caller == &function || caller.isTest || caller.name == function.name)
                continue;
            const std::string_view text = caller.body.text();
            const std::size_t at = text.find(called);
            if (at == std::string_view::npos)
                continue;
            syncs.before = syncs.before || hasSyncWord(text.substr(0, at));
            syncs.after = syncs.after || syncsDirectory(text.substr(at + called.size()));
        }
    }
    return syncs;
}

bool saysBestEffort(const Node &statement)
{
    const git::Lines &lines = statement.tree()->lines();
    const std::uint32_t line = statement.lines().begin;
    for (std::uint32_t i = line > 1 ? line - 2 : 0; i < statement.lines().end; ++i) {
        const std::string_view text = lines[i];
        const std::size_t comment = text.find("//");
        if (comment != std::string_view::npos &&
            mentions(text.substr(comment),
                     {"best effort", "best-effort", "ignore the", "be ignored", "don't care",
                      "deliberately ignore", "intentionally ignore", "doesn't matter", "does not matter",
                      "optimization", "optimisation", "not required"}))
            return true;
    }
    return false;
}

bool isStorageCode(const Function &function)
{
    const std::string &path = function.file->path();
    if (mentions(path,
                 {"logger", "logging", "tool",      "cmd/",   "cli/",     "bench",  "example", "fuzz",
                  "script", "xtask",   "download",  "/cache", "cache.rs", "_cache", "profil",  "metrics",
                  "dump",   "debug",   "commands/", "/ui/",   "install",  "mock",   "stager"}) ||
        mentions(function.name, {"cache", "download", "dump", "log_file", "rotate_log", "profile", "plugin"}))
        return false;
    const std::string names = path + " " + function.selfType + " " + function.name;
    return mentions(names, {"journal",    "wal",       "segment", "snap",  "storage", "store",     "manifest",
                            "checkpoint", "db",        "engine",  "raft",  "persist", "atomic",    "durable",
                            "metadata",   "ledger",    "lsm",     "state", "index",   "directory", "tree",
                            "blob",       "value_log", "version", "page"});
}

bool isSync(const Call &call, const rust::File &file, const rust::Model &model)
{
    if (isOneOf(call.name, {"Ok", "Some", "Err", "open", "new", "into", "clone"}))
        return false;
    if (mentions(call.name, {"sync", "durable"}) &&
        !mentions(call.name, {"async", "synchron", "resync", "is_"}))
        return true;
    for (const Function *callee : model.callees(call.node, file)) {
        if (callee->body && hasSyncWord(callee->body.text()))
            return true;
    }
    return false;
}

std::vector<Rename> renamesIn(const RuleInput &input)
{
    std::vector<Rename> renames;
    for (Call &call : callsNamed({"rename", "persist"}, input.file)) {
        const Function *function = input.file.functionAt(call.node);
        if (!function || !function->body || !isRename(call, input.file) || !isStorageCode(*function) ||
            mentions(function->name, {"rename"}) || isMovedAway(call.arguments.back()))
            continue;
        Rename rename;
        rename.function = function;
        rename.to = call.arguments.back();
        if (call.arguments.size() == 2)
            rename.from = call.arguments.front();
        rename.call = std::move(call);
        readOrder(rename, input);
        renames.push_back(std::move(rename));
    }
    return renames;
}

} // namespace review::rules
