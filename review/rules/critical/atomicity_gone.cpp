// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/edits.h"
#include "review/rules/phrases.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Node;

void report(const Node &at, const Node &before, const std::string &title, const std::string &was,
            const std::string &is, const std::string &fact, Reporter &reporter)
{
    Draft draft;
    draft.at = at;
    draft.title = fittingTitle({title, "Several steps are no longer one"});
    draft.steps = {{"before this change", was, before}, {"now", is, at}};
    draft.outcome =
        "A crash or another client between the steps finds one of them done and the other not, or takes "
        "what this one has just read.";
    draft.evidence = {before};
    draft.facts = {"resolved: " + fact, "assumed: the steps belong together"};
    reporter.report(std::move(draft));
}

/// A plain name of a transaction or a batch: `&mut *tx`, `self.txn`, `batch`.
bool isTransaction(const Node &argument)
{
    std::string text = compact(argument.text());
    const std::size_t begin = text.find_last_of("&*.");
    text = begin == std::string::npos ? text : text.substr(begin + 1);
    text.erase(0, text.starts_with("mut") && text.size() > 5 ? 3 : 0);
    return isOneOf(text, {"tx", "txn", "trx", "transaction", "batch", "wb", "write_batch", "wtxn", "dbtx",
                          "tx_conn", "write_txn", "db_txn", "snapshot", "as_mut()"}) ||
           text.ends_with("_txn") || text.ends_with("_transaction");
}

bool writes(const rust::Call &call)
{
    return isOneOf(call.name,
                   {"put",       "put_cf",         "insert", "delete",    "delete_cf", "set",
                    "write",     "execute",        "query",  "query_one", "update",    "remove",
                    "save",      "append",         "get",    "get_opt",   "store",     "fetch_one",
                    "fetch_all", "fetch_optional", "get_cf", "hset",      "del",       "query_async"});
}

/// `query.execute(&mut *tx)` in the base, `query.execute(&self.pool)` in the head; `tx.put` and `db.put`.
void checkHandles(const RewrittenFunction &function, const Edits &edits, Reporter &reporter)
{
    const auto transactions = [](const rust::Function &side) {
        std::size_t count = 0;
        for (const rust::Call &call : rust::callsIn(side.body))
            count += (call.isMethod() && isTransaction(call.receiver) ? 1 : 0) +
                     static_cast<std::size_t>(
                         std::count_if(call.arguments.begin(), call.arguments.end(), isTransaction));
        return count;
    };
    if (transactions(*function.base) <= transactions(*function.head))
        return;
    const auto takesNone = [](const rust::Call &call) {
        const auto speaksOfOne = [](const Node &argument) {
            return isTransaction(argument) || mentions(argument.text(), {"batch", "txn", "transaction"});
        };
        return std::none_of(call.arguments.begin(), call.arguments.end(), speaksOfOne) &&
               !(call.isMethod() && isTransaction(call.receiver));
    };
    for (const rust::Call &now : rust::callsIn(function.head->body)) {
        if (!edits.ofHead(now.node) || !takesNone(now) || !writes(now))
            continue;
        for (const rust::Call &was : rust::callsIn(function.base->body)) {
            if (was.name != now.name || !edits.ofBase(was.node) || takesNone(was) ||
                was.isMethod() != now.isMethod() || was.arguments.size() != now.arguments.size())
                continue;
            report(now.node, was.node,
                   "`" + std::string(now.name) + "` no longer goes through the transaction",
                   "does this in the transaction or batch", "does it beside it",
                   "the call stands on both sides, and another handle makes it now", reporter);
            return;
        }
    }
}

bool makesOne(const rust::Call &call)
{
    return isOneOf(call.name, {"transaction",
                               "begin_transaction",
                               "begin_write",
                               "start_transaction",
                               "begin",
                               "build_transaction",
                               "savepoint",
                               "write_batch",
                               "with_transaction",
                               "snapshot",
                               "set_snapshot",
                               "get_for_update",
                               "select_for_update",
                               "for_update",
                               "isolation_level",
                               "atomic_write",
                               "compare_and_swap",
                               "compare_exchange",
                               "batch",
                               "multi",
                               "atomic"}) ||
           ((call.name == "new" || call.name == "default" || call.name == "with_capacity") &&
            mentions(call.path, {"writebatch", "transaction", "batch::"}));
}

void checkMaking(const RewrittenFunction &function, const RuleInput &input, const Edits &edits,
                 Reporter &reporter)
{
    if (callsAny(*function.head, makesOne) || !callsAny(*function.head, writes))
        return;
    for (const RemovedCall &removed : removedCalls(function, makesOne, input)) {
        Node at = edits.placeInHead(removed.call.node);
        report(at, removed.call.node,
               quoted(removed.call.node.text(), 36) + " is gone, the reads and writes stay",
               "makes several steps one", "does them one by one",
               "nothing in the function makes them one any more", reporter);
        return;
    }
}

constexpr std::array<std::string_view, 16> binding{
    "FOR UPDATE",    "FOR SHARE",       "SKIP LOCKED",     "ON CONFLICT",
    "IF NOT EXISTS", "IF EXISTS",       "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE",
    "SERIALIZABLE",  "REPEATABLE READ", "LIMIT",           "WHERE",
    "RETURNING",     "SYNCHRONOUS",     "UNIQUE",          " AND "};

std::string upper(std::string_view text)
{
    std::string all;
    for (const char each : text)
        all += each >= 'a' && each <= 'z' ? static_cast<char>(each - 'a' + 'A') : each;
    return all;
}

std::vector<Node> statementsOf(const rust::Function &function)
{
    std::vector<Node> found;
    for (const char *kind : {"string_literal", "raw_string_literal"}) {
        for (const Node &text : function.body.descendants(kind)) {
            const std::string all = upper(text.text());
            if (all.find("SELECT ") != std::string::npos || all.find("UPDATE ") != std::string::npos ||
                all.find("INSERT ") != std::string::npos || all.find("DELETE ") != std::string::npos ||
                all.find("BEGIN") != std::string::npos || all.find("PRAGMA ") != std::string::npos)
                found.push_back(text);
        }
    }
    return found;
}

/// A clause of an SQL statement that is gone.
void checkClauses(const RewrittenFunction &function, const Edits &edits, Reporter &reporter)
{
    const std::vector<Node> before = statementsOf(*function.base);
    const std::vector<Node> after = statementsOf(*function.head);
    if (before.empty() || before.size() != after.size())
        return;
    for (std::size_t i = 0; i < after.size(); ++i) {
        const std::string was = upper(before[i].text());
        const std::string is = upper(after[i].text());
        if (was == is || was.substr(0, 8) != is.substr(0, 8))
            continue;
        for (const std::string_view clause : binding) {
            if (countIn(was, clause) <= countIn(is, clause))
                continue;
            Node at = after[i];
            const git::LineRange lines = at.lines();
            if (lines.size() > 4)
                at = edits.placeInHead(before[i]);
            report(at, before[i], "The statement no longer says `" + std::string(clause) + "`",
                   "says `" + std::string(clause) + "`", "says it no more",
                   "the statement is another one only in its clauses", reporter);
            return;
        }
    }
}

} // namespace

void check_atomicity_gone(const RuleInput &input, Reporter &reporter)
{
    constexpr std::size_t manyLines = 15;
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (linesAdded(function) > manyLines)
            continue;
        const Edits edits(function);
        checkHandles(function, edits, reporter);
        checkMaking(function, input, edits, reporter);
        checkClauses(function, edits, reporter);
    }
}

} // namespace review::rules
