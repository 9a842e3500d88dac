// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/durability.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The call makes a file that was not there: `File::create(p)`, `….create(true).open(p)`.
Node createdIn(const Node &body, const rust::File &file)
{
    for (const Call &call : callsNamed({"create", "create_new"}, body)) {
        const std::string path = file.resolveAt(call.path, call.node);
        const bool direct = !call.isMethod() && hasAny(path, {"fs::File::create", "File::create_new"});
        const bool option =
            call.isMethod() && call.arguments.size() == 1 && call.arguments[0].text() == "true";
        if ((direct || option) && !mentions(rust::statementOf(call.node).text(), {"tmp", "temp", "lock"}))
            return call.node;
    }
    return {};
}

/// The new file's contents are synced here, so that its author wants it to be durable.
Node syncOfFile(const Node &body, const Node &created)
{
    for (const Call &call : callsNamed({"sync_all", "sync_data"}, body)) {
        if (call.node.index() > created.index() && call.isMethod() &&
            !mentions(call.receiver.text(), {"dir", "folder", "parent"}))
            return call.node;
    }
    return {};
}

} // namespace

void check_create_without_dir_sync(const RuleInput &input, Reporter &reporter)
{
    if (!hasAny(input.file, {"sync_all", "sync_data"}))
        return;
    for (const rust::Function &function : input.file.functions()) {
        if (!function.body || !hasAny(function.body.text(), {"sync_all", "sync_data"}) ||
            !isStorageCode(function))
            continue;
        const Node created = createdIn(function.body, input.file);
        const Node synced = created ? syncOfFile(function.body, created) : Node();
        if (!synced || function.body.text().find("rename") != std::string_view::npos)
            continue;
        std::size_t syncs = 0;
        for (const Call &call : rust::callsIn(function.body))
            syncs += isSync(call, input.file, input.model) ? 1 : 0;
        if (syncs > 1 || callerSyncs(function, input.model).after)
            continue;
        const std::string name = quoted(function.name, 28);
        Draft draft;
        draft.at = created;
        draft.title = fittingTitle(
            {name + " syncs a new file and not its directory", "A new file is synced without its directory"});
        draft.steps = {{"writer", "creates a file and syncs its contents", created},
                       {"writer", "reports success; the file's name is only in the kernel's memory", synced},
                       {"power loss", "leaves the directory without the new name", created}};
        draft.outcome = "After the restart the file does not exist, although it was synced.";
        draft.facts = {"resolved: the only sync in " + name + " is that of the file",
                       "assumed: by its name this code keeps data that must survive a crash"};
        draft.evidence = {synced};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
