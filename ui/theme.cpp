// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme.h"

#include "ui/style_sheet.h"

#include <QApplication>
#include <QFontDatabase>
#include <QStyleFactory>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

QColor hex(unsigned rgb)
{
    return QColor::fromRgb(QRgb(rgb));
}

Theme makeLight()
{
    Theme theme;
    theme.window = hex(0xf5f6f8);
    theme.panel = hex(0xffffff);
    theme.raised = hex(0xffffff);
    theme.border = hex(0xdfe2e7);
    theme.hover = hex(0xeef1f5);
    theme.selected = hex(0xdce8fc);
    theme.text = hex(0x1b2027);
    theme.mutedText = hex(0x57616d);
    theme.accent = hex(0x2457d6);
    theme.onAccent = hex(0xffffff);
    theme.editor = hex(0xffffff);
    theme.editorText = hex(0x1b2027);
    theme.lineNumber = hex(0x69727d);
    theme.currentLine = hex(0xf2f5fa);
    theme.removedLine = hex(0xffecea);
    theme.removedWord = hex(0xffc9c3);
    theme.addedLine = hex(0xe4f6e9);
    theme.addedWord = hex(0xaee6bc);
    theme.gap = hex(0xf5f6f8);
    theme.gapStripe = hex(0xe3e6eb);
    theme.chosenHunk = hex(0x2457d6);
    theme.searchHit = hex(0xffe27a);
    theme.flash = hex(0xfff1bf);
    theme.added = hex(0x1a7432);
    theme.removed = hex(0xbf2330);
    theme.critical = hex(0xbf2330);
    theme.high = hex(0xa84708);
    theme.medium = hex(0x7d5a00);
    theme.low = hex(0x3d668f);
    theme.done = hex(0x1a7432);
    return theme;
}

Theme makeDark()
{
    Theme theme;
    theme.dark = true;
    theme.window = hex(0x15171b);
    theme.panel = hex(0x1a1d22);
    theme.raised = hex(0x23272e);
    theme.border = hex(0x2d323a);
    theme.hover = hex(0x252a32);
    theme.selected = hex(0x263d66);
    theme.text = hex(0xe2e5ea);
    theme.mutedText = hex(0x9ba5b2);
    theme.accent = hex(0x7aa7ff);
    theme.onAccent = hex(0x0c1322);
    theme.editor = hex(0x1a1d22);
    theme.editorText = hex(0xdfe3e8);
    theme.lineNumber = hex(0x88929f);
    theme.currentLine = hex(0x21252c);
    theme.removedLine = hex(0x3a2023);
    theme.removedWord = hex(0x6e2c31);
    theme.addedLine = hex(0x16301f);
    theme.addedWord = hex(0x1d5130);
    theme.gap = hex(0x17191d);
    theme.gapStripe = hex(0x262a31);
    theme.chosenHunk = hex(0x7aa7ff);
    theme.searchHit = hex(0x564509);
    theme.flash = hex(0x4a401f);
    theme.added = hex(0x5cc680);
    theme.removed = hex(0xff8d86);
    theme.critical = hex(0xff8078);
    theme.high = hex(0xf5a362);
    theme.medium = hex(0xe2c15e);
    theme.low = hex(0x93b9e6);
    theme.done = hex(0x5cc680);
    return theme;
}

Theme makeHighContrast()
{
    Theme theme = makeDark();
    theme.highContrast = true;
    theme.searchHit = hex(0x6b5200);
    theme.window = theme.panel = theme.editor = theme.gap = hex(0x000000);
    theme.raised = hex(0x0d0d0d);
    theme.border = hex(0xb8b8b8);
    theme.hover = hex(0x2a2a2a);
    theme.selected = hex(0x003a8c);
    theme.text = theme.editorText = hex(0xffffff);
    theme.mutedText = theme.lineNumber = hex(0xdadada);
    theme.accent = theme.chosenHunk = hex(0xffd93d);
    theme.onAccent = hex(0x000000);
    theme.currentLine = hex(0x1f1f1f);
    theme.removedLine = hex(0x4a0000);
    theme.removedWord = hex(0x8f0000);
    theme.addedLine = hex(0x003d12);
    theme.addedWord = hex(0x006420);
    theme.gapStripe = hex(0x4d4d4d);
    theme.added = theme.done = hex(0x6dff9c);
    theme.removed = theme.critical = hex(0xffa39e);
    theme.high = hex(0xffc285);
    theme.medium = hex(0xffe97a);
    theme.low = hex(0xa8d1ff);
    return theme;
}

