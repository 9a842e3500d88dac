// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/durability.h"
#include "review/rules/phrases.h"
#include "review/rules/remarks.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace review::rules {

namespace {

template <std::size_t N>
bool isIn(std::string_view name, const std::array<std::string_view, N> &names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Nothing but durability goes by these names.
constexpr std::array<std::string_view, 6> durableNames{"sync_all",  "sync_data", "fsync",
                                                       "fdatasync", "flush_wal", "sync_wal"};
/// These are durable on a store, a log or a file, and something else elsewhere.
constexpr std::array<std::string_view, 16> storeNames{
    "commit", "flush",   "write", "write_all", "put",      "put_cf",  "delete",    "delete_cf",
    "append", "propose", "sync",  "persist",   "truncate", "set_len", "write_opt", "save"};
constexpr std::array<std::string_view, 18> storeWords{
    "wal",     "log",      "journal", "store", "storage", "db",     "engine",   "batch",       "table",
    "segment", "snapshot", "raft",    "txn",   "tx",      "ledger", "manifest", "transaction", "database"};
constexpr std::array<std::string_view, 6> cleanupWords{"abort",    "cleanup", "clean_up",
                                                       "rollback", "discard", "revert"};
std::string toLower(std::string_view text)
{
    std::string lower(text);
    for (char &c : lower)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lower;
}

/// "RaftLogStore" and "raft_log" consist of words; "Catalog" does not hold the word "log".
bool hasStoreWord(std::string_view name)
{
    std::string word;
    const auto isStoreWord = [&] { return isIn(word, storeWords); };
    for (const char c : name) {
        if (std::isupper(static_cast<unsigned char>(c)) || c == '_') {
            if (isStoreWord())
                return true;
            word.clear();
        }
        if (c != '_')
            word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return isStoreWord() || toLower(name) == "db" || toLower(name) == "wal";
}

/// A Result that a statement throws away, and how.
struct Discarded {
    rust::Node call;
    rust::Node expression; ///< `call` with its `.await`
    std::string how;       ///< "`let _ =`", "`.ok()`", "`drop`", "a bare statement"
};

std::optional<Discarded> discarded(const rust::Node &statement)
{
    rust::Node value;
    Discarded result;
    if (statement.is("let_declaration")) {
        if (statement.field("pattern").text() != "_")
            return std::nullopt;
        value = statement.field("value");
        result.how = "`let _ =`";
    } else if (statement.is("expression_statement") && statement.text().ends_with(';')) {
        value = statement.firstNamedChild();
        result.how = "a bare statement";
        const rust::Call outer = rust::toCall(value);
        if (outer.isMethod() && outer.name == "ok" && outer.arguments.empty()) {
            value = outer.receiver;
            result.how = "`.ok()`";
        } else if (!outer.isMethod() && outer.path == "drop" && outer.arguments.size() == 1) {
            value = outer.arguments.front();
            result.how = "`drop`";
        }
    }
    if (value.is("await_expression"))
        result.call = value.firstNamedChild();
    else
        result.call = value;
    result.expression = value;
    return rust::toCall(result.call) ? std::optional(result) : std::nullopt;
}

/// Why the call's Result tells of durability, as a fact; empty when it does not for sure. Lowers `confidence`
/// when assumed.
std::string durabilityFact(const rust::Call &call, const Discarded &how, const RuleInput &input,
                           double &confidence)
{
    if (!call.isMethod()) {
        const std::string path = input.file.resolve(call.path);
        const bool isRename =
            path == "std::fs::rename" || path == "tokio::fs::rename" || path == "fs::rename";
        return isRename ? "resolved: `rename` of std::fs puts the new file in place" : std::string();
    }
    const rust::Type type = input.model.infer(call.receiver, input.file);
    const rust::Type &peeled = type.peeled();
    const bool isFile = peeled.is("std::fs::File") || peeled.is("tokio::fs::File") ||
                        ((peeled.name() == "BufWriter" || peeled.name() == "Mutex") && !peeled.args.empty() &&
                         peeled.args.front().name() == "File");
    const std::string shown = "`" + std::string(call.name) + "` of `" + std::string(peeled.name()) + '`';
    if (isOneOf(call.name, {"sync_all", "sync_data"}) && !call.arguments.empty())
        return {}; // it synchronises something else
    if (isIn(call.name, durableNames)) {
        // A type of this repository may answer nothing, or panic itself.
        const auto own = input.model.callees(call.node, input.file);
        if (!isFile && how.how == "a bare statement" &&
            std::none_of(own.begin(), own.end(), [](const auto *callee) { return callee->returnsResult(); }))
            return {};
        if (type.known())
            return "resolved: " + shown + " makes what was written durable";
        confidence *= how.how == "a bare statement" ? 0.5 : 0.9;
        return "assumed: " + quoted(call.name) + " makes what was written durable";
    }
    if (!isIn(call.name, storeNames))
        return {};
    if (isFile)
        return call.name == "commit" ? std::string()
                                     : "resolved: " + shown + " is the last to see a failed write";
    const auto callees = input.model.callees(call.node, input.file);
    const bool returnsResult =
        !callees.empty() && std::all_of(callees.begin(), callees.end(),
                                        [](const auto *callee) { return callee->returnsResult(); });
    if (!callees.empty() && !returnsResult)
        return {};
    if (type.known()) {
        if (!hasStoreWord(peeled.name()) || peeled.name() == "Vec")
            return {};
        if (returnsResult)
            return "resolved: " + shown + " returns a Result";
        confidence *= 0.8;
        return how.how == "a bare statement" ? std::string() : "assumed: " + shown + " returns a Result";
    }
    // A committed transaction is worth a word even where its type is not known.
    if (call.name == "commit" && how.how != "a bare statement" &&
        hasStoreWord(rust::placeText(call.receiver))) {
        confidence *= 0.75;
        return "assumed: " + quoted(rust::placeText(call.receiver)) + " is a transaction, judged by its name";
    }
    return {};
}

/// Cleaning up after an error: the error at hand is the one to report.
bool followsError(const rust::Node &statement)
{
    for (rust::Node node = statement; node; node = node.parent()) {
        if (node.is("match_arm") && node.field("pattern").text().find("Err") != std::string_view::npos)
            return true;
        if (node.is("let_condition") || node.is("function_item"))
            break;
        if (node.is("if_expression")) {
            const rust::Node condition = node.field("condition");
            if (condition.text().find("Err(") != std::string_view::npos ||
                condition.text().find("is_err()") != std::string_view::npos)
                return true;
        }
        if (node.is("closure_expression")) {
            const rust::Call outer = rust::toCall(node.parent().parent());
            if (outer.name == "map_err" || outer.name == "or_else" || outer.name == "unwrap_or_else")
                return true;
        }
    }
    return false;
}

bool isCleanup(const rust::Function *function)
{
    return function && std::any_of(cleanupWords.begin(), cleanupWords.end(), [&](std::string_view word) {
               return function->name.find(word) != std::string::npos;
           });
}

/// What is written is a log for people, an aid to whoever looks for a fault, or a tool's.
bool isForPeople(const rust::Function *function, const rust::File &file)
{
    return mentions(file.path(), {"logger", "logging", "tools/", "xtask", "trace/", "profil"}) ||
           (function && (function->traitName == "Log" || function->traitName.ends_with("::Log") ||
                         mentions(function->body.text(), {"temp_dir()"})));
}

/// A remark on an `if` around the statement says that the error may be ignored.
bool isExcusedAround(const rust::Node &statement)
{
    for (rust::Node node = statement.parent(); node && !node.is("function_item"); node = node.parent()) {
        if (node.parent().is("block") && mentions(remarkOn(node), {"ignore", "best effort", "best-effort"}))
            return true;
    }
    return false;
}

/// A copy of what is there is put aside before the new one comes: without it nothing is lost.
bool isBackup(const rust::Call &call)
{
    return call.name == "rename" && call.arguments.size() == 2 &&
           mentions(call.arguments.back().text(), {"bak", "backup", "old"});
}

void checkStatement(const rust::Node &statement, const RuleInput &input, Reporter &reporter)
{
    const auto found = discarded(statement);
    if (!found)
        return;
    const rust::Call call = rust::toCall(found->call);
    double confidence = 1;
    const std::string fact = durabilityFact(call, *found, input, confidence);
    const rust::Function *function = input.file.functionAt(statement);
    if (fact.empty() || saysBestEffort(statement) || followsError(statement) || isCleanup(function) ||
        isBackup(call) || isExcusedAround(statement) || isForPeople(function, input.file))
        return;
    // Output for a reader, not data that must survive.
    const bool sync = isIn(call.name, durableNames);
    if (call.isMethod() && !sync && fact.starts_with("resolved") && fact.ends_with("failed write") &&
        function &&
        !mentions(function->path() + input.file.path(),
                  {"wal", "log", "journal", "store", "storage", "db", "snapshot", "raft", "manifest",
                   "persist", "meta", "save", "segment", "engine", "commit", "state", "checkpoint",
                   "append"}))
        confidence *= 0.65;
    if (sync && function && !isStorageCode(*function))
        confidence *= 0.65;
    // What is deleted in vain is found again by whoever cleans up; and of a directory's entry many file
    // systems take care themselves.
    const std::string place = call.isMethod() ? rust::placeText(call.receiver) : std::string();
    if (call.name.starts_with("delete") ||
        (sync && ((function && mentions(function->name, {"dir", "parent"})) ||
                  isOneOf(place, {"dir", "directory", "parent", "parent_dir", "dir_file"}))))
        confidence *= 0.7;
    // Nothing but what is synced or renamed into place is promised to last.
    if (!sync && !isOneOf(call.name, {"rename", "commit", "sync"}))
        confidence *= 0.65;
    // Without a newer checkpoint the recovery only begins earlier.
    if (!sync && mentions(place, {"checkpoint"}))
        confidence *= 0.65;
    const bool inDrop = function && function->traitName == "Drop";
    const std::string name = quoted(call.name, 24);
    Draft draft;
    draft.at = statement;
    draft.title = "The result of " + name + " is thrown away with " + found->how;
    draft.steps = {
        {"writer", "calls " + name + ", which fails: the disk is full, or the write is refused", found->call},
        {"writer", "drops the error with " + found->how + " and goes on as if it were written", statement},
        {"crash", "the process or the machine restarts, and what was acknowledged is not there", statement}};
    draft.outcome = "Data that the caller takes for durable is lost, and nobody was told.";
    draft.facts = {fact};
    draft.confidence = confidence * (inDrop ? 0.6 : 1);
    if (inDrop)
        draft.severity = Severity::Medium;
    const bool propagates = function && function->returnsResult() && function->body &&
                            rust::runsIn(statement, rust::bodyOf(function->body.firstNamedChild()));
    if (propagates && (!call.isMethod() || found->how != "a bare statement" || confidence == 1))
        draft.edits.push_back({statement.bytes(), std::string(found->expression.text()) + "?;"});
    reporter.report(std::move(draft));
}

} // namespace

void check_durability_result_ignored(const RuleInput &input, Reporter &reporter)
{
    for (const char *kind : {"expression_statement", "let_declaration"}) {
        for (const rust::Node &statement : input.file.root().descendants(kind))
            checkStatement(statement, input, reporter);
    }
}

} // namespace review::rules
