// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rocks.h"
#include "review/rules/rule.h"

namespace review::rules {
namespace {

/// "Snapshot", "DBIterator" … of the crate; empty for other types.
std::string pinningType(const rust::Type &type)
{
    if (isOneOf(type.name(), {"Snapshot", "SnapshotWithThreadMode", "DBIterator", "DBIteratorWithThreadMode",
                              "DBRawIterator", "DBRawIteratorWithThreadMode"}) &&
        mentions(type.path, {"rocksdb"}))
        return std::string(type.name());
    for (const rust::Type &argument : type.args) {
        if (std::string name = pinningType(argument); !name.empty())
            return name;
    }
    return {};
}

/// The struct is a view itself, which goes when its request or transaction does.
bool isShortLived(std::string_view name)
{
    return mentions(name, {"iter", "snapshot", "cursor", "view", "reader", "txn", "transaction", "scan",
                           "range", "guard", "query", "request", "batch", "stream", "walker"});
}

} // namespace

void check_rocks_snapshot_long_lived(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!usesRocks(input.file) || (!tree.contains("Snapshot") && !tree.contains("Iterator")))
        return;
    for (const rust::Struct &owner : input.file.structs()) {
        if (isShortLived(owner.name) || isTestOrTool(owner.node, input.file))
            continue;
        for (const rust::Field &field : owner.fields) {
            if (!mentions(field.type.text(), {"snapshot", "iterator"}))
                continue;
            const std::string type = pinningType(input.model.typeOf(field.type, input.file));
            if (type.empty())
                continue;
            const std::string name = quoted(owner.name + "." + field.name, 32);
            Draft draft;
            draft.at = field.node;
            draft.title = fittingTitle(
                {name + " pins old versions as long as it lives", "A kept snapshot pins old versions"});
            draft.steps = {
                {"process", "keeps a `" + type + "` in " + quoted(owner.name), field.node},
                {"writers", "go on; each version that it can still see has to be kept", field.node},
                {"compaction", "can drop none of them", field.node}};
            draft.outcome =
                "The database grows, and scans wade through deleted and overwritten keys, until the "
                "object is dropped.";
            draft.facts = {"resolved: the field holds a `" + type + "` of rocksdb",
                           "assumed: " + quoted(owner.name) + " lives longer than one request"};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
