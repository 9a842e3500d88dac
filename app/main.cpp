// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line.h"
#include "app/commands.h"
#include "app/console.h"

#include <cstdio>

namespace {

int run(const app::HelpCommand &command)
{
    const auto written = app::writeResult(app::helpText(command.verb), {});
    return written ? app::Done : app::NotCompleted;
}

int run(const app::VersionCommand &)
{
    const auto written = app::writeResult("ferriscope " FERRISCOPE_VERSION "\n", {});
    return written ? app::Done : app::NotCompleted;
}

int run(const app::ReviewCommand &command)
{
    return app::runReview(command);
}

int run(const app::ReportCommand &command)
{
    return app::runReport(command);
}

int run(const app::ApplyCommand &command)
{
    return app::runApply(command);
}

int run(const app::RulesCommand &command)
{
    return app::runRules(command);
}

int run(const app::WindowCommand &)
{
    return app::WrongInput;
}

} // namespace

int main(int argc, char *argv[])
{
    const auto line = app::parseCommandLine({argv + 1, argv + argc});
    if (!line) {
        app::printMessage(line.error().message);
        std::fputs("Try 'ferriscope --help'.\n", stderr);
        return app::WrongInput;
    }
    return std::visit([](const auto &command) { return run(command); }, line->command);
}
