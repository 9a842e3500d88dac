// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/file_view.h"
#include "models/job.h"
#include "models/workspace.h"
#include "review/suggestion.h"

#include <QByteArray>
#include <QObject>
#include <QString>

#include <memory>

namespace models {

/// What applying a suggestion would do to the file as it is now.
struct SuggestionPreview {
    QString finding;
    bool applicable = false;
    QString state; ///< in words: "applies cleanly", "moved by 12 lines", why it can't be applied …
    std::shared_ptr<const FileView> view; ///< the file now and after; null when there is nothing to show
};

/// Previews, applies, takes back and repeats suggestions in the work tree, off the GUI thread; tells the
/// workspace what was done. Writes nothing before `apply`.
class SuggestionApplier : public QObject {
    Q_OBJECT

public:
    explicit SuggestionApplier(Workspace &workspace, QObject *parent = nullptr);

    void preview(const QString &finding);
    void apply(const QString &finding);
    bool canUndo() const;
    bool canRedo() const;
    void undo(); ///< the latest change
    void undo(const QString &finding);
    void redo();
    /// Looks whether the files still are as they were left: a change that others took back, or made again, is
    /// told to the workspace. Reads the changed files, off the GUI thread.
    void refresh();
    /// Waits until a write under way is recorded: what stands in a file must not be missing in the review.
    /// Costs writing one file; nothing otherwise.
    void finish();

    /// The suggestion as a patch file against the reviewed text; empty when that text is not at hand.
    QByteArray patch(const QString &finding) const;

signals:
    void previewed(const models::SuggestionPreview &preview);
    /// The file of that path was written.
    void applied(const QString &finding, const std::string &path);
    void undone(const QString &finding, const std::string &path);
    void failed(const QString &message);

private:
    using Change = std::function<git::Result<review::AppliedChange>(review::Applier &)>;
    void write(const Change &change, const std::function<void(const review::AppliedChange &)> &done);
    void undoAt(std::size_t index);
    std::optional<std::size_t> latest(bool undone) const;
    void decideApplied(const QString &finding, bool isApplied); ///< leaves what the reviewer said since
    void setApplied(std::vector<review::AppliedChange> applied, const QString &finding, bool isApplied);

    Workspace &m_workspace;
    bool m_writing = false; ///< one write after the other: each must be recorded
    Job m_previews{this};
    Job m_looks{this};
    Job m_writes{this};
};

} // namespace models
