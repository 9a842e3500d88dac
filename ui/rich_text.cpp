// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rich_text.h"

#include "review/markdown.h"

#include <QTextBlock>
#include <QTextBlockFormat>
#include <QTextDocument>
#include <QUrl>

namespace ui {

namespace {

const QString placeScheme = QStringLiteral("place");

QString shown(const std::string &text)
{
    return QString::fromStdString(review::shownText(text));
}

} // namespace

RichText::RichText(QTextCursor cursor, const Theme &theme, const QFont &font)
    : m_cursor(cursor)
    , m_theme(theme)
    , m_font(font)
    , m_code(codeFont())
{}

void RichText::beginBlock(int above, int below, int left)
{
    QTextBlockFormat format;
    format.setTopMargin(m_first ? 0 : above);
    format.setBottomMargin(below);
    format.setLeftMargin(left);
    format.setLineHeight(118, QTextBlockFormat::ProportionalHeight);
    if (m_first)
        m_cursor.setBlockFormat(format);
    else
        m_cursor.insertBlock(format);
    m_first = false;
}

QTextCharFormat RichText::plain(const QColor &color) const
{
    QTextCharFormat format;
    format.setFont(m_font);
    format.setForeground(color);
    return format;
}

QTextCharFormat RichText::linkFormat(const QString &href) const
{
    QTextCharFormat format = plain(m_theme.accent);
    format.setAnchor(true);
    format.setAnchorHref(href);
    return format;
}

void RichText::write(const QString &text, const QTextCharFormat &format)
{
    m_cursor.insertText(text, format);
}

void RichText::title(const std::string &markdown)
{
    const QFont before = m_font;
    if (m_font.pointSizeF() > 0)
        m_font.setPointSizeF(m_font.pointSizeF() * 1.25);
    m_font.setWeight(QFont::DemiBold);
    beginBlock(0, 2);
    writeInline(markdown, m_theme.text);
    m_font = before;
}

void RichText::heading(const QString &text)
{
    beginBlock(14, 2);
    QTextCharFormat format = plain(m_theme.mutedText);
    QFont font = m_font;
    font.setWeight(QFont::DemiBold);
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * 0.9);
    format.setFont(font);
    write(text, format);
}

void RichText::muted(const QString &text)
{
    beginBlock(2);
    write(text, plain(m_theme.mutedText));
}

void RichText::writeInline(const std::string &line, const QColor &color)
{
    using Kind = review::Inline::Kind;
    for (const review::Inline &part : review::parseInline(line)) {
        QTextCharFormat format = plain(color);
        const QString text = QString::fromStdString(part.text);
        if (part.kind == Kind::Link) {
            const QUrl url(QString::fromStdString(part.url), QUrl::StrictMode);
            const QString address = QString::fromLatin1(url.toEncoded());
            write(text, plain(color));
            if (url.isValid())
                write(QStringLiteral(" ") + address, linkFormat(address));
            continue;
        }
        QFont font = part.kind == Kind::Code ? m_code : m_font;
        if (part.kind == Kind::Code) {
            font.setWeight(m_font.weight());
            if (m_font.pointSizeF() > 0)
                font.setPointSizeF(m_font.pointSizeF() * 0.97);
            format.setBackground(m_theme.hover);
        }
        if (part.kind == Kind::Strong)
            font.setWeight(QFont::DemiBold);
        if (part.kind == Kind::Emphasis)
            font.setItalic(true);
        format.setFont(font);
        write(text, format);
    }
}

void RichText::markdown(const std::string &text)
{
    using Kind = review::Block::Kind;
    int number = 0;
    for (const review::Block &block : review::parseBlocks(text)) {
        number = block.kind == Kind::Numbered ? number + 1 : 0;
        switch (block.kind) {
        case Kind::Code:
            code(block.text);
            break;
        case Kind::Paragraph:
            beginBlock(5);
            writeInline(block.text, m_theme.text);
            break;
        case Kind::Bullet:
        case Kind::Numbered:
            beginBlock(3, 0, 18);
            write(number > 0 ? QStringLiteral("%1.  ").arg(number) : QStringLiteral("•  "),
                  plain(m_theme.mutedText));
            writeInline(block.text, m_theme.text);
            break;
        }
    }
}

void RichText::code(const std::string &text, const QColor &ground)
{
    QString lines = shown(text);
    if (lines.endsWith(QLatin1Char('\n')))
        lines.chop(1);
    QTextCharFormat format = plain(m_theme.editorText);
    format.setFont(m_code);
    const QStringList all = lines.split(QLatin1Char('\n'));
    for (int line = 0; line < all.size(); ++line) {
        beginBlock(line == 0 ? 6 : 0);
        QTextBlockFormat block = m_cursor.blockFormat();
        block.setBackground(ground.isValid() ? ground : m_theme.window);
        block.setLineHeight(100, QTextBlockFormat::ProportionalHeight);
        block.setTextIndent(8);
        m_cursor.setBlockFormat(block);
        write(all[line].isEmpty() ? QStringLiteral(" ") : all[line], format);
    }
}

void RichText::step(int number, const QString &actor, const std::string &action, const QString &place,
                    int target)
{
    beginBlock(4, 0, 18);
    QTextBlockFormat block = m_cursor.blockFormat();
    block.setTextIndent(-18);
    m_cursor.setBlockFormat(block);
    m_cursor.block().setUserState(number);
    write(QStringLiteral("%1  ").arg(number), plain(m_theme.mutedText));
    QTextCharFormat strong = plain(m_theme.text);
    QFont font = m_font;
    font.setWeight(QFont::DemiBold);
    strong.setFont(font);
    if (!actor.isEmpty())
        write(actor + QStringLiteral("  "), strong);
    writeInline(action, m_theme.text);
    if (!place.isEmpty())
        write(QStringLiteral("  ") + place, linkFormat(QStringLiteral("place:%1").arg(target)));
}

void RichText::evidence(const QString &place, const std::string &text, int target)
{
    beginBlock(6);
    write(place, linkFormat(QStringLiteral("place:%1").arg(target)));
    code(text);
}

void RichText::link(const std::string &title, const std::string &url)
{
    beginBlock(3);
    write(shown(title) + QStringLiteral("  "), plain(m_theme.text));
    const QUrl parsed(QString::fromStdString(url), QUrl::StrictMode);
    const bool web = parsed.scheme() == QLatin1String("https") || parsed.scheme() == QLatin1String("http");
    const QString address = web ? QString::fromLatin1(parsed.toEncoded()) : shown(url);
    write(address, web ? linkFormat(address) : plain(m_theme.mutedText));
}

int placeTarget(const QUrl &url)
{
    bool ok = false;
    const int target = url.path().toInt(&ok);
    return url.scheme() == placeScheme && ok ? target : -1;
}

} // namespace ui
