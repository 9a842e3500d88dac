// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/window_command.h"

#include <cstdio>

namespace {

int print(const std::string &text)
{
    const auto written = app::writeResult(text, {});
    return written ? app::Done : app::fail(written.error(), app::NotCompleted);
}

/// Runs the command that was read; only the window's makes a QApplication.
struct Runner {
    const std::string &configFolder;
    char *program;

    int operator()(const app::HelpCommand &command) const { return print(app::helpText(command.verb)); }
    int operator()(const app::VersionCommand &) const { return print("ferriscope " FERRISCOPE_VERSION "\n"); }
    int operator()(const app::ReviewCommand &command) const { return app::runReview(command, configFolder); }
    int operator()(const app::ReportCommand &command) const { return app::runReport(command); }
    int operator()(const app::ApplyCommand &command) const { return app::runApply(command); }
    int operator()(const app::RulesCommand &command) const { return app::runRules(command); }
    int operator()(const app::ExpertCommand &command) const { return app::runExpert(command); }
    int operator()(const app::WindowCommand &command) const
    {
        return app::runWindow(command, configFolder, program);
    }
};

} // namespace

int main(int argc, char *argv[])
{
    const auto line = app::parseCommandLine({argv + 1, argv + argc});
    if (!line) {
        app::printMessage(line.error().message);
        std::fputs("Try 'ferriscope --help'.\n", stderr);
        return app::WrongInput;
    }
    return std::visit(Runner{line->configFolder, argv[0]}, line->command);
}
