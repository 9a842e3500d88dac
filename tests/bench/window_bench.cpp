// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a reader waits for in the window; status 1 when that is too long:
//     window_bench
//         the sample: from the click on Review to the first and the last finding
//     window_bench REPOSITORY BASE HEAD
//         until the list of files is on screen, beside `git diff --raw -M` of the same run
#include "git/range.h"
#include "models/settings.h"
#include "models/workspace.h"
#include "review/worker/ready_worker.h"
#include "review/worker/worker.h"
#include "tests/support/event_loop_watchdog.h"
#include "tests/support/limits.h"
#include "ui/main_window.h"
#include "ui/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <unistd.h>

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
    review::ReadyWorker worker{{}};
    ui::MainWindow window{workspace, settings, [this](const std::string &name) { return worker.make(name); }};

    Window()
    {
        QObject::connect(&window, &ui::MainWindow::opened, [this] { worker.prepare(); });
        window.resize(1600, 1000);
        window.show();
        (void)QTest::qWaitForWindowExposed(&window);
    }
};

bool reviewSample(tests::Limits &limits)
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
    const double last = milliseconds(time);
    std::printf("%zu findings\n", shown.workspace.session().findings.size());
    limits.report("sample: first finding", first < 0 ? patience : first, 150);
    limits.report("sample: all findings", last, 1000);
    limits.report("sample: longest stall meanwhile", watchdog.worst(), 50);
    return true;
}

/// None where git gives up, as it does in a clone that lacks blobs: the time until then says nothing.
std::optional<double> timeGit(const QString &repository, const QString &range)
{
    QElapsedTimer time;
    time.start();
    QProcess git;
    git.setStandardOutputFile(QProcess::nullDevice());
    git.start(QStringLiteral("git"), {QStringLiteral("-C"), repository, QStringLiteral("diff"),
                                      QStringLiteral("--raw"), QStringLiteral("-M"), range});
    git.waitForFinished(patience);
    if (git.exitStatus() != QProcess::NormalExit || git.exitCode() != 0)
        return {};
    return milliseconds(time);
}

bool listFiles(const QString &repository, const QString &base, const QString &head, tests::Limits &limits)
{
    const QString text = base + QStringLiteral("..") + head;
    const auto range = git::parseRange(text.toStdString());
    if (!range)
        return false;
    for (int run = 0; run < 5; ++run) {
        const std::optional<double> git = timeGit(repository, text);
        if (!git) {
            std::fputs("git diff --raw -M fails on this range: choose another.\n", stderr);
            return false;
        }
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
        std::printf("%d files: listed in %.0f ms, git diff --raw -M %.0f ms; all compared %.0f ms\n",
                    shown.workspace.fileCount(), listed, *git, milliseconds(time));
        limits.report("listed, in times of git's", listed / *git, 2, "times");
        limits.report("longest stall while files are compared", watchdog.worst(), 50);
    }
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc == 3 && std::strcmp(argv[1], "expert") == 0) // the window's worker is the same program
        return review::runWorker([&](review::Pace pace) { return review::makeExpert(argv[2], {}, pace); },
                                 STDIN_FILENO, STDOUT_FILENO);
    QApplication application(argc, argv);
    ui::applyTheme(application, ui::ThemeChoice::Light);
    const QStringList arguments = QCoreApplication::arguments();
    tests::Limits limits;
    const bool done = arguments.size() == 4 ? listFiles(arguments[1], arguments[2], arguments[3], limits)
                                            : reviewSample(limits);
    if (!done) {
        std::fputs("The window did not get there.\n", stderr);
        return 1;
    }
    return limits.conclude();
}
