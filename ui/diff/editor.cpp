// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/editor.h"

#include "ui/diff/representations.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QContextMenuEvent>
#include <QFontInfo>
#include <QFontMetrics>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMimeData>
#include <QToolTip>

#include <algorithm>

namespace ui {

namespace {

/// QScintilla's accessible object counts the characters before the caret at each move: 60 ms at the end of a
/// 100,000-line file. Only a screen reader needs it; without one the editor has its name and no text.
QAccessibleInterface *makeAccessible(const QString &className, QObject *object)
{
    if (QAccessible::isActive() || className != QLatin1String(DiffEditor::staticMetaObject.className()))
        return nullptr;
    return new QAccessibleWidget(static_cast<DiffEditor *>(object), QAccessible::EditableText);
}

} // namespace

DiffEditor::DiffEditor(git::Side side, QWidget *parent)
    : QsciScintilla(parent)
    , m_side(side)
    , m_decorations(*this, side)
{
    setUp();
    applyTheme();
    m_flash.setStartValue(1.0);
    m_flash.setEndValue(0.0);
    m_flash.setDuration(900);
    m_flash.setEasingCurve(QEasingCurve::InQuad);
    connect(&m_flash, &QVariantAnimation::valueChanged, this, [this] { viewport()->update(); });
    connect(this, &QsciScintillaBase::SCN_ZOOM, this, &DiffEditor::layOutMargin);
}

void DiffEditor::setUp()
{
    QAccessible::installFactory(makeAccessible);
    setFrameShape(QFrame::NoFrame);
    setUtf8(true);
    showHiddenCharacters(*this);
    SendScintilla(SCI_SETLEXER, SCLEX_CONTAINER);
    SendScintilla(SCI_SETUNDOCOLLECTION, 0L);
    SendScintilla(SCI_SETREADONLY, 1L);
    // Nothing listens to modifications, and QScintilla's own handling of them costs time in long files.
    SendScintilla(SCI_SETMODEVENTMASK, 0L);
    SendScintilla(SCI_SETWRAPMODE, SC_WRAP_NONE);
    SendScintilla(SCI_SETSCROLLWIDTHTRACKING, 0L);
    SendScintilla(SCI_SETLAYOUTCACHE, SC_CACHE_PAGE);
    SendScintilla(SCI_SETTABWIDTH, 4L);
    SendScintilla(SCI_SETEXTRAASCENT, 1L);
    SendScintilla(SCI_SETEXTRADESCENT, 2L);
    SendScintilla(SCI_SETYCARETPOLICY, static_cast<unsigned long>(CARET_SLOP | CARET_STRICT | CARET_EVEN),
                  3L);
    SendScintilla(SCI_SETMARGINS, 1L);
    SendScintilla(SCI_SETMARGINTYPEN, 0UL, long(SC_MARGIN_COLOUR));
    SendScintilla(SCI_SETMARGINMASKN, 0UL, 0L);
    SendScintilla(SCI_SETMARGINCURSORN, 0UL, long(SC_CURSORARROW));
    SendScintilla(SCI_SETMARGINLEFT, 0UL, long(textIndent));
    setAccessibleName(m_side == git::Side::Old ? tr("Before the change") : tr("After the change"));
}

void DiffEditor::setPage(std::shared_ptr<const DiffPage> page)
{
    m_flash.stop();
    m_marks.clear();
    m_currentRow = 0;
    m_page = std::move(page);
    SendScintilla(SCI_SETREADONLY, 0L);
    SendScintilla(SCI_CLEARALL);
    if (m_page) {
        const std::string &bytes = m_page->text(m_side).bytes();
        SendScintilla(SCI_ALLOCATE, static_cast<unsigned long>(bytes.size() + 1));
        SendScintilla(SCI_ADDTEXT, static_cast<unsigned long>(bytes.size()), bytes.data());
    }
    SendScintilla(SCI_SETREADONLY, 1L);
    SendScintilla(SCI_SETEMPTYSELECTION, 0L);
    SendScintilla(SCI_SETXOFFSET, 0L);
    m_decorations.setPage(m_page);
    layOutMargin();
}

void DiffEditor::addStyles(const StyledRows &rows)
{
    m_decorations.addStyles(rows);
    if (rows.rows.begin < firstVisibleRow() + visibleRowCount() + 1 && rows.rows.end > firstVisibleRow())
        viewport()->update();
}

void DiffEditor::setHits(Decorations::Hits hits)
{
    m_decorations.setHits(std::move(hits));
    viewport()->update();
}

void DiffEditor::setMarks(std::vector<RowMark> marks)
{
    std::stable_sort(marks.begin(), marks.end(), [](const RowMark &a, const RowMark &b) {
        return std::pair(a.row, a.severity) < std::pair(b.row, b.severity);
    });
    m_marks = std::move(marks);
    viewport()->update();
}

void DiffEditor::setCurrentRow(std::uint32_t row)
{
    if (m_currentRow == row)
        return;
    m_currentRow = row;
    viewport()->update();
}

void DiffEditor::flash(std::uint32_t row)
{
    m_flashRow = row;
    m_flash.stop();
    m_flash.start();
}

std::uint32_t DiffEditor::firstVisibleRow() const
{
    return std::uint32_t(SendScintilla(SCI_GETFIRSTVISIBLELINE));
}

std::uint32_t DiffEditor::visibleRowCount() const
{
    return std::uint32_t(std::max(1, viewport()->height() / std::max(1, rowHeight())));
}

std::uint32_t DiffEditor::caretRow() const
{
    return std::uint32_t(
        SendScintilla(SCI_LINEFROMPOSITION, static_cast<unsigned long>(SendScintilla(SCI_GETCURRENTPOS))));
}

std::uint32_t DiffEditor::rowAt(int y) const
{
    return firstVisibleRow() + std::uint32_t(std::max(0, y) / std::max(1, rowHeight()));
}

int DiffEditor::rowHeight() const
{
    return int(SendScintilla(SCI_TEXTHEIGHT, 0UL));
}

int DiffEditor::rowTop(std::uint32_t row) const
{
    return (int(row) - int(firstVisibleRow())) * rowHeight();
}

int DiffEditor::marginsWidth() const
{
    return int(SendScintilla(SCI_GETMARGINWIDTHN, 0UL));
}

int DiffEditor::textWidth() const
{
    if (!m_page)
        return 0;
    const int character = QFontMetrics(m_marginFont).horizontalAdvance(QLatin1Char('m'));
    return int(m_page->text(m_side).longestRow() + 2) * character;
}

void DiffEditor::placeCaret(std::uint32_t row)
{
    SendScintilla(SCI_SETEMPTYSELECTION,
                  SendScintilla(SCI_POSITIONFROMLINE, static_cast<unsigned long>(row)));
}

void DiffEditor::select(std::uint32_t row, git::ByteRange bytes)
{
    const long start = SendScintilla(SCI_POSITIONFROMLINE, static_cast<unsigned long>(row));
    const long end = SendScintilla(SCI_GETLINEENDPOSITION, static_cast<unsigned long>(row));
    const long from = std::min(start + long(bytes.begin), end);
    const long to = std::min(start + long(bytes.end), end);
    SendScintilla(SCI_SETSELECTION, static_cast<unsigned long>(to), from);
    SendScintilla(SCI_SCROLLRANGE, static_cast<unsigned long>(to), from);
}

/// Not hasSelectedText(), which learns of a selection with the next paint.
bool DiffEditor::hasSelection() const
{
    return SendScintilla(SCI_GETSELECTIONEMPTY) == 0;
}

QString DiffEditor::selectedLineText() const
{
    if (!m_page)
        return {};
    const auto begin = std::uint32_t(SendScintilla(SCI_GETSELECTIONSTART));
    const auto end = std::uint32_t(SendScintilla(SCI_GETSELECTIONEND));
    const QString text = QString::fromUtf8(m_page->text(m_side).clean(begin, end));
    return text.contains(QLatin1Char('\n')) ? QString() : text;
}

QMimeData *DiffEditor::toMimeData(const QByteArray &text, bool rectangular) const
{
    if (!m_page)
        return QsciScintilla::toMimeData(text, rectangular);
    if (rectangular)
        return QsciScintilla::toMimeData(cleanRectangle(text), true);
    const auto begin = std::uint32_t(SendScintilla(SCI_GETSELECTIONSTART));
    const auto end = std::uint32_t(SendScintilla(SCI_GETSELECTIONEND));
    return QsciScintilla::toMimeData(m_page->text(m_side).clean(begin, end), false);
}

/// Scintilla gives a rectangle's rows, one a line: those of gaps are left out.
QByteArray DiffEditor::cleanRectangle(const QByteArray &text) const
{
    const long begin = SendScintilla(SCI_GETSELECTIONSTART);
    auto row = std::uint32_t(SendScintilla(SCI_LINEFROMPOSITION, static_cast<unsigned long>(begin)));
    QByteArray result;
    for (const QByteArray &line : text.split('\n')) {
        if (row < m_page->rowCount() && !isGap(row))
            result += line + '\n';
        ++row;
    }
    return result;
}

bool DiffEditor::isGap(std::uint32_t row) const
{
    return m_page->text(m_side).lineOfRow(row) == git::Row::gap;
}

std::vector<RowMark> DiffEditor::marksAt(std::uint32_t row) const
{
    const auto less = [](const RowMark &mark, std::uint32_t r) { return mark.row < r; };
    const auto begin = std::lower_bound(m_marks.begin(), m_marks.end(), row, less);
    const auto end = std::lower_bound(begin, m_marks.end(), row + 1, less);
    return {begin, end};
}

bool DiffEditor::isOnMark(const QPoint &position) const
{
    return position.x() < m_numberRight && !marksAt(rowAt(position.y())).empty();
}

void DiffEditor::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !isOnMark(event->pos())) {
        QsciScintilla::mousePressEvent(event);
        return;
    }
    // Clicking again on a line with several findings goes round them.
    const std::uint32_t row = rowAt(event->pos().y());
    const std::vector<RowMark> marks = marksAt(row);
    m_lastActivated = row == m_lastActivatedRow ? (m_lastActivated + 1) % marks.size() : 0;
    m_lastActivatedRow = row;
    setFocus(Qt::MouseFocusReason);
    placeCaret(row);
    emit findingActivated(marks[m_lastActivated].id);
}

