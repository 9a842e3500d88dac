// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/model.h"

#include <string_view>
#include <vector>

namespace review::rules {

/// The function belongs to code that keeps data over a crash, judged by the names of its file, type and
/// itself: a journal, a store, a snapshot. Caches, logs for people, tools and downloads do not.
bool isStorageCode(const rust::Function &function);

/// The call makes a file or a directory durable: `sync_all`, `fsync_dir` and the like, or a function of the
/// repository whose body does so.
bool isSync(const rust::Call &call, const rust::File &file, const rust::Model &model);

/// A comment at the statement, or up to two lines above it, says that its failure does not matter.
bool saysBestEffort(const rust::Node &statement);

/// Where functions that call this one sync something themselves.
struct CallerSyncs {
    bool before = false;
    bool after = false; ///< a directory, as far as the words tell
};
/// Judged by the texts of all functions that have such a call. Costs a search of every file's text.
CallerSyncs callerSyncs(const rust::Function &function, const rust::Model &model);

/// A file gets its final name.
struct Rename {
    rust::Call call;
    const rust::Function *function = nullptr;
    rust::Node from; ///< null for `persist` of a temporary file
    rust::Node to;
    bool writes = false;       ///< the function creates or writes a file before
    bool syncedBefore = false; ///< something is synced before, or by a caller
    bool syncedAfter = false;  ///< something is synced after, or by a caller
    rust::Node next;           ///< the call that creates another file before the rename was made durable
};

/// The renames in storage code of a file, those of wrappers around `rename` left out, in source order.
std::vector<Rename> renamesIn(const RuleInput &input);

} // namespace review::rules
