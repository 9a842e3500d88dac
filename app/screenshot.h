// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/workspace.h"
#include "ui/main_window.h"

#include <QString>

#include <functional>

namespace app {

/// Takes one picture of the window as a reader would see it, and returns the program's exit status. `open`
/// begins to open something; it is reviewed, unless it is a saved review, and the gravest finding is shown.
/// Null: the start page.
int takeScreenshot(ui::MainWindow &window, const models::Workspace &workspace, const QString &file,
                   const std::function<void()> &open);

} // namespace app
