// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/calls.h"
#include "review/rust/model.h"

#include <string>
#include <vector>

namespace review::rules {

/// What of RocksDB's API a value is.
enum class RocksKind { None, Database, Transaction, Batch };

/// The kind of an expression: by its type when that is one of the crate `rocksdb` (or a fork of that name, or
/// a type of the repository with its name and methods), or by the call that made it. None when unsure.
RocksKind rocksKind(const rust::Node &expression, const rust::File &file, const rust::Model &model);

/// A call that reads or changes keys of a database or a transaction, or ends a transaction.
struct RocksCall {
    enum class Operation { Get, GetForUpdate, Write, WriteBatch, Commit, Rollback };
    rust::Call call;
    RocksKind kind = RocksKind::None;
    Operation operation = Operation::Get;
    std::string receiver; ///< place text: "self.db", "txn"
    rust::Node key;       ///< null for operations without one
    std::string
        keyText; ///< with the column family, without references and conversions: equal texts are equal keys
};

/// All of them at or below a node that runs in `body`, in source order.
std::vector<RocksCall> rocksCallsIn(const rust::Node &body, const rust::File &file, const rust::Model &model);

/// "resolved: `txn` is a rocksdb::Transaction".
std::string rocksFact(const RocksCall &call, const rust::File &file, const rust::Model &model);

/// The file has to do with RocksDB at all: asked before anything that costs.
bool usesRocks(const rust::File &file);

/// The call at the root of a chain that makes an iterator over keys (`db.iterator_cf(..)`,
/// `txn.prefix_iterator(..)`), by the receiver's type or by a name that only this crate has; none for other
/// chains.
rust::Call rocksIterator(const rust::Node &chain, const rust::File &file, const rust::Model &model);

} // namespace review::rules
