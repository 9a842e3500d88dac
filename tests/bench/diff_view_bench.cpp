// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long a 100,000-line file takes to open, and the longest time the window can't answer while it is
// scrolled; status 1 when that is too long:
//     diff_view_bench [OLD NEW]       two files instead of the made-up ones
#include "tests/support/event_loop_watchdog.h"
#include "tests/support/limits.h"
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

/// What this thread itself worked: on a busy machine the wall clock tells of others.
double threadMilliseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
}

class Bench {
public:
    Bench(std::shared_ptr<const models::FileView> view, tests::Limits &limits)
        : m_file(std::move(view))
        , m_limits(limits)
    {
        m_view.resize(1600, 1000);
        static_cast<QWidget &>(m_view).show();
        (void)QTest::qWaitForWindowExposed(&m_view);
    }

    void open(double reading)
    {
        QElapsedTimer time;
        time.start();
        const double begin = threadMilliseconds();
        m_view.show(m_file);
        m_limits.report("open: work in one event", threadMilliseconds() - begin, 50);
        m_view.repaint();
        m_limits.report("open: reading and first picture", reading + double(time.nsecsElapsed()) / 1e6, 300);
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
        m_limits.report("styling: until all is styled", double(time.nsecsElapsed()) / 1e6, 2000);
        m_limits.report("styling: longest stall", watchdog.worst(), 50);
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
        m_limits.report(what, watchdog.worst(), 50);
        m_limits.report("    its most work for one step", worst, 50);
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
    tests::Limits &m_limits;
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
    tests::Limits limits;
    const double reading = double(time.nsecsElapsed()) / 1e6;
    std::printf("reading thread: lines, rows and outline %.1f ms\n", reading);
    Bench bench(view, limits);
    bench.open(reading);
    bench.whileStyling();
    bench.scrollAll();
    return limits.conclude();
}
