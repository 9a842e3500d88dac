// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/diff_panes.h"

#include <QGridLayout>

#include <algorithm>

namespace ui {

namespace {

const std::string &textOf(const DiffPage &page, git::Side side)
{
    return side == git::Side::Old ? page.view().texts.oldText : page.view().texts.newText;
}

/// Where a line is after its text was edited in one place: above it nothing moved, below it all lines by the
/// same number.
std::uint32_t lineAfterEdit(const std::string &before, const std::string &after, std::uint32_t line)
{
    const auto lines = [](auto begin, auto end) { return std::uint32_t(std::count(begin, end, '\n')); };
    const auto [edit, _] = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
    if (line < lines(before.begin(), edit))
        return line;
    const auto [tail, __] = std::mismatch(before.rbegin(), before.rend(), after.rbegin(), after.rend());
    const std::uint32_t linesBefore = lines(before.begin(), before.end());
    if (line + lines(before.rbegin(), tail) <= linesBefore)
        return line; // in the edit itself
    return line + lines(after.begin(), after.end()) - linesBefore;
}

} // namespace

DiffPanes::DiffPanes(QWidget *parent)
    : QWidget(parent)
    , m_old(new DiffEditor(git::Side::Old))
    , m_new(new DiffEditor(git::Side::New))
    , m_active(m_new)
    , m_oldHeader(new SideHeader(git::Side::Old))
    , m_newHeader(new SideHeader(git::Side::New))
    , m_gutter(new HunkGutter)
    , m_strip(new DiffStrip)
    , m_sync(new ScrollSync(*m_old, *m_new, this))
{
    layOut();
    watch(*m_old);
    watch(*m_new);
    connect(m_sync, &ScrollSync::scrolled, this, [this] {
        m_gutter->update();
        m_strip->update();
        emit placeChanged();
    });
    connect(m_gutter, &HunkGutter::toggleRequested, this, [this](int hunk) {
        setCaretRow(m_page->hunks()[std::size_t(hunk)].begin);
        emit toggleRequested(hunk);
    });
    connect(m_strip, &DiffStrip::rowRequested, this, [this](std::uint32_t row) {
        const std::uint32_t half = m_active->visibleRowCount() / 2;
        m_sync->scrollTo(row > half ? row - half : 0);
    });
    connect(&m_styler, &Styler::styled, this,
            [this](const std::shared_ptr<const StyledRows> &rows) { editor(rows->side).addStyles(*rows); });
    setFocusProxy(m_new);
}

DiffPanes::~DiffPanes() = default;

void DiffPanes::layOut()
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(0);
    grid->addWidget(m_oldHeader, 0, 0, 1, 2);
    grid->addWidget(m_newHeader, 0, 2, 1, 2);
    grid->addWidget(m_old, 1, 0);
    grid->addWidget(m_gutter, 1, 1);
    grid->addWidget(m_new, 1, 2);
    grid->addWidget(m_strip, 1, 3);
    grid->setRowStretch(1, 1);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(2, 1);
    m_old->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTabOrder(m_old, m_new);
}

void DiffPanes::watch(DiffEditor &editor)
{
    connect(&editor, &DiffEditor::focused, this, [this, &editor] { activate(editor); });
    connect(&editor, &QsciScintillaBase::SCN_UPDATEUI, this, [this, &editor] { takeCaretRow(editor); });
    connect(&editor, &DiffEditor::findingActivated, this, &DiffPanes::findingActivated);
    connect(&editor, &DiffEditor::searchRequested, this, &DiffPanes::searchRequested);
    connect(&editor, &DiffEditor::searchStepped, this, &DiffPanes::searchStepped);
    connect(&editor, &DiffEditor::menuRequested, this,
            [this, &editor](const QPoint &position, std::uint32_t row) {
                activate(editor);
                emit menuRequested(position, row);
            });
    connect(&editor, &DiffEditor::toggleRequested, this, [this] {
        const int hunk = m_page ? m_page->hunkAt(m_caretRow) : -1;
        if (hunk >= 0)
            emit toggleRequested(hunk);
    });
}

void DiffPanes::setPage(std::shared_ptr<const DiffPage> page, bool keepPlace)
{
    keepPlace = keepPlace && m_page;
    const std::shared_ptr<const DiffPage> before = m_page;
    Anchor place = keepPlace ? anchor() : Anchor{};
    m_page = std::move(page);
    m_caretRow = 0;
    m_old->setPage(m_page);
    m_new->setPage(m_page);
    m_gutter->setPage(m_page);
    m_strip->setPage(m_page);
    const models::FileView *view = m_page ? &m_page->view() : nullptr;
    m_oldHeader->setFile(view);
    m_newHeader->setFile(view);
    showSides();
    layout()->activate();
    m_sync->reset();
    if (!m_page) {
        m_styler.stop();
        return;
    }
    m_styler.start(m_page); // what an earlier page's run still posts is dropped
    if (keepPlace) {
        const std::string &earlier = textOf(*before, place.side);
        const std::string &now = textOf(*m_page, place.side);
        place.topLine = lineAfterEdit(earlier, now, place.topLine);
        place.caretLine = lineAfterEdit(earlier, now, place.caretLine);
        restore(place);
    } else if (!m_page->hunks().empty())
        goToHunk(0);
    else
        setCaretRow(0);
}

