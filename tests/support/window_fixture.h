// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/scripted_expert.h"
#include "ui/main_window.h"
#include "ui/theme.h"

#include <QAction>
#include <QApplication>
#include <QSignalSpy>
#include <QTest>

namespace tests {

/// A window with settings of its own, a small repository and an expert that tells given findings.
class WindowFixture {
public:
    explicit WindowFixture(std::vector<review::Finding> findings = {}, std::chrono::milliseconds pause = {})
        : window(workspace, settings, scripted(std::move(findings), pause))
    {
        window.resize(1280, 800);
        window.show();
    }

    /// Opens the repository's branch and waits until all files are compared and the first is shown.
    bool open()
    {
        QSignalSpy completed(&window, &ui::MainWindow::factsCompleted);
        QSignalSpy shown(&window, &ui::MainWindow::fileShown);
        window.openRepository(repository.path(), *git::parseRange("main...feature"));
        return (completed.count() > 0 || completed.wait()) && (shown.count() > 0 || shown.wait());
    }

    bool review()
    {
        QSignalSpy finished(&window, &ui::MainWindow::reviewFinished);
        window.startReview();
        return finished.count() > 0 || finished.wait();
    }

    QAction *command(const char *id) const { return window.findChild<QAction *>(QLatin1String(id)); }

    ReviewedRepository repository;
    QTemporaryDir config;
    models::Settings settings{config.filePath(QStringLiteral("config")),
                              config.filePath(QStringLiteral("data"))};
    models::Workspace workspace;
    ui::MainWindow window;
};

} // namespace tests
