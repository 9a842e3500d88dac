// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/suggestion_applier.h"

#include <algorithm>
#include <map>

namespace models {

namespace {

SuggestionPreview makePreview(const review::Finding &finding, const std::string &workTree)
{
    SuggestionPreview preview;
    preview.finding = QString::fromStdString(finding.id);
    const review::Suggestion &suggestion = *finding.suggestion;
    const auto fail = [&](const git::Error &error) {
        preview.state = QString::fromStdString(error.message);
        return preview;
    };
    git::Result<std::unique_ptr<git::WorkTree>> tree = git::openWorkTree(workTree);
    if (!tree)
        return fail(tree.error());
    const git::Result<git::WorkFile> file = (*tree)->read(suggestion.path, git::maxTextBytes);
    if (!file)
        return fail(file.error());
    const review::Location location = review::locate(suggestion, file->bytes);
    preview.state = QString::fromStdString(review::toText(location, suggestion));
    const git::Result<std::string> after = review::applyTo(file->bytes, suggestion);
    if (!after)
        return preview;
    preview.applicable = true;
    constexpr std::uint32_t regularFile = 0100644;
    const git::FileSide side{suggestion.path, {}, regularFile};
    preview.view = makeFileView({git::FileStatus::Modified, side, side, 0},
                                {git::ContentKind::Text, git::ContentKind::Text, file->bytes, *after});
    return preview;
}

std::vector<std::string> reviewedPaths(const git::Diff &diff)
{
    std::vector<std::string> paths;
    for (const git::FileDelta &delta : diff.files)
        paths.push_back(delta.path());
    return paths;
}

/// How the changes stand in the files as they are now; where a file is neither as before nor as after one of
/// them, as they were.
std::vector<review::AppliedChange> lookAt(std::vector<review::AppliedChange> applied, git::WorkTree &tree)
{
    std::map<std::string, std::vector<review::AppliedChange *>> byPath;
    for (review::AppliedChange &change : applied)
        byPath[change.path].push_back(&change);
    for (const auto &[path, changes] : byPath) {
        const git::Result<git::WorkFile> file = tree.read(path, git::maxTextBytes);
        if (!file)
            continue;
        const auto isNext = [&](const auto *change) { return change->before == file->bytes; };
        const auto next = std::find_if(changes.begin(), changes.end(), isNext);
        if (next == changes.end() && changes.back()->after != file->bytes)
            continue;
        for (auto change = changes.begin(); change != changes.end(); ++change)
            (*change)->undone = change >= next;
    }
    return applied;
}

QString noWorkTree()
{
    return SuggestionApplier::tr("There is no work tree to write to: what is open has no checked-out files. "
                                 "Save the suggestion as a patch instead.");
}

} // namespace

SuggestionApplier::SuggestionApplier(Workspace &workspace, QObject *parent)
    : QObject(parent)
    , m_workspace(workspace)
{
    connect(&m_workspace, &Workspace::aboutToBeReplaced, this, &SuggestionApplier::finish);
    connect(&m_workspace, &Workspace::replaced, this, [this] {
        m_previews.cancel();
        m_looks.cancel();
        refresh();
    });
    connect(&m_workspace, &Workspace::refreshed, this, &SuggestionApplier::refresh);
}

void SuggestionApplier::refresh()
{
    const Opened &opened = m_workspace.opened();
    if (m_writing || opened.workTree.empty() || opened.session.applied.empty())
        return;
    m_looks.start([this, workTree = opened.workTree, before = opened.session.applied](std::stop_token,
                                                                                      const Job::Post &post) {
        git::Result<std::unique_ptr<git::WorkTree>> tree = git::openWorkTree(workTree);
        if (!tree)
            return;
        const std::vector<review::AppliedChange> now = lookAt(before, **tree);
        if (now == before)
            return;
        post([this, before, now] {
            if (m_workspace.session().applied != before)
                return;
            m_workspace.setApplied(now);
            for (std::size_t i = 0; i < now.size(); ++i)
                if (now[i].undone != before[i].undone)
                    decideApplied(QString::fromStdString(now[i].finding), !now[i].undone);
        });
    });
}

void SuggestionApplier::finish()
{
    if (m_writing)
        m_writes.finish();
}

void SuggestionApplier::preview(const QString &id)
{
    const review::Finding *finding = m_workspace.finding(id);
    if (!finding || !finding->suggestion)
        return;
    const std::string workTree = m_workspace.opened().workTree;
    if (workTree.empty()) {
        emit failed(noWorkTree());
        return;
    }
    m_previews.start([this, finding = *finding, workTree](std::stop_token, const Job::Post &post) {
        const SuggestionPreview preview = makePreview(finding, workTree);
        post([this, preview] { emit previewed(preview); });
    });
}

void SuggestionApplier::write(const Change &change,
                              const std::function<void(const review::AppliedChange &)> &done)
{
    const std::string workTree = m_workspace.opened().workTree;
    if (workTree.empty()) {
        emit failed(noWorkTree());
        return;
    }
    if (m_writing)
        return;
    m_writing = true;
    m_writes.start([this, change, done, workTree,
                    paths = reviewedPaths(m_workspace.diff())](std::stop_token, const Job::Post &post) {
        git::Result<std::unique_ptr<git::WorkTree>> tree = git::openWorkTree(workTree);
        git::Result<review::AppliedChange> changed = git::Error{};
        if (tree) {
            review::Applier applier(**tree, paths);
            changed = change(applier);
        } else {
            changed = tree.error();
        }
        post([this, changed, done] {
            m_writing = false;
            if (changed)
                done(*changed);
            else
                emit failed(QString::fromStdString(changed.error().message));
        });
    });
}

void SuggestionApplier::apply(const QString &id)
{
    const review::Finding *finding = m_workspace.finding(id);
    if (!finding || !finding->suggestion)
        return;
    write([finding = *finding](review::Applier &applier) { return applier.apply(finding); },
          [this, id](const review::AppliedChange &change) {
              std::vector<review::AppliedChange> applied = m_workspace.session().applied;
              // What was taken back there can't be made again: it starts from another text.
              std::erase_if(applied, [&](const review::AppliedChange &other) {
                  return other.undone && other.path == change.path;
              });
              applied.push_back(change);
              setApplied(std::move(applied), id, true);
              emit this->applied(id, change.path);
          });
}

/// The latest change that stands, or the first of those taken back after it.
std::optional<std::size_t> SuggestionApplier::latest(bool undone) const
{
    const std::vector<review::AppliedChange> &applied = m_workspace.session().applied;
    std::size_t end = applied.size();
    while (end > 0 && applied[end - 1].undone)
        --end;
    if (undone)
        return end < applied.size() ? std::optional(end) : std::nullopt;
    return end > 0 ? std::optional(end - 1) : std::nullopt;
}

bool SuggestionApplier::canUndo() const
{
    return latest(false).has_value();
}

bool SuggestionApplier::canRedo() const
{
    return latest(true).has_value();
}

void SuggestionApplier::undo()
{
    if (const std::optional<std::size_t> index = latest(false))
        undoAt(*index);
}

void SuggestionApplier::undo(const QString &finding)
{
    const std::vector<review::AppliedChange> &applied = m_workspace.session().applied;
    for (std::size_t index = applied.size(); index-- > 0;)
        if (!applied[index].undone && applied[index].finding == finding.toStdString())
            return undoAt(index);
}

void SuggestionApplier::undoAt(std::size_t index)
{
    review::AppliedChange change = m_workspace.session().applied[index];
    const QString id = QString::fromStdString(change.finding);
    write(
        [change](review::Applier &applier) mutable -> git::Result<review::AppliedChange> {
            if (const git::Result<void> undone = applier.undo(change); !undone)
                return undone.error();
            return change;
        },
        [this, index, id](const review::AppliedChange &change) {
            std::vector<review::AppliedChange> applied = m_workspace.session().applied;
            applied[index] = change;
            setApplied(std::move(applied), id, false);
            emit undone(id, change.path);
        });
}

void SuggestionApplier::redo()
{
    const std::optional<std::size_t> index = latest(true);
    if (!index)
        return;
    review::AppliedChange change = m_workspace.session().applied[*index];
    const QString id = QString::fromStdString(change.finding);
    write(
        [change](review::Applier &applier) mutable -> git::Result<review::AppliedChange> {
            if (const git::Result<void> redone = applier.redo(change); !redone)
                return redone.error();
            return change;
        },
        [this, index, id](const review::AppliedChange &change) {
            std::vector<review::AppliedChange> applied = m_workspace.session().applied;
            applied[*index] = change;
            setApplied(std::move(applied), id, true);
            emit this->applied(id, change.path);
        });
}

void SuggestionApplier::setApplied(std::vector<review::AppliedChange> applied, const QString &finding,
                                   bool isApplied)
{
    m_workspace.setApplied(applied);
    decideApplied(finding, isApplied);
}

void SuggestionApplier::decideApplied(const QString &finding, bool isApplied)
{
    using State = review::Decision::State;
    const review::Decision *decision = m_workspace.decision(finding);
    if (isApplied)
        m_workspace.decide(finding, review::Decision{State::Applied, {}});
    else if (decision && decision->state == State::Applied)
        m_workspace.decide(finding, std::nullopt);
}

QByteArray SuggestionApplier::patch(const QString &id) const
{
    const review::Finding *finding = m_workspace.finding(id);
    if (!finding || !finding->suggestion)
        return {};
    const review::Suggestion &suggestion = *finding->suggestion;
    for (const review::ReviewFile &file : m_workspace.files())
        if (file.delta.path() == suggestion.path && file.texts.newKind == git::ContentKind::Text)
            return QByteArray::fromStdString(
                review::renderSuggestionPatch(suggestion, file.texts.newText, file.delta.newSide.mode));
    return {};
}

} // namespace models
