// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/settings.h"
#include "review/finding.h"

#include <QColor>
#include <QFont>
#include <QPalette>

class QApplication;

namespace ui {

enum class ThemeChoice { System, Light, Dark, HighContrast };

/// Every colour of the window by its job. Text on its own ground has a contrast of at least 4.5:1 (7:1 in
/// high contrast).
struct Theme {
    bool dark = false;
    bool highContrast = false;

    QColor window;   ///< behind panels and bars
    QColor panel;    ///< lists, trees, detail
    QColor raised;   ///< popups, the start page's cards
    QColor border;   ///< hairlines
    QColor hover;    ///< a row or flat button under the pointer
    QColor selected; ///< a chosen row
    QColor text;
    QColor mutedText; ///< places, counts, captions
    QColor accent;    ///< links, focus, the one main button
    QColor onAccent;  ///< text on accent

    QColor editor; ///< the editors' ground
    QColor editorText;
    QColor lineNumber;
    QColor currentLine;
    QColor removedLine; ///< ground of a removed or changed line on the old side
    QColor removedWord; ///< ground of its changed words
    QColor addedLine;
    QColor addedWord;
    QColor gap;        ///< ground of rows that are no code
    QColor gapStripe;  ///< their hatching
    QColor chosenHunk; ///< the bar beside a hunk chosen for review
    QColor searchHit;
    QColor flash; ///< a line that was jumped to

    QColor added; ///< "+12" and its like, as text
    QColor removed;
    QColor critical; ///< severities, as text and icons on panel
    QColor high;
    QColor medium;
    QColor low;
    QColor done; ///< applied, viewed, reviewed

    QColor of(review::Severity severity) const;
};

/// The theme that fits a widget's palette; widgets ask again on QEvent::PaletteChange. Costs a comparison.
const Theme &themeFor(const QPalette &palette);

/// Gives the application its style, palette, style sheet and fonts. `System` looks at the desktop's own
/// palette; call it again when that changes.
void applyTheme(QApplication &application, ThemeChoice choice);

/// What the reader chose in the View menu; System if nothing.
ThemeChoice savedTheme(const models::Settings &settings);

/// The fixed-width font of code, as large as the window's text.
QFont codeFont();

/// WCAG's contrast of two opaque colours, 1 … 21.
double contrast(const QColor &a, const QColor &b);

} // namespace ui
