// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme.h"

#include <QFont>
#include <QStyleOptionViewItem>

namespace ui {

/// What the delegates of lists draw alike: the font of a row's second line, and the ground of a row (chosen,
/// under the pointer, or nothing; a bar when it has the keyboard too).
QFont smaller(QFont font);
void paintGround(QPainter &painter, const QStyleOptionViewItem &option, const Theme &theme);

} // namespace ui
