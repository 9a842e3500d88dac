// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme.h"

#include <KSyntaxHighlighting/Theme>

namespace ui {

/// How a kind of token looks on the editors' ground and on changed lines.
struct SyntaxStyle {
    QColor color;
    bool bold = false;
    bool italic = false;
};

/// Style bytes are KSyntaxHighlighting's text styles: there are fewer of them than Scintilla's first reserved
/// style, 32, so a change of theme restyles no text.
inline constexpr int syntaxStyleCount = KSyntaxHighlighting::Theme::Others + 1;
static_assert(syntaxStyleCount <= 32);

SyntaxStyle syntaxStyle(KSyntaxHighlighting::Theme::TextStyle style, const Theme &theme);

} // namespace ui
