// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/diff/headers.h"
#include "ui/diff/hunk_gutter.h"
#include "ui/diff/scroll_sync.h"
#include "ui/diff/strip.h"
#include "ui/diff/styler.h"

namespace ui {

/// Both editors with what stands between and beside them, as one: one caret row, one scroll position. Knows
/// rows, no files.
class DiffPanes : public QWidget {
    Q_OBJECT

public:
    enum class Place {
        Middle,
        Above
    }; ///< where a row is brought to: Above is a fifth of the height from the top

    explicit DiffPanes(QWidget *parent = nullptr);
    ~DiffPanes() override;

    /// Null: empty. With `keepPlace` the line at the top and the caret's line stay, else the first change
    /// comes into view.
    void setPage(std::shared_ptr<const DiffPage> page, bool keepPlace);
    const DiffPage *page() const { return m_page.get(); }
    std::shared_ptr<const DiffPage> sharedPage() const { return m_page; }
    void setChosen(const QSet<QString> &hunks);
    void setMarks(const std::vector<RowMark> &marks);
    void setHits(const Decorations::Hits &hits);

    git::Side activeSide() const { return m_active->side(); }
    std::uint32_t caretRow() const { return m_caretRow; }
    /// Where the reader looks: the caret's row if it is on screen, else the first visible one.
    std::uint32_t readRow() const;
    void goToRow(std::uint32_t row, Place place);
    void goToHunk(int hunk);
    bool stepToHunk(bool forward);
    void select(const SearchHit &hit); ///< brings it into view
    void flash(std::uint32_t row, git::Side side);

    bool hasSelection() const;
    QString selectedLineText() const { return m_active->selectedLineText(); }
    void copy() { m_active->copy(); }
    void selectAll() { m_active->selectAll(); }

signals:
    void placeChanged(); ///< the caret or the visible part moved
    void toggleRequested(int hunk);
    void findingActivated(const QString &id);
    void searchRequested();
    void searchStepped(bool forward);
    void menuRequested(const QPoint &globalPosition, std::uint32_t row);

private:
    /// A place that survives a new alignment of the same file: lines of one side, and how far below the top.
    struct Anchor {
        git::Side side = git::Side::New;
        std::uint32_t topLine = 0;
        std::uint32_t caretLine = 0;
    };

    void layOut();
    void watch(DiffEditor &editor);
    void showSides();
    void activate(DiffEditor &editor);
    DiffEditor &editor(git::Side side) { return side == git::Side::Old ? *m_old : *m_new; }
    Anchor anchor() const;
    void restore(const Anchor &anchor);
    void setCaretRow(std::uint32_t row);
    void takeCaretRow(const DiffEditor &editor);
    bool isRowVisible(std::uint32_t row) const;

    std::shared_ptr<const DiffPage> m_page;
    DiffEditor *m_old;
    DiffEditor *m_new;
    DiffEditor *m_active;
    SideHeader *m_oldHeader;
    SideHeader *m_newHeader;
    HunkGutter *m_gutter;
    DiffStrip *m_strip;
    ScrollSync *m_sync;
    std::uint32_t m_caretRow = 0;
    Styler m_styler{this};
};

} // namespace ui
