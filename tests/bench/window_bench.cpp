// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a reader waits for in the window:
//     window_bench                          the sample: from the click on Review to the first and the last
//     finding window_bench REPOSITORY BASE HEAD     until the list of files is on screen, beside `git diff
//     --raw -M` of the same run
#include "git/range.h"
#include "models/settings.h"
#include "models/workspace.h"
#include "tests/support/event_loop_watchdog.h"
#include "ui/main_window.h"
#include "ui/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>
#include <memory>

namespace {

constexpr int patience = 120'000;

double milliseconds(const QElapsedTimer &time)
{
    return double(time.nsecsElapsed()) / 1e6;
}

/// A window on settings of its own, so that nothing is remembered from run to run.
struct Window {
    QTemporaryDir folder;
    models::Settings settings{folder.path()};
    models::Workspace workspace;
    ui::MainWindow window{workspace, settings};

    Window()
    {
        window.resize(1600, 1000);
        window.show();
        (void)QTest::qWaitForWindowExposed(&window);
    }
};

bool reviewSample()
{
    Window shown;
    QSignalSpy compared(&shown.window, &ui::MainWindow::factsCompleted);
    shown.window.openSample();
    if (!compared.wait(patience))
        return false;
    QTest::qWait(300); // styling ends

    QElapsedTimer time;
    double first = -1;
    QObject::connect(&shown.workspace, &models::Workspace::recorded, &shown.window, [&] {
        if (first < 0 && !shown.workspace.session().findings.empty())
            first = milliseconds(time);
    });
    QSignalSpy finished(&shown.window, &ui::MainWindow::reviewFinished);
    EventLoopWatchdog watchdog;
    time.start();
    watchdog.begin();
    shown.window.startReview();
    if (!finished.wait(patience))
        return false;
    std::printf("sample: first finding %.0f ms, all %zu findings %.0f ms, longest stall %.0f ms\n", first,
                shown.workspace.session().findings.size(), milliseconds(time), watchdog.worst());
    return true;
}

double timeGit(const QString &repository, const QString &range)
{
    QElapsedTimer time;
    time.start();
    QProcess git;
    git.setStandardOutputFile(QProcess::nullDevice());
    git.start(QStringLiteral("git"), {QStringLiteral("-C"), repository, QStringLiteral("diff"),
                                      QStringLiteral("--raw"), QStringLiteral("-M"), range});
    git.waitForFinished(patience);
    return milliseconds(time);
}

bool listFiles(const QString &repository, const QString &base, const QString &head)
{
    const QString text = base + QStringLiteral("..") + head;
    const auto range = git::parseRange(text.toStdString());
    if (!range)
        return false;
    for (int run = 0; run < 5; ++run) {
        const double git = timeGit(repository, text);
        Window shown;
        QSignalSpy opened(&shown.window, &ui::MainWindow::opened);
        QSignalSpy compared(&shown.window, &ui::MainWindow::factsCompleted);
        EventLoopWatchdog watchdog;
        QElapsedTimer time;
        time.start();
        shown.window.openRepository(repository, *range);
        if (!opened.wait(patience))
            return false;
        shown.window.repaint();
        const double listed = milliseconds(time);
        watchdog.begin();
        if (compared.isEmpty() && !compared.wait(patience))
            return false;
        std::printf(
            "%d files: listed in %.0f ms, git diff --raw -M %.0f ms, ratio %.2f; all compared %.0f ms, "
            "longest stall meanwhile %.0f ms\n",
            shown.workspace.fileCount(), listed, git, listed / git, milliseconds(time), watchdog.worst());
    }
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    ui::applyTheme(application, ui::ThemeChoice::Light);
    const QStringList arguments = QCoreApplication::arguments();
    const bool done =
        arguments.size() == 4 ? listFiles(arguments[1], arguments[2], arguments[3]) : reviewSample();
    if (!done)
        std::fputs("The window did not get there.\n", stderr);
    return done ? 0 : 1;
}
