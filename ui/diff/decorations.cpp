// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/decorations.h"

#include "ui/diff/syntax_colors.h"

#include <algorithm>

namespace ui {
namespace {

using Sci = QsciScintillaBase;

constexpr int changeMarker = 0;
constexpr int wordIndicator = Sci::INDIC_CONTAINER;
constexpr int hitIndicator = Sci::INDIC_CONTAINER + 1;
constexpr int blankIndicator = Sci::INDIC_CONTAINER + 2;

void setGround(Sci &editor, int indicator, const QColor &color)
{
    editor.SendScintilla(Sci::SCI_INDICSETSTYLE, static_cast<unsigned long>(indicator),
                         long(Sci::INDIC_FULLBOX));
    editor.SendScintilla(Sci::SCI_INDICSETFORE, static_cast<unsigned long>(indicator), color);
    editor.SendScintilla(Sci::SCI_INDICSETALPHA, static_cast<unsigned long>(indicator), long(color.alpha()));
    editor.SendScintilla(Sci::SCI_INDICSETOUTLINEALPHA, static_cast<unsigned long>(indicator),
                         long(color.alpha()));
    editor.SendScintilla(Sci::SCI_INDICSETUNDER, static_cast<unsigned long>(indicator), 1L);
}

} // namespace

void Decorations::setPage(std::shared_ptr<const DiffPage> page)
{
    m_page = std::move(page);
    m_hits.reset();
    const std::uint32_t rows = m_page ? m_page->rowCount() : 0;
    m_styles.clear();
    m_missing.assign((rows + blockRows - 1) / blockRows, Change);
    m_editor.SendScintilla(Sci::SCI_MARKERDELETEALL, -1);
}

void Decorations::addStyles(const StyledRows &rows)
{
    m_styles.resize(m_page->text(m_side).bytes().size());
    const std::uint32_t start = m_page->text(m_side).rowStart(rows.rows.begin);
    const std::size_t size = std::min(rows.bytes.size(), m_styles.size() - start);
    std::copy_n(rows.bytes.begin(), size, m_styles.begin() + start);
    for (std::uint32_t block = rows.rows.begin / blockRows; block * blockRows < rows.rows.end; ++block)
        m_missing[block] |= Style;
}

void Decorations::setHits(Hits hits)
{
    m_hits = std::move(hits);
    m_editor.SendScintilla(Sci::SCI_SETINDICATORCURRENT, hitIndicator);
    m_editor.SendScintilla(Sci::SCI_INDICATORCLEARRANGE, 0UL, m_editor.SendScintilla(Sci::SCI_GETLENGTH));
    for (std::uint8_t &missing : m_missing)
        missing |= Hit;
}

void Decorations::applyTheme(const Theme &theme)
{
    const bool old = m_side == git::Side::Old;
    m_editor.SendScintilla(Sci::SCI_MARKERDEFINE, static_cast<unsigned long>(changeMarker),
                           long(Sci::SC_MARK_BACKGROUND));
    m_editor.SendScintilla(Sci::SCI_MARKERSETBACK, static_cast<unsigned long>(changeMarker),
                           old ? theme.removedLine : theme.addedLine);
    setGround(m_editor, wordIndicator, old ? theme.removedWord : theme.addedWord);
    QColor faint = old ? theme.removedWord : theme.addedWord;
    faint.setAlpha(theme.dark ? 110 : 90);
    setGround(m_editor, blankIndicator, faint);
    setGround(m_editor, hitIndicator, theme.searchHit);
    for (int style = 0; style < syntaxStyleCount; ++style) {
        const SyntaxStyle look = syntaxStyle(KSyntaxHighlighting::Theme::TextStyle(style), theme);
        m_editor.SendScintilla(Sci::SCI_STYLESETFORE, static_cast<unsigned long>(style), look.color);
        m_editor.SendScintilla(Sci::SCI_STYLESETBOLD, static_cast<unsigned long>(style), long(look.bold));
        m_editor.SendScintilla(Sci::SCI_STYLESETITALIC, static_cast<unsigned long>(style), long(look.italic));
    }
}

void Decorations::ensure(std::uint32_t begin, std::uint32_t end)
{
    if (!m_page)
        return;
    for (std::uint32_t block = begin / blockRows; block * blockRows < end && block < m_missing.size();
         ++block)
        ensureBlock(block);
}

void Decorations::ensureBlock(std::uint32_t block)
{
    const std::uint8_t missing = std::exchange(m_missing[block], std::uint8_t(0));
    if (!missing)
        return;
    const RowRange rows{block * blockRows, std::min(m_page->rowCount(), (block + 1) * blockRows)};
    if (missing & Style)
        applyStyles(rows);
    if (missing & Change)
        markChanges(rows);
    if (missing & Hit)
        markHits(rows);
}

void Decorations::applyStyles(RowRange rows)
{
    const RowText &text = m_page->text(m_side);
    const std::size_t begin = text.rowStart(rows.begin);
    const std::size_t end = std::min<std::size_t>(text.rowStart(rows.end), m_styles.size());
    if (begin >= end)
        return;
    m_editor.SendScintilla(Sci::SCI_STARTSTYLING, static_cast<unsigned long>(begin), 0L);
    m_editor.SendScintilla(Sci::SCI_SETSTYLINGEX, static_cast<unsigned long>(end - begin),
                           m_styles.data() + begin);
}

void Decorations::markChanges(RowRange rows)
{
    // Where there is one side only, all of it changed: a ground would tell nothing and tire.
    if (!m_page->hasBothSides())
        return;
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
        const git::Row &aligned = m_page->row(row);
        if (aligned.kind == git::RowKind::Equal || m_page->text(m_side).lineOfRow(row) == git::Row::gap)
            continue;
        m_editor.SendScintilla(Sci::SCI_MARKERADD, static_cast<unsigned long>(row), long(changeMarker));
        for (const git::ByteRange &word : m_side == git::Side::Old ? aligned.oldWords : aligned.newWords) {
            const int indicator = isBlank(row, word) ? blankIndicator : wordIndicator;
            m_editor.SendScintilla(Sci::SCI_SETINDICATORCURRENT, indicator);
            fill(row, word);
        }
    }
}