void DiffEditor::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier)
        emit toggleRequested();
    else if (event->matches(QKeySequence::Find))
        emit searchRequested();
    else if (event->matches(QKeySequence::FindNext) || event->matches(QKeySequence::FindPrevious))
        emit searchStepped(event->matches(QKeySequence::FindNext));
    else
        QsciScintilla::keyPressEvent(event);
}

void DiffEditor::focusInEvent(QFocusEvent *event)
{
    QsciScintilla::focusInEvent(event);
    emit focused();
}

void DiffEditor::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const std::uint32_t row = byKey ? caretRow() : rowAt(viewport()->mapFromGlobal(event->globalPos()).y());
    const QPoint position = byKey ? viewport()->mapToGlobal(QPoint(marginsWidth(), rowTop(row) + rowHeight()))
                                  : event->globalPos();
    emit menuRequested(position, row);
}

void DiffEditor::changeEvent(QEvent *event)
{
    QsciScintilla::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyTheme();
}

bool DiffEditor::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QsciScintilla::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    QStringList titles;
    if (isOnMark(help->pos())) {
        for (const RowMark &mark : marksAt(rowAt(help->pos().y())))
            titles += mark.title.toHtmlEscaped();
    }
    QToolTip::showText(
        help->globalPos(),
        titles.isEmpty() ? QString() : QStringLiteral("<p>%1</p>").arg(titles.join(QLatin1String("</p><p>"))),
        this);
    return true;
}

