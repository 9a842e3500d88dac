// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/workspace.h"
#include "review/rules/card.h"
#include "ui/theme.h"

#include <QTextDocument>

#include <QStringList>

namespace ui {

/// Fills the document with a rule's card: what was measured of it, where it fires in the open review, and its
/// page and cases. Returns the findings that its links lead to, by number (see placeTarget).
QStringList fillRuleDocument(QTextDocument &document, const review::rules::Card &card,
                             const models::Workspace &workspace, const Theme &theme, const QFont &font);

} // namespace ui
