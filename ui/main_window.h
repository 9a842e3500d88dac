// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/range.h"
#include "models/review_run.h"
#include "models/settings.h"
#include "models/workspace.h"

#include <QMainWindow>

#include <memory>

namespace ui {

/// The one window: makes its parts, lays them out and remembers how they lay. `workspace` and `settings`
/// outlive it. Experts come from `experts` (tests give their own).
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(
        models::Workspace &workspace, models::Settings &settings,
        models::ExpertFactory experts = [](const std::string &name) { return review::makeExpert(name); });
    ~MainWindow() override;

    /// Each returns at once and works in the background; `opened` or `failed` follows.
    void openRepository(const QString &path, const git::Range &range = {});
    void openPatch(const QString &path);
    void openSession(const QString &path);
    void openSample();
    /// Whichever of the above the path is.
    void openAny(const QString &path, const git::Range &range = {});

    /// Instead of the built-in ones. `problem` is shown: why some that the user named are not among them.
    void offerExperts(const std::vector<std::string> &names, const QString &problem);
    void startReview(); ///< of the chosen hunks; starts once all files are compared
    void stopReview();
    void selectFinding(const QString &id); ///< shows its line and its detail

signals:
    void opened();         ///< the list of files is on screen
    void factsCompleted(); ///< every file was compared: counts and hunks are known
    void fileShown();      ///< the current file is in the diff view
    void reviewFinished();
    void failed(const QString &message);

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    bool event(QEvent *event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace ui
