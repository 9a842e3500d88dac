// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/finding.h"
#include "ui/diff/decorations.h"

#include <Qsci/qsciscintilla.h>

#include <QPixmap>
#include <QVariantAnimation>

namespace ui {

/// A finding's mark at a row of one side.
struct RowMark {
    std::uint32_t row = 0;
    git::Side side = git::Side::New;
    review::Severity severity = review::Severity::Medium;
    QString id;
    QString title;
};

/// One side of the diff: read-only, one text line for each row. Numbers, signs and marks in the margin, gaps,
/// the current hunk's edge and the flash are painted over Scintilla's picture, for the visible rows only.
/// Copying gives the file's own bytes.
class DiffEditor : public QsciScintilla {
    Q_OBJECT

public:
    explicit DiffEditor(git::Side side, QWidget *parent = nullptr);

    git::Side side() const { return m_side; }
    void setPage(std::shared_ptr<const DiffPage> page); ///< null: empty
    void addStyles(const StyledRows &rows);
    void setHits(Decorations::Hits hits);
    void setMarks(std::vector<RowMark> marks);
    void setCurrentRow(std::uint32_t row); ///< the row and its hunk that are emphasised
    void flash(std::uint32_t row);

    std::uint32_t firstVisibleRow() const;
    std::uint32_t visibleRowCount() const; ///< rows that fit
    std::uint32_t caretRow() const;
    std::uint32_t rowAt(int y) const; ///< of the viewport; may lie behind the last row
    int rowHeight() const;
    int rowTop(std::uint32_t row) const; ///< in the viewport
    int marginsWidth() const;
    int textWidth() const;                                ///< pixels of the longest row
    void placeCaret(std::uint32_t row);                   ///< does not scroll
    void select(std::uint32_t row, git::ByteRange bytes); ///< scrolls sideways if need be
    bool hasSelection() const;
    QString selectedLineText() const; ///< what is selected within one line

signals:
    void findingActivated(const QString &id);
    void focused();
    void toggleRequested();
    void searchRequested();
    void searchStepped(bool forward);
    void menuRequested(const QPoint &globalPosition, std::uint32_t row);

protected:
    QMimeData *toMimeData(const QByteArray &text, bool rectangular) const override;
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    void setUp();
    void applyTheme();
    void layOutMargin();
    QByteArray cleanRectangle(const QByteArray &text) const;
    std::vector<RowMark> marksAt(std::uint32_t row) const; ///< gravest first
    bool isOnMark(const QPoint &position) const;

    struct Span; ///< the rows to paint and their geometry
    void paintGaps(QPainter &painter, const Span &span);
    void paintMargin(QPainter &painter, const Span &span);
    void paintHunkEdge(QPainter &painter, const Span &span);
    void paintExcerpts(QPainter &painter, const Span &span);
    void paintFlash(QPainter &painter, const Span &span);
    bool isGap(std::uint32_t row) const;

    static constexpr int textIndent = 8; ///< between margin and text

    const git::Side m_side;
    std::shared_ptr<const DiffPage> m_page;
    Decorations m_decorations;
    std::vector<RowMark> m_marks; ///< by row, gravest first
    std::uint32_t m_currentRow = 0;
    std::uint32_t m_flashRow = 0;
    QVariantAnimation m_flash;
    QFont m_marginFont;
    QPixmap m_hatching;
    int m_markLeft = 0; ///< of the marks' column
    int m_numberRight = 0;
    int m_signLeft = 0;
    std::size_t m_lastActivated = 0;
    std::uint32_t m_lastActivatedRow = 0;
};

} // namespace ui
