// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long a 100,000-line file takes to open, and the longest time the window can't answer while it is
// scrolled:
//     diff_view_bench [OLD NEW]       two files instead of the made-up ones
#include "tests/support/event_loop_watchdog.h"
#include "ui/diff/diff_panes.h"
#include "ui/diff/styler.h"
#include "ui/diff_view.h"
#include "ui/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include <cstdio>
#include <ctime>

namespace {

std::string makeText(bool changed)
{
    std::string text;
    for (int i = 0; i < 100'000; ++i) {
        const std::string n = std::to_string(i);
        if (changed && i % 400 == 0)
            text += "    let added_" + n + " = self.engine.write(batch, &options)?; // new\n";
        text += changed && i % 50 == 0 ? "    let value_" + n + " = store.get(key, \"changed\")?;\n"
                                       : "    let value_" + n + " = store.read(key, \"text\")?;\n";
    }
    return text;
}

std::string read(const char *path)
{
    QFile file(QString::fromLocal8Bit(path));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s can't be read", path);
    return file.readAll().toStdString();
}

void report(const char *what, double milliseconds, double budget)
{
    std::printf("%-44s %8.1f ms   (budget %.0f)%s\n", what, milliseconds, budget,
                milliseconds > budget ? "  OVER" : "");
}

/// What this thread itself worked: on a busy machine the wall clock tells of others.
double threadMilliseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
}

class Bench {
public:
    explicit Bench(std::shared_ptr<const models::FileView> view) : m_file(std::move(view))
    {
        m_view.resize(1600, 1000);
        static_cast<QWidget &>(m_view).show();
        (void)QTest::qWaitForWindowExposed(&m_view);
    }

    void open()
    {
        QElapsedTimer time;
        time.start();
        const double begin = threadMilliseconds();
        m_view.show(m_file);
        report("open: work in one event", threadMilliseconds() - begin, 50);
        m_view.repaint();
        report("open: work to the first picture", threadMilliseconds() - begin, 300);
        report("open: time to the first picture", double(time.nsecsElapsed()) / 1e6, 300);
    }

    void whileStyling()
    {
        EventLoopWatchdog watchdog;
        QSignalSpy finished(m_view.findChild<ui::DiffPanes *>()->findChild<ui::Styler *>(),
                            &ui::Styler::finished);
        QElapsedTimer time;
        time.start();
        watchdog.begin();
        finished.wait(20'000);
        report("styling: until all is styled", double(time.nsecsElapsed()) / 1e6, 2000);
        report("styling: longest stall", watchdog.worst(), 50);
    }

    template <typename Step>
    void scroll(const char *what, int steps, Step step)
    {
        EventLoopWatchdog watchdog;
        QTest::qWait(50);
        watchdog.begin();
        double worst = 0;
        for (int i = 0; i < steps; ++i) {
            const double begin = threadMilliseconds();
            step(i);
            QTest::qWait(1);
            worst = std::max(worst, threadMilliseconds() - begin);
        }
        report(what, watchdog.worst(), 50);
        report("    its most work for one step", worst, 50);
    }

    void scrollAll()
    {
        auto *editor = m_view.findChildren<ui::DiffEditor *>().last();
        QScrollBar *bar = editor->verticalScrollBar();
        scroll("scroll by three lines: longest stall", 300, [&](int i) { bar->setValue(i * 3); });
        scroll("scroll by pages: longest stall", 300,
               [&](int) { QTest::keyClick(editor, Qt::Key_PageDown); });
        scroll("jump to and fro: longest stall", 100,
               [&](int i) { bar->setValue(i * 48'271 % bar->maximum()); });
        scroll("next change: longest stall", 300, [&](int) { m_view.goToNextChange(); });
    }

private:
    std::shared_ptr<const models::FileView> m_file;
    ui::DiffView m_view;
};

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    ui::applyTheme(application, ui::ThemeChoice::Light);
    git::FileDelta delta;
    delta.oldSide = delta.newSide = {argc > 2 ? argv[2] : "src/long.rs", "", 0100644};
    const git::FileTexts texts{git::ContentKind::Text, git::ContentKind::Text,
                               argc > 2 ? read(argv[1]) : makeText(false),
                               argc > 2 ? read(argv[2]) : makeText(true)};
    QElapsedTimer time;
    time.start();
    const auto view = models::makeFileView(delta, texts);
    std::printf("%zu rows, %zu hunks\n", view->alignment.rows.size(), view->hunks.size());
    report("worker: lines, rows and outline", double(time.nsecsElapsed()) / 1e6, 1000);
    Bench bench(view);
    bench.open();
    bench.whileStyling();
    bench.scrollAll();
}
