// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/position.h"
#include "models/file_view.h"
#include "review/finding.h"

#include <QSet>
#include <QString>
#include <QWidget>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace ui {

/// A finding's mark beside a line. `line` is 0-based in the side's text.
struct FindingMark {
    QString id;
    git::Side side = git::Side::New;
    std::uint32_t line = 0;
    review::Severity severity = review::Severity::Medium;
    QString title;
};

/// Both sides of one file beside each other: one reused pair of read-only QScintilla editors, padded with gap
/// rows, scrolling as one; a margin to choose hunks; a strip that shows where changes and findings are; the
/// enclosing item as a breadcrumb. Shows what it is given and emits what the reader did; knows no repository
/// and no workspace.
class DiffView : public QWidget {
    Q_OBJECT

public:
    explicit DiffView(QWidget *parent = nullptr);
    ~DiffView() override;

    /// Replaces what is shown; keeps the reader's place when it is the same file. Null: empty.
    void show(std::shared_ptr<const models::FileView> view);
    /// Hunk ids of the shown file that are chosen for review.
    void setChosenHunks(const QSet<QString> &hunks);
    /// Marks never move the reader.
    void setFindingMarks(const std::vector<FindingMark> &marks);
    void setBusy(const QString &message); ///< "Reading src/db.rs …", shown after 100 ms

    /// Moves to the next or previous change; false when there is none left in this direction in this file.
    bool goToNextChange();
    bool goToPreviousChange();
    void goToFirstChange();
    void goToLastChange();
    void goToLine(git::Side side, std::uint32_t line); ///< centred, the line flashes
    void toggleCurrentHunk();
    /// The line at the caret, 0-based in the side's text; none when nothing is shown.
    std::optional<std::pair<git::Side, std::uint32_t>> currentLine() const;
    void openSearch(); ///< a search bar over both sides

signals:
    void hunkToggled(const QString &hunk, bool chosen);
    void findingActivated(const QString &id);

protected:
    void changeEvent(QEvent *event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace ui
