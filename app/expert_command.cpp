// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands.h"
#include "app/console.h"
#include "git/display.h"
#include "review/worker/worker.h"

#include <algorithm>
#include <unistd.h>

namespace app {

int runExpert(const ExpertCommand &command)
{
    const std::vector<std::string> known = review::expertNames();
    if (std::find(known.begin(), known.end(), command.name) == known.end()) {
        printMessage("There is no expert named " + git::displayName(command.name) + ".");
        return WrongInput;
    }
    return review::runWorker(
        [&](review::Pace pace) { return review::makeExpert(command.name, command.cacheFolder, pace); },
        STDIN_FILENO, STDOUT_FILENO);
}

} // namespace app
