// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style_sheet.h"

#include <QList>
#include <QPair>

namespace ui {

namespace {

// Names in @ are replaced by the theme's colours; `main` is the one button that matters most, `flat` one that
// is only an icon or a word.
constexpr const char *sheet = R"(
QMainWindow, QDialog { background: @window; }
QMainWindow::separator { background: @border; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: @accent; }
QSplitter::handle { background: @border; }
QSplitter::handle:hover { background: @accent; }
QToolBar { background: @window; border: none; border-bottom: 1px solid @border; padding: 0; spacing: 0; }
QMenuBar { background: @window; border: none; padding: 2px 6px; }
QMenuBar::item { padding: 4px 9px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: @hover; }
QMenu { background: @raised; border: 1px solid @border; padding: 5px; }
QMenu::item { padding: 5px 26px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: @selected; }
QMenu::item:disabled { color: @mutedText; }
QMenu::separator { height: 1px; background: @border; margin: 5px 4px; }
QMenu::indicator { width: 12px; height: 12px; padding-left: 4px; }
QToolTip { background: @raised; color: @text; border: 1px solid @border; padding: 4px 6px; }
QStatusBar { background: @window; border-top: 1px solid @border; color: @mutedText; }
QStatusBar::item { border: none; }

QPushButton { background: @panel; border: 1px solid @border; border-radius: 5px; padding: 4px 12px; min-height: 18px; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @selected; }
QPushButton:focus { border-color: @accent; }
QPushButton:disabled { color: @mutedText; background: transparent; }
QPushButton[main="true"] { background: @accent; border-color: @accent; color: @onAccent; font-weight: 600; }
QPushButton[main="true"]:hover { background: @accentHover; }
QPushButton[main="true"]:focus { border: 1px solid @text; }
QPushButton[main="true"]:disabled { background: @hover; border-color: @border; color: @mutedText; }
QPushButton[flat="true"], QToolButton { background: transparent; border: 1px solid transparent; border-radius: 5px; padding: 4px 8px; }
QPushButton::menu-indicator { image: none; width: 0; }
QPushButton[flat="true"]:hover, QToolButton:hover { background: @hover; }
QPushButton[flat="true"]:focus, QToolButton:focus { border-color: @accent; }
QToolButton:pressed, QToolButton:checked { background: @selected; }
QToolButton:disabled { color: @mutedText; }
QToolButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit { background: @panel; border: 1px solid @border; border-radius: 5px; padding: 4px 8px; selection-background-color: @selected; selection-color: @text; }
QLineEdit:focus, QPlainTextEdit:focus { border-color: @accent; }
QLineEdit[flat="true"] { border: none; border-radius: 0; background: transparent; }

QAbstractItemView { background: @panel; border: none; outline: none; }
QAbstractScrollArea { border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QListView[bare="true"] { background: transparent; }
QFrame[popup="true"] { background: @raised; border: 1px solid @border; border-radius: 8px; }
QFrame[rule="true"] { background: @border; border: none; max-height: 1px; min-height: 1px; }
QLabel[muted="true"] { color: @mutedText; }
QLabel[heading="true"] { font-weight: 600; }

QTabBar { background: @window; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @mutedText; border: none; border-bottom: 2px solid transparent; padding: 6px 9px 5px 9px; }
QMainWindow > QTabBar::tab { padding: 6px 6px 5px 6px; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; }
QTabBar::tab:focus { color: @accent; }
QTabWidget::pane { border: none; border-top: 1px solid @border; }
QDockWidget { border: none; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @scroll; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: @mutedText; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: @border; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: @accent; border-radius: 2px; }
)";

QColor mix(const QColor &a, const QColor &b, double part)
{
    const auto channel = [&](int from, int to) { return int(from + (to - from) * part); };
    return {channel(a.red(), b.red()), channel(a.green(), b.green()), channel(a.blue(), b.blue())};
}

} // namespace

QString makeStyleSheet(const Theme &theme)
{
    // Longer names first: one is the beginning of another.
    const QList<QPair<const char *, QColor>> colors = {
        {"@accentHover", mix(theme.accent, theme.dark ? Qt::white : Qt::black, 0.12)},
        {"@accent", theme.accent},
        {"@onAccent", theme.onAccent},
        {"@mutedText", theme.mutedText},
        {"@selected", theme.selected},
        {"@window", theme.window},
        {"@border", theme.border},
        {"@raised", theme.raised},
        {"@scroll", mix(theme.panel, theme.mutedText, 0.4)},
        {"@panel", theme.panel},
        {"@hover", theme.hover},
        {"@text", theme.text},
    };
    QString text = QString::fromLatin1(sheet);
    for (const auto &[name, color] : colors)
        text.replace(QLatin1String(name), color.name());
    return text;
}

} // namespace ui
