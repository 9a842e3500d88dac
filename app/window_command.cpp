// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window_command.h"

#include "app/console.h"
#include "app/screenshot.h"
#include "app/user_folders.h"
#include "models/read_ahead.h"
#include "review/worker/expert_list.h"
#include "review/worker/ready_worker.h"
#include "review/worker/worker_expert.h"
#include "ui/main_window.h"
#include "ui/theme.h"

#include <QApplication>
#include <QFile>

namespace app {
namespace {

/// Qt would end the program without a word that helps.
bool displayAvailable()
{
    return qEnvironmentVariableIsSet("QT_QPA_PLATFORM") || !qEnvironmentVariableIsEmpty("DISPLAY") ||
           !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
}

ui::ThemeChoice themeOf(const std::string &name)
{
    if (name == "light")
        return ui::ThemeChoice::Light;
    if (name == "dark")
        return ui::ThemeChoice::Dark;
    return name == "contrast" ? ui::ThemeChoice::HighContrast : ui::ThemeChoice::System;
}

/// The offscreen platform warns of each thing that it has no screen for.
void passGraveMessages(QtMsgType type, const QMessageLogContext &, const QString &message)
{
    if (type == QtCriticalMsg || type == QtFatalMsg)
        printMessage(message.toStdString());
}

void open(ui::MainWindow &window, const WindowCommand &command)
{
    if (command.sample)
        window.openSample();
    else if (!command.target.empty() || command.range)
        window.openAny(command.target.empty() ? QStringLiteral(".")
                                              : QFile::decodeName(command.target.c_str()),
                       command.range.value_or(git::Range{}));
}

} // namespace

int runWindow(const WindowCommand &command, const std::string &configFolder, char *program)
{
    if (!displayAvailable()) {
        if (command.screenshot.empty()) {
            printMessage("There is no display to open a window on. `ferriscope review` works without one; "
                         "see --help.");
            return WrongInput;
        }
        qputenv("QT_QPA_PLATFORM", "offscreen");
        qInstallMessageHandler(passGraveMessages);
    }
    int argc = 1;
    char *argv[] = {program, nullptr};
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("ferriscope"));
    QApplication::setApplicationDisplayName(QStringLiteral("Ferriscope"));
    QApplication::setApplicationVersion(QStringLiteral(FERRISCOPE_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("ferriscope"));
    models::Settings settings(QFile::decodeName(configFolder.c_str()));
    ui::applyTheme(application, command.theme.empty() ? ui::savedTheme(settings) : themeOf(command.theme));

    models::Workspace workspace;
    const auto experts = review::ExpertList::read(settings.configFolder().toStdString());
    const review::ExpertList known = experts ? *experts : review::ExpertList();
    review::ReadyWorker worker(cacheFolder());
    ui::MainWindow window(workspace, settings,
                          [&](const std::string &name) -> std::unique_ptr<review::Expert> {
                              if (const review::WorkerProgram *program = known.program(name))
                                  return std::make_unique<review::WorkerExpert>(*program);
                              return worker.make(name);
                          });
    models::ReadAhead reader(workspace, [folder = cacheFolder()] {
        return review::makeWorkerExpert(review::expertNames().front(), folder);
    });
    QObject::connect(&window, &ui::MainWindow::opened, [&worker] { worker.prepare(); });
    QObject::connect(&window, &ui::MainWindow::reviewFinished, [&worker] { worker.prepare(); });
    window.offerExperts(known.names(), experts ? QString() : QString::fromStdString(experts.error().message));
    const bool opens = command.sample || !command.target.empty() || command.range;
    if (!command.screenshot.empty())
        return takeScreenshot(window, workspace, QFile::decodeName(command.screenshot.c_str()),
                              opens ? [&] { open(window, command); } : std::function<void()>());
    window.show();
    open(window, command);
    return QApplication::exec();
}

} // namespace app