/// A side that does not exist leaves its room to the other.
void DiffPanes::showSides()
{
    const bool oldShown = !m_page || m_page->hasSide(git::Side::Old);
    const bool newShown = !m_page || m_page->hasSide(git::Side::New);
    m_old->setVisible(oldShown);
    m_oldHeader->setVisible(oldShown && newShown);
    m_new->setVisible(newShown);
    m_newHeader->setVisible(oldShown && newShown);
    auto *grid = static_cast<QGridLayout *>(layout());
    grid->setColumnStretch(0, oldShown ? 1 : 0);
    grid->setColumnStretch(2, newShown ? 1 : 0);
    m_gutter->setVisible(!m_page || !m_page->hunks().empty());
    m_old->setVerticalScrollBarPolicy(newShown ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    DiffEditor *shown = newShown ? m_new : m_old;
    m_gutter->setEditor(shown);
    m_strip->setEditor(shown);
    setFocusProxy(shown);
    if (m_active->isHidden() || !m_active->hasFocus())
        activate(*shown);
}

void DiffPanes::activate(DiffEditor &editor)
{
    m_active = &editor;
    const bool both = m_page && m_page->hasBothSides();
    m_oldHeader->setActive(both && &editor == m_old);
    m_newHeader->setActive(both && &editor == m_new);
}

void DiffPanes::setChosen(const QSet<QString> &hunks)
{
    m_gutter->setChosen(hunks);
}

void DiffPanes::setMarks(const std::vector<RowMark> &marks)
{
    for (DiffEditor *editor : {m_old, m_new}) {
        std::vector<RowMark> own;
        std::copy_if(marks.begin(), marks.end(), std::back_inserter(own),
                     [editor](const RowMark &mark) { return mark.side == editor->side(); });
        editor->setMarks(std::move(own));
    }
    m_strip->setMarks(marks);
}

void DiffPanes::setHits(const Decorations::Hits &hits)
{
    m_old->setHits(hits);
    m_new->setHits(hits);
}

bool DiffPanes::isRowVisible(std::uint32_t row) const
{
    const std::uint32_t first = m_active->firstVisibleRow();
    return row >= first && row < first + m_active->visibleRowCount();
}

std::uint32_t DiffPanes::readRow() const
{
    return isRowVisible(m_caretRow) ? m_caretRow : m_active->firstVisibleRow();
}

void DiffPanes::goToRow(std::uint32_t row, Place place)
{
    const std::uint32_t rows = m_active->visibleRowCount();
    const std::uint32_t above = place == Place::Middle ? rows / 2 : rows / 5;
    m_sync->scrollTo(row > above ? row - above : 0);
    setCaretRow(row);
}

void DiffPanes::goToHunk(int hunk)
{
    const RowRange rows = m_page->hunks()[std::size_t(hunk)];
    if (isRowVisible(rows.begin) && isRowVisible(rows.end - 1))
        setCaretRow(rows.begin);
    else
        goToRow(rows.begin, Place::Above);
}

bool DiffPanes::stepToHunk(bool forward)
{
    const std::optional<int> hunk = !m_page   ? std::nullopt
                                    : forward ? m_page->hunkAfter(readRow())
                                              : m_page->hunkBefore(readRow());
    if (hunk)
        goToHunk(*hunk);
    return hunk.has_value();
}

void DiffPanes::select(const SearchHit &hit)
{
    DiffEditor &target = editor(hit.side);
    if (!isRowVisible(hit.row))
        goToRow(hit.row, Place::Middle);
    setCaretRow(hit.row);
    activate(target);
    target.select(hit.row, hit.bytes);
}

void DiffPanes::flash(std::uint32_t row, git::Side side)
{
    editor(side).flash(row);
}

bool DiffPanes::hasSelection() const
{
    return m_active->hasSelection();
}

DiffPanes::Anchor DiffPanes::anchor() const
{
    const git::Side side = m_page->hasSide(git::Side::New) ? git::Side::New : git::Side::Old;
    const RowText &text = m_page->text(side);
    return {side, text.nearestLine(m_active->firstVisibleRow()), text.nearestLine(m_caretRow)};
}

void DiffPanes::restore(const Anchor &anchor)
{
    const RowText &text = m_page->text(anchor.side);
    m_sync->scrollTo(text.rowOfLine(anchor.topLine));
    setCaretRow(text.rowOfLine(anchor.caretLine));
}

void DiffPanes::setCaretRow(std::uint32_t row)
{
    m_caretRow = row;
    for (DiffEditor *editor : {m_old, m_new}) {
        if (editor->caretRow() != row || editor->hasSelection())
            editor->placeCaret(row);
        editor->setCurrentRow(row);
    }
    m_gutter->setCurrentHunk(m_page ? m_page->hunkAt(row) : -1);
    emit placeChanged();
}

/// The reader moved the caret: the other side's one follows, so that there is one place and one selection.
void DiffPanes::takeCaretRow(const DiffEditor &editor)
{
    if (&editor != m_active || !m_page || editor.caretRow() == m_caretRow)
        return;
    m_caretRow = editor.caretRow();
    DiffEditor &other = &editor == m_old ? *m_new : *m_old;
    other.placeCaret(m_caretRow);
    m_old->setCurrentRow(m_caretRow);
    m_new->setCurrentRow(m_caretRow);
    m_gutter->setCurrentHunk(m_page->hunkAt(m_caretRow));
    emit placeChanged();
}

} // namespace ui
