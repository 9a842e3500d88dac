// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/command_line.h"
#include "review/session.h"

namespace app {

/// Renders the session in the output's format and writes it there.
git::Result<void> writeReport(const review::Session &session, const Output &output);

} // namespace app