void Decorations::markHits(RowRange rows)
{
    if (!m_hits)
        return;
    m_editor.SendScintilla(Sci::SCI_SETINDICATORCURRENT, hitIndicator);
    const auto &hits = m_hits->hits;
    auto hit = std::lower_bound(hits.begin(), hits.end(), rows.begin,
                                [](const SearchHit &h, std::uint32_t row) { return h.row < row; });
    for (; hit != hits.end() && hit->row < rows.end; ++hit) {
        // An unchanged row is listed once and marked on both sides.
        if (hit->side == m_side || m_page->row(hit->row).kind == git::RowKind::Equal)
            fill(hit->row, hit->bytes);
    }
}

/// Only spaces and tabs: a change of indentation, which is to be seen but not to shout.
bool Decorations::isBlank(std::uint32_t row, git::ByteRange bytes) const
{
    const RowText &text = m_page->text(m_side);
    const std::string_view line = text.lines()[std::size_t(text.lineOfRow(row))];
    return line.substr(0, bytes.end).find_first_not_of(" \t", bytes.begin) == std::string_view::npos;
}

/// With the current indicator.
void Decorations::fill(std::uint32_t row, git::ByteRange bytes)
{
    const RowText &text = m_page->text(m_side);
    const std::uint32_t start = text.rowStart(row);
    const std::uint32_t end = text.rowStart(row + 1) - 1;
    const std::uint32_t from = std::min(start + bytes.begin, end);
    const std::uint32_t to = std::min(start + bytes.end, end);
    if (from < to)
        m_editor.SendScintilla(Sci::SCI_INDICATORFILLRANGE, static_cast<unsigned long>(from),
                               long(to - from));
}

} // namespace ui
