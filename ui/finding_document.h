// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/workspace.h"
#include "ui/theme.h"

#include <QTextDocument>

#include <vector>

namespace ui {

/// Fills the document with everything known of a finding; returns the places its links lead to, by number
/// (see placeTarget), first those of the scenario's steps. Cheap: one finding.
std::vector<review::Place> fillFindingDocument(QTextDocument &document, const review::Finding &finding,
                                               const models::Workspace &workspace, const Theme &theme,
                                               const QFont &font);

} // namespace ui