void DiffEditor::applyTheme()
{
    const Theme &theme = themeFor(palette());
    const QFont font = codeFont();
    SendScintilla(SCI_STYLESETFONT, static_cast<unsigned long>(STYLE_DEFAULT),
                  font.family().toUtf8().constData());
    SendScintilla(SCI_STYLESETSIZEFRACTIONAL, static_cast<unsigned long>(STYLE_DEFAULT),
                  long(QFontInfo(font).pointSizeF() * double(SC_FONT_SIZE_MULTIPLIER)));
    SendScintilla(SCI_STYLESETFORE, static_cast<unsigned long>(STYLE_DEFAULT), theme.editorText);
    SendScintilla(SCI_STYLESETBACK, static_cast<unsigned long>(STYLE_DEFAULT), theme.editor);
    SendScintilla(SCI_STYLECLEARALL);
    SendScintilla(SCI_SETMARGINBACKN, 0UL, theme.editor);
    SendScintilla(SCI_SETCARETFORE, theme.accent);
    SendScintilla(SCI_SETCARETWIDTH, 2L);
    SendScintilla(SCI_SETSELFORE, 0UL, theme.editorText);
    SendScintilla(SCI_SETSELBACK, 1UL, theme.accent);
    SendScintilla(SCI_SETSELALPHA, 72L);
    m_decorations.applyTheme(theme);
    m_hatching = {};
    layOutMargin();
}

void DiffEditor::layOutMargin()
{
    m_marginFont = codeFont();
    const double size = QFontInfo(m_marginFont).pointSizeF() + double(SendScintilla(SCI_GETZOOM));
    m_marginFont.setPointSizeF(std::max(2.0, size));
    const QFontMetrics metrics(m_marginFont);
    const int digit = metrics.horizontalAdvance(QLatin1Char('0'));
    const std::uint32_t largest = m_page ? m_page->largestLineNumber(m_side) + 1 : 1;
    const int digits = std::max(3, int(QString::number(largest).size()));
    m_markLeft = 4;
    m_numberRight = m_markLeft + metrics.ascent() + 6 + digits * digit;
    m_signLeft = m_numberRight + digit;
    SendScintilla(SCI_SETMARGINWIDTHN, 0UL, long(m_signLeft + 2 * digit));
    viewport()->update();
}

} // namespace ui