const Theme &light()
{
    static const Theme theme = makeLight();
    return theme;
}

const Theme &dark()
{
    static const Theme theme = makeDark();
    return theme;
}

const Theme &highContrast()
{
    static const Theme theme = makeHighContrast();
    return theme;
}

QPalette makePalette(const Theme &theme)
{
    QPalette palette;
    const auto set = [&](QPalette::ColorRole role, const QColor &color) {
        palette.setColor(QPalette::All, role, color);
    };
    set(QPalette::Window, theme.window);
    set(QPalette::WindowText, theme.text);
    set(QPalette::Base, theme.panel);
    set(QPalette::AlternateBase, theme.window);
    set(QPalette::Text, theme.text);
    set(QPalette::Button, theme.window);
    set(QPalette::ButtonText, theme.text);
    set(QPalette::BrightText, theme.critical);
    set(QPalette::Highlight, theme.selected);
    set(QPalette::HighlightedText, theme.text);
    set(QPalette::Link, theme.accent);
    set(QPalette::LinkVisited, theme.accent);
    set(QPalette::ToolTipBase, theme.raised);
    set(QPalette::ToolTipText, theme.text);
    set(QPalette::PlaceholderText, theme.mutedText);
    set(QPalette::Light, theme.raised);
    set(QPalette::Midlight, theme.hover);
    set(QPalette::Mid, theme.border);
    set(QPalette::Dark, theme.border);
    set(QPalette::Shadow, theme.border);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, theme.mutedText);
    return palette;
}

const Theme &themeOf(ThemeChoice choice, const QPalette &system)
{
    switch (choice) {
    case ThemeChoice::Light:
        return light();
    case ThemeChoice::Dark:
        return dark();
    case ThemeChoice::HighContrast:
        return highContrast();
    case ThemeChoice::System:
        break;
    }
    return system.color(QPalette::Window).lightness() < system.color(QPalette::WindowText).lightness()
               ? dark()
               : light();
}

double luminance(const QColor &color)
{
    const auto linear = [](double part) {
        return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

} // namespace

QColor Theme::of(review::Severity severity) const
{
    switch (severity) {
    case review::Severity::Critical:
        return critical;
    case review::Severity::High:
        return high;
    case review::Severity::Medium:
        return medium;
    case review::Severity::Low:
        break;
    }
    return low;
}

const Theme &themeFor(const QPalette &palette)
{
    const QColor window = palette.color(QPalette::Window);
    if (window == highContrast().window)
        return highContrast();
    return window.lightness() < 128 ? dark() : light();
}

void applyTheme(QApplication &application, ThemeChoice choice)
{
    // An empty palette gives back the desktop's own.
    application.setStyleSheet({});
    application.setPalette(QPalette());
    application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    const QPalette system = application.palette();
    const Theme &theme = themeOf(choice, system);
    application.setPalette(makePalette(theme));
    application.setStyleSheet(makeStyleSheet(theme));
}

ThemeChoice savedTheme(const models::Settings &settings)
{
    const QByteArray name = settings.value(QStringLiteral("theme"));
    if (name == "light")
        return ThemeChoice::Light;
    if (name == "dark")
        return ThemeChoice::Dark;
    return name == "contrast" ? ThemeChoice::HighContrast : ThemeChoice::System;
}

QFont codeFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setStyleHint(QFont::Monospace);
    font.setFixedPitch(true);
    const int size = QApplication::font().pointSize();
    if (size > 0)
        font.setPointSize(size);
    return font;
}

double contrast(const QColor &a, const QColor &b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

} // namespace ui
