// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/screenshot.h"

#include "app/console.h"

#include <QCoreApplication>
#include <QPixmap>
#include <QTimer>

#include <algorithm>
#include <chrono>

namespace app {
namespace {

using namespace std::chrono_literals;

constexpr QSize windowSize(1440, 900);
/// Styling and layout come in several steps after the last signal.
constexpr auto settleTime = 700ms;
constexpr auto patience = 120s;

void end(ExitStatus status)
{
    QCoreApplication::exit(status);
}

void saveSettled(ui::MainWindow &window, const QString &file)
{
    QTimer::singleShot(settleTime, &window, [&window, file] {
        if (window.grab().save(file, "PNG"))
            return end(Done);
        printMessage("Cannot write the picture " + file.toStdString());
        end(NotCompleted);
    });
}

void showGravest(ui::MainWindow &window, const models::Workspace &workspace)
{
    const auto &findings = workspace.session().findings;
    const auto gravest = std::min_element(findings.begin(), findings.end(), review::comesBefore);
    if (gravest != findings.end())
        window.selectFinding(QString::fromStdString(gravest->id));
}

} // namespace

int takeScreenshot(ui::MainWindow &window, const models::Workspace &workspace, const QString &file,
                   const std::function<void()> &open)
{
    const auto finish = [&window, &workspace, file] {
        showGravest(window, workspace);
        saveSettled(window, file);
    };
    QObject::connect(&window, &ui::MainWindow::factsCompleted, &window, [&window, &workspace, finish] {
        const bool reviewed = workspace.opened().kind == models::Opened::Kind::Session;
        if (reviewed || workspace.chosenCount() == 0)
            finish();
        else
            window.startReview();
    });
    QObject::connect(&window, &ui::MainWindow::reviewFinished, &window, finish);
    QObject::connect(&window, &ui::MainWindow::failed, &window, [](const QString &message) {
        printMessage(message.toStdString());
        end(WrongInput);
    });
    QTimer::singleShot(patience, &window, [] {
        printMessage("The window did not get ready in two minutes; there is no picture.");
        end(NotCompleted);
    });

    window.resize(windowSize);
    window.show();
    if (open)
        open();
    else
        saveSettled(window, file);
    return QCoreApplication::exec();
}

} // namespace app
