// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/durability.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Node;

bool isPath(const Node &expression, const RuleInput &input)
{
    const rust::Type type = input.model.infer(expression, input.file);
    return isOneOf(type.peeled().name(), {"PathBuf", "Path"});
}

/// `std::fs::rename(&from, &to)?;` gets the two syncs around it where both paths are at hand.
void addSyncs(const Rename &rename, const RuleInput &input, Draft &draft)
{
    const Node statement = rust::statementOf(rename.call.node);
    if (!rename.from || !rename.call.node.parent().is("try_expression") ||
        rename.call.path.starts_with("tokio") || !statement.is("expression_statement") ||
        statement.firstNamedChild() != rename.call.node.parent())
        return;
    const std::string from = rust::placeText(rust::stripAdapters(rename.from));
    const std::string to = rust::placeText(rust::stripAdapters(rename.to));
    if (from.empty() || to.empty() || !isPath(rename.from, input) || !isPath(rename.to, input))
        return;
    const std::string indent = indentOf(statement);
    const git::ByteRange bytes = statement.bytes();
    if (!rename.syncedBefore)
        draft.edits.push_back(
            {{bytes.begin, bytes.begin}, "std::fs::File::open(&" + from + ")?.sync_all()?;\n" + indent});
    if (!rename.syncedAfter || rename.next)
        draft.edits.push_back({{bytes.end, bytes.end},
                               "\n" + indent + "if let Some(folder) = " + to + ".parent() {\n" + indent +
                                   "    std::fs::File::open(folder)?.sync_all()?;\n" + indent + "}"});
}

/// The function says that what it leaves is whole or lasts. Of a rename without such words many keep what can
/// be made anew, or what was synced when it was written.
bool promisesToLast(const rust::Function &function)
{
    return mentions(function.docs + std::string(function.node.text()),
                    {"atomic", "crash", "durab", "power loss", "power fail", "torn ", "fsync"});
}

} // namespace

void check_rename_without_fsync(const RuleInput &input, Reporter &reporter)
{
    for (const Rename &rename : renamesIn(input)) {
        const bool contentsLost = !rename.syncedBefore && rename.writes;
        if (!rename.next && (rename.syncedBefore || (rename.syncedAfter && !contentsLost)))
            continue;
        const std::string to = quoted(rename.to.text(), 24);
        Draft draft;
        draft.at = rename.call.node;
        draft.title =
            rename.next ? fittingTitle({"The next file is created before the rename to " + to + " is synced",
                                        "A file is created before a rename is synced"})
            : rename.syncedAfter
                ? fittingTitle({to + " gets its name before its contents are synced",
                                "A file gets its final name before its contents are synced"})
                : fittingTitle({"Neither " + to + " nor its directory is synced around the rename",
                                "Neither the renamed file nor its directory is synced"});
        draft.steps = {{"writer",
                        std::string(rename.writes ? "writes a file and " : "") + "renames it to " + to,
                        rename.call.node},
                       {"writer", "reports success; names and contents are still in the kernel's memory",
                        rename.function->node.field("name")},
                       {"power loss", "keeps the rename without the contents, or neither", rename.call.node}};
        draft.outcome = "After the restart the file is empty, short, or still has its old name.";
        draft.facts = {"resolved: no `sync_all` or `sync_data` comes before the rename in `" +
                           rename.function->path() + "` or its callers",
                       "assumed: by its name this code keeps data that must survive a crash"};
        if (rename.next) {
            draft.facts.front() = "resolved: another file is created after the rename and before any sync";
            draft.evidence = {rename.next};
        } else if (!rename.syncedAfter) {
            draft.facts.push_back("resolved: nothing is synced after it either");
        }
        // What came from elsewhere may have been synced where it was written.
        if (!rename.writes && !rename.next)
            draft.confidence = 0.8;
        if (!rename.next && !promisesToLast(*rename.function)) {
            draft.confidence *= 0.7;
            draft.facts.push_back("assumed: what is renamed could not be made anew");
        }
        addSyncs(rename, input, draft);
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
