// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QsciScintillaBase;

namespace ui {

/// Makes an editor show characters that reorder text, hide in it or pass for a space (bidi controls,
/// zero-width characters, tags, uncommon spaces) as labelled boxes, so that what is read is what compiles;
/// and labels the marks of RowText. To be called after the editor's code page was set: that clears all
/// labels.
void showHiddenCharacters(QsciScintillaBase &editor);

} // namespace ui
