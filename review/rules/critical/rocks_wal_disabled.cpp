// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rocks.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {

using rust::Call;

namespace {

/// A setting decides, or a comment beside the call says what keeps the data instead.
bool isDecided(const Call &call)
{
    for (rust::Node node = call.node; node && !node.is("function_item"); node = node.parent()) {
        if (node.is("if_expression") && mentions(node.field("condition").text(), {"wal", "sync", "durab"}))
            return true;
        if (node.is("match_arm") && mentions(node.field("pattern").text(), {"wal", "durab"}))
            return true;
    }
    const git::Lines &lines = call.node.tree()->lines();
    const std::uint32_t line = call.node.lines().begin;
    for (std::uint32_t i = line > 2 ? line - 2 : 0; i <= line; ++i) {
        const std::string_view text = lines[i];
        const std::size_t comment = text.find("//");
        if (comment != std::string_view::npos &&
            mentions(text.substr(comment), {"wal", "log", "durab", "replay", "rebuil", "lost", "lose"}))
            return true;
    }
    return false;
}

} // namespace

void check_rocks_wal_disabled(const RuleInput &input, Reporter &reporter)
{
    if (!usesRocks(input.file))
        return;
    for (const Call &call : callsNamed({"disable_wal", "write_without_wal"}, input.file)) {
        const rust::Function *function = input.file.functionAt(call.node);
        const bool off = call.name == "write_without_wal" ||
                         (call.arguments.size() == 1 && call.arguments.front().text() == "true");
        if (!call.isMethod() || !off || !function || mentions(function->name, {"wal"}) || isDecided(call) ||
            hasAny(input.file,
                   {".flush(", ".flush_cf(", ".flush_opt(", "flush_cfs", "ingest_external_file"}) ||
            mentions(function->path() + input.file.path(),
                     {"import", "bulk", "migrat", "restore", "cache", "temp", "rebuild"}))
            continue;
        const std::string shown = quoted(call.name, 24);
        Draft draft;
        draft.at = call.node;
        draft.title = shown + " keeps these writes out of the log";
        draft.steps = {{"caller", "writes with " + shown + " and gets success", call.node},
                       {"RocksDB", "has the write in its memory only", call.node},
                       {"process", "crashes before the memory was flushed", call.node}};
        draft.outcome = "Every write since the last flush is gone, also those that were acknowledged.";
        draft.facts = {"resolved: the write-ahead log is switched off here, and nothing in this file flushes",
                       "assumed: the data cannot be made again from elsewhere"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
