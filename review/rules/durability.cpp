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
    return hasAny(text, {"sync_all", "sync_data", "fsync", "fdatasync", "sync_dir", "durable"});
}

bool isMovedAway(const Node &path)
{
    return mentions(path.text(), {".bak", "backup", ".old", "_old", "old_", "trash", "delete", "removed", "corrupt", "quarantine",
                                  "discard", "broken", "obsolete", "invalid"});
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

void readOrder(Rename &rename, const RuleInput &input)
{
    const Node body = rename.function->body;
    for (const Call &call : rust::callsIn(body)) {
        if (call.node == rename.call.node)
            continue;
        const bool before = call.node.index() < rename.call.node.index();
        if (before && isOneOf(call.name, {"create", "create_new", "write_all", "write", "to_writer", "copy"}))
            rename.writes = true;
        if (isSync(call, input.file, input.model))
            (before && !rename.call.node.isInside(call.node) ? rename.syncedBefore : rename.syncedAfter) = true;
    }
    const bool undecided = !rename.syncedBefore || !rename.syncedAfter;
    if (undecided && callerSyncs(*rename.function, input.model)) {
        rename.syncedBefore = true;
        rename.syncedAfter = true;
    }
}

} // namespace

bool callerSyncs(const Function &function, const rust::Model &model)
{
    const std::string called = function.name + "(";
    for (const auto &file : model.files()) {
        if (file->tree().text().find(called) == std::string::npos)
            continue;
        for (const Function &caller : file->functions()) {
            if (!caller.body || &caller == &function || caller.isTest || caller.name == function.name)
                continue;
            const std::string_view text = caller.body.text();
            if (text.find(called) != std::string_view::npos && hasSyncWord(text))
                return true;
        }
    }
    return false;
}

bool isStorageCode(const Function &function)
{
    const std::string &path = function.file->path();
    if (mentions(path, {"logger", "logging", "tool", "cmd/", "cli/", "bench", "example", "fuzz", "script", "xtask",
                        "download", "cache", "profil", "metrics", "dump", "debug", "/ui/", "install", "mock"}) ||
        mentions(function.name, {"cache", "download", "dump", "log_file", "rotate_log", "profile"}))
        return false;
    const std::string names = path + " " + function.selfType + " " + function.name;
    return mentions(names, {"journal", "wal", "segment", "snap", "storage", "store", "manifest", "checkpoint", "db",
                            "engine", "raft", "persist", "atomic", "durable", "metadata", "ledger", "lsm",
                            "state", "index", "directory", "tree", "blob", "value_log", "version", "page"});
}

bool isSync(const Call &call, const rust::File &file, const rust::Model &model)
{
    if (isOneOf(call.name, {"Ok", "Some", "Err", "open", "new", "into", "clone"}))
        return false;
    if (mentions(call.name, {"sync", "durable"}) && !mentions(call.name, {"async", "synchron", "resync", "is_"}))
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
