// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme.h"

#include <QString>

namespace ui {

/// The style sheet of the whole application in a theme's colours. Pure.
QString makeStyleSheet(const Theme &theme);

} // namespace ui
