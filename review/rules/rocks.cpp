// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/rocks.h"

#include "review/rules/phrases.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <optional>

namespace review::rules {
namespace {

using rust::Call;
using rust::File;
using rust::Model;
using rust::Node;
using Operation = RocksCall::Operation;

RocksKind kindOfName(std::string_view name)
{
    if (isOneOf(name, {"DB", "DBWithThreadMode", "DBWithTTL", "TransactionDB", "OptimisticTransactionDB"}))
        return RocksKind::Database;
    if (name == "Transaction")
        return RocksKind::Transaction;
    if (isOneOf(name, {"WriteBatch", "WriteBatchWithTransaction", "WriteBatchWithIndex"}))
        return RocksKind::Batch;
    return RocksKind::None;
}

/// A type of the repository that has the crate's name and shape.
bool hasShape(std::string_view name, RocksKind kind, const Model &model)
{
    const auto has = [&](std::string_view method) { return !model.methods(name, method).empty(); };
    if (kind == RocksKind::Transaction)
        return has("get") && has("put") && has("commit") && has("get_for_update");
    return kind == RocksKind::Database && has("get") && has("put") && has("write");
}

RocksKind kindOfType(const rust::Type &type, const Model &model)
{
    const rust::Type &peeled = type.peeled();
    const RocksKind kind = kindOfName(peeled.name());
    if (kind == RocksKind::None)
        return kind;
    return mentions(peeled.path, {"rocks"}) || hasShape(peeled.name(), kind, model) ? kind : RocksKind::None;
}

RocksKind kindOfCall(const Call &call, const File &file, const Model &model)
{
    if (call.isMethod()) {
        const bool begins = isOneOf(call.name, {"transaction", "transaction_opt"});
        return begins && rocksKind(call.receiver, file, model) == RocksKind::Database ? RocksKind::Transaction
                                                                                      : RocksKind::None;
    }
    const std::size_t colons = call.path.rfind("::");
    if (colons == std::string::npos ||
        !(call.name.starts_with("open") || isOneOf(call.name, {"new", "default"})))
        return RocksKind::None;
    rust::Type type;
    type.path = file.resolve(std::string_view(call.path).substr(0, colons));
    return kindOfType(type, model);
}

std::optional<Operation> operationOf(std::string_view name)
{
    if (name.starts_with("get_for_update") || name.starts_with("get_pinned_for_update"))
        return Operation::GetForUpdate;
    if (isOneOf(name, {"get", "get_cf", "get_opt", "get_cf_opt", "get_pinned", "get_pinned_cf",
                       "get_pinned_opt", "get_pinned_cf_opt"}))
        return Operation::Get;
    if (isOneOf(name, {"put", "put_cf", "put_opt", "put_cf_opt", "merge", "merge_cf", "merge_opt",
                       "merge_cf_opt", "delete", "delete_cf", "delete_opt", "delete_cf_opt"}))
        return Operation::Write;
    if (isOneOf(name, {"write", "write_opt"}))
        return Operation::WriteBatch;
    if (name == "commit")
        return Operation::Commit;
    if (name == "rollback")
        return Operation::Rollback;
    return {};
}

/// Two spellings of one key become equal: references and conversions that keep the bytes are taken off.
std::string keyTextOf(const Node &key)
{
    std::string text = compact(key.text());
    for (bool changed = true; changed;) {
        changed = false;
        for (const std::string_view suffix :
             {".as_bytes()", ".as_ref()", ".as_slice()", ".clone()", ".to_vec()"}) {
            if (text.ends_with(suffix)) {
                text.resize(text.size() - suffix.size());
                changed = true;
            }
        }
        if (text.starts_with('&') || text.starts_with('*')) {
            text.erase(0, 1);
            changed = true;
        }
    }
    return text;
}

} // namespace

RocksKind rocksKind(const Node &expression, const File &file, const Model &model)
{
    const Node value = rust::stripAdapters(expression);
    const rust::Type type = model.infer(value, file);
    if (type.known()) {
        const RocksKind kind = kindOfType(type, model);
        if (kind != RocksKind::None || !rust::toCall(value))
            return kind;
    }
    if (const Call &call = rust::toCall(value))
        return kindOfCall(call, file, model);
    const Node initialiser = value.is("identifier") ? rust::initialiserOf(value) : Node();
    const Call made = rust::toCall(rust::stripAdapters(initialiser));
    return made ? kindOfCall(made, file, model) : RocksKind::None;
}

std::vector<RocksCall> rocksCallsIn(const Node &body, const File &file, const Model &model)
{
    std::vector<RocksCall> found;
    for (const Call &call : rust::callsIn(body)) {
        const auto operation = operationOf(call.name);
        if (!operation || !call.isMethod() || !rust::runsIn(call.node, body))
            continue;
        const std::string receiver = rust::placeText(call.receiver);
        if (receiver.empty())
            continue;
        const bool keyed = *operation == Operation::Get || *operation == Operation::GetForUpdate ||
                           *operation == Operation::Write;
        const std::size_t keyAt = call.name.find("_cf") != std::string_view::npos ? 1 : 0;
        if (keyed && call.arguments.size() <= keyAt)
            continue;
        const RocksKind kind = rocksKind(call.receiver, file, model);
        if (kind == RocksKind::None)
            continue;
        RocksCall rocks{call, kind, *operation, receiver, {}, {}};
        if (keyed) {
            rocks.key = rocks.call.arguments[keyAt];
            rocks.keyText = keyTextOf(rocks.key);
            if (keyAt == 1)
                rocks.keyText.insert(0, keyTextOf(rocks.call.arguments.front()) + "/");
        }
        found.push_back(std::move(rocks));
    }
    return found;
}

std::string rocksFact(const RocksCall &call, const File &file, const Model &model)
{
    const rust::Type type = model.infer(call.call.receiver, file);
    const std::string path = type.known()                          ? type.peeled().path
                             : call.kind == RocksKind::Transaction ? std::string("rocksdb::Transaction")
                                                                   : std::string("RocksDB database");
    return std::string(type.assumed ? "assumed" : "resolved") + ": `" + call.receiver + "` is a `" + path +
           "`";
}

bool usesRocks(const File &file)
{
    const rust::Tree &tree = file.tree();
    return tree.contains("rocksdb") || tree.contains("RocksDB") || tree.contains("TransactionDB");
}

Call rocksIterator(const Node &chain, const File &file, const Model &model)
{
    Node at = chain.is("identifier") ? rust::initialiserOf(chain) : chain;
    for (int step = 0; step < 12 && at; ++step) {
        at = rust::stripAdapters(at);
        Call call = rust::toCall(at);
        if (!call.isMethod())
            return {};
        if (isOneOf(call.name,
                    {"iterator", "iterator_opt", "iterator_cf", "iterator_cf_opt", "prefix_iterator",
                     "prefix_iterator_cf", "full_iterator", "full_iterator_cf"})) {
            const bool unique = call.name.ends_with("_cf") || call.name.ends_with("_cf_opt");
            const bool known = unique || rocksKind(call.receiver, file, model) != RocksKind::None;
            return known ? call : Call();
        }
        at = call.receiver;
    }
    return {};
}

} // namespace review::rules
