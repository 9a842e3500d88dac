// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands.h"
#include "app/console.h"
#include "app/overlay_tree.h"
#include "git/display.h"
#include "git/patch.h"
#include "git/repository.h"
#include "git/work_tree.h"
#include "review/session.h"
#include "review/suggestion.h"

#include <algorithm>
#include <cstdio>
#include <memory>

namespace app {
namespace {

using git::Error;
using git::ErrorKind;
using git::Result;
using review::AppliedChange;
using review::Finding;

/// The finding of that id, or the only one whose id starts so.
Result<const Finding *> findFinding(const review::Session &session, const std::string &id)
{
    const Finding *found = nullptr;
    for (const Finding &finding : session.findings) {
        if (finding.id == id)
            return &finding;
        if (!finding.id.starts_with(id))
            continue;
        if (found)
            return Error{ErrorKind::InvalidInput,
                         "Several findings start with " + git::displayName(id) + "."};
        found = &finding;
    }
    if (!found)
        return Error{ErrorKind::NotFound, "The session has no finding " + git::displayName(id) +
                                              "; `ferriscope report` names them."};
    return found;
}

Result<std::vector<const Finding *>> findAll(const review::Session &session,
                                             const std::vector<std::string> &ids)
{
    std::vector<const Finding *> all;
    for (const std::string &id : ids) {
        const auto finding = findFinding(session, id);
        if (!finding)
            return finding.error();
        if (std::find(all.begin(), all.end(), *finding) == all.end())
            all.push_back(*finding);
    }
    return all;
}

Result<std::string> workTreeOf(const review::Session &session, const std::string &given)
{
    const std::string path = given.empty() ? session.diff.repository : given;
    if (path.empty())
        return Error{ErrorKind::InvalidInput,
                     "The session does not come from a repository: name the work tree with --repo."};
    const auto repository = git::Repository::open(path);
    if (!repository)
        return repository.error();
    if (repository->workTree().empty())
        return Error{ErrorKind::InvalidInput,
                     git::displayName(path) + " is a bare repository: name a work tree with --repo."};
    return repository->workTree();
}

/// The files that were reviewed, the only ones that may be written.
std::vector<std::string> reviewedPaths(const review::Session &session)
{
    std::vector<std::string> paths;
    for (const review::ReviewFile &file : session.files)
        paths.push_back(file.delta.path());
    return paths;
}

Error about(const Finding &finding, const Error &error)
{
    return {error.kind, finding.id + " (" + finding.title + "): " + error.message};
}

/// Applies all of them, or none: after a failure, what was applied is taken back.
Result<std::vector<AppliedChange>> applyAll(review::Applier &applier,
                                            const std::vector<const Finding *> &findings)
{
    std::vector<AppliedChange> changes;
    for (const Finding *finding : findings) {
        auto change = finding->suggestion ? applier.apply(*finding)
                                          : Error{ErrorKind::InvalidInput, "it has no suggestion to apply"};
        if (change) {
            changes.push_back(*std::move(change));
            continue;
        }
        Error error = about(*finding, change.error());
        for (auto applied = changes.rbegin(); applied != changes.rend(); ++applied)
            if (auto undone = applier.undo(*applied); !undone)
                error.message += " " + git::displayName(applied->path) +
                                 " could not be taken back: " + undone.error().message;
        return error;
    }
    return changes;
}

/// Takes back the newest change of each finding. The changes of one file must be taken back in reverse.
Result<std::vector<const AppliedChange *>> undoAll(review::Applier &applier,
                                                   std::vector<AppliedChange> &applied,
                                                   const std::vector<const Finding *> &findings)
{
    std::vector<const AppliedChange *> undone;
    for (auto change = applied.rbegin(); change != applied.rend(); ++change) {
        const auto chosen = std::find_if(findings.begin(), findings.end(), [&](const Finding *finding) {
            return finding->id == change->finding;
        });
        if (change->undone || chosen == findings.end())
            continue;
        if (auto taken = applier.undo(*change); !taken)
            return about(**chosen, taken.error());
        change->undone = true;
        undone.push_back(&*change);
    }
    if (undone.empty())
        return Error{ErrorKind::NotFound,
                     "Nothing to take back: the session has no applied suggestion of these findings."};
    return undone;
}

/// Says what would change, as a patch, without a write.
int dryRun(git::WorkTree &tree, const review::Session &session, const std::vector<const Finding *> &findings,
           bool undo)
{
    OverlayTree overlay(tree);
    review::Applier applier(overlay, reviewedPaths(session));
    std::vector<AppliedChange> journal = session.applied;
    if (undo) {
        if (const auto undone = undoAll(applier, journal, findings); !undone)
            return fail(undone.error(), NotCompleted);
    } else if (const auto applied = applyAll(applier, findings); !applied) {
        return fail(applied.error(), NotCompleted);
    }
    const auto written = writeResult(overlay.renderPatch(), {});
    return written ? Done : fail(written.error(), NotCompleted);
}

/// Records in the session's file what was done to the work tree.
int keep(const ApplyCommand &command, const std::vector<AppliedChange> &journal,
         const std::vector<std::string> &findings)
{
    auto store = review::SessionStore::open(command.session);
    const review::Decision decision{review::Decision::State::Applied, {}};
    git::Result<void> kept = store ? store->putApplied(journal) : Result<void>(store.error());
    for (auto finding = findings.begin(); kept && finding != findings.end(); ++finding)
        kept = store->putDecision(*finding, command.undo ? nullptr : &decision);
    if (kept)
        return Done;
    printMessage("The work tree was changed, but the session could not record it:");
    return fail(kept.error(), NotCompleted);
}

void printDone(const std::string &workTree, const AppliedChange &change, bool undo)
{
    const std::string line = std::string(undo ? "Took back " : "Applied ") + change.finding + " in " +
                             git::displayName(workTree + "/" + change.path) + "\n";
    std::fputs(line.c_str(), stdout);
}

} // namespace

int runApply(const ApplyCommand &command)
{
    const auto session = review::loadSession(command.session);
    if (!session)
        return fail(session.error());
    const auto findings = findAll(*session, command.findings);
    if (!findings)
        return fail(findings.error());
    const auto root = workTreeOf(*session, command.repository);
    if (!root)
        return fail(root.error());
    const auto tree = git::openWorkTree(*root);
    if (!tree)
        return fail(tree.error());
    if (command.dryRun)
        return dryRun(**tree, *session, *findings, command.undo);

    review::Applier applier(**tree, reviewedPaths(*session));
    std::vector<AppliedChange> journal = session->applied;
    std::vector<std::string> done;
    if (command.undo) {
        const auto undone = undoAll(applier, journal, *findings);
        if (!undone)
            return fail(undone.error(), NotCompleted);
        for (const AppliedChange *change : *undone) {
            printDone(*root, *change, true);
            done.push_back(change->finding);
        }
    } else {
        const auto applied = applyAll(applier, *findings);
        if (!applied)
            return fail(applied.error(), NotCompleted);
        for (const AppliedChange &change : *applied) {
            printDone(*root, change, false);
            done.push_back(change.finding);
            journal.push_back(change);
        }
    }
    return keep(command, journal, done);
}

} // namespace app
