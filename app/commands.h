// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/command_line.h"

#include <string>

namespace app {

// The commands without a window: each runs one and returns the program's exit status. None needs a
// QApplication. `configFolder` is `--config`.
int runReview(const ReviewCommand &command, const std::string &configFolder);
int runReport(const ReportCommand &command);
int runApply(const ApplyCommand &command);
int runRules(const RulesCommand &command);
int runExpert(const ExpertCommand &command);
/// `rules test FILE`.
int runRulesTest(const std::string &file);

} // namespace app
