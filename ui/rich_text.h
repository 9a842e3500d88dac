// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/position.h"
#include "ui/theme.h"

#include <QTextCursor>

#include <string>

namespace ui {

/// Writes texts of findings into a document: our own small Markdown, code, links. Whatever the text says, it
/// becomes characters with formats: no HTML, nothing loaded, and only http(s) links, shown in full.
class RichText {
public:
    /// The cursor's document is filled from its beginning. `theme` and `font` outlive this.
    RichText(QTextCursor cursor, const Theme &theme, const QFont &font);

    void heading(const QString &text);
    void title(const std::string &markdown);
    void muted(const QString &text);
    void markdown(const std::string &text);
    /// A block of code on its own ground; `ground` invalid: the code ground.
    void code(const std::string &text, const QColor &ground = {});
    /// A numbered step that leads to `target` when clicked (see placeTarget). Its block's user state is
    /// `number`.
    void step(int number, const QString &actor, const std::string &action, const QString &place, int target);
    /// Lines with their place above them, as a link to `target`.
    void evidence(const QString &place, const std::string &text, int target);
    void link(const std::string &title, const std::string &url);

private:
    void beginBlock(int above, int below = 0, int left = 0);
    void writeInline(const std::string &line, const QColor &color);
    void write(const QString &text, const QTextCharFormat &format);
    QTextCharFormat plain(const QColor &color) const;
    QTextCharFormat linkFormat(const QString &href) const;

    QTextCursor m_cursor;
    const Theme &m_theme;
    QFont m_font;
    QFont m_code;
    bool m_first = true;
};

/// The number given to `step` or `evidence`, if the link's address is one of theirs; else -1. Texts cannot
/// make such an address: theirs are http(s).
int placeTarget(const QUrl &url);

} // namespace ui
