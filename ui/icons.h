// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/diff.h"
#include "review/finding.h"

#include <QIcon>
#include <QPainter>

namespace ui {

enum class Glyph {
    Repository,
    Session,
    Patch,
    Sample,
    Branch,
    Play,
    Stop,
    Check,
    Close,
    Float,
    ChevronDown,
    Search,
    Warning,
    Info,
    Note
};

/// Draws a glyph as strokes of one weight into a square; sharp at any size.
void paintGlyph(QPainter &painter, const QRectF &square, Glyph glyph, const QColor &color);
/// What a glyph is drawn with; looked up in the application's theme whenever it is drawn.
enum class Ink { Text, Muted, OnAccent };
QIcon glyphIcon(Glyph glyph, Ink ink = Ink::Muted);

/// A severity as a shape of its own, so that no one needs its colour: an octagon with a bar (critical), a triangle
/// (high), a diamond (medium), a ring (low).
void paintSeverity(QPainter &painter, const QRectF &square, review::Severity severity, const QColor &color);

/// One letter for a file's status, as git writes it: A, D, M, R, C, T, U; nothing for an unchanged file.
QString statusLetter(git::FileStatus status);

/// The program's own icon.
QIcon applicationIcon();

} // namespace ui
