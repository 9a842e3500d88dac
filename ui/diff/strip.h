// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/diff/editor.h"

#include <QPixmap>
#include <QWidget>

namespace ui {

/// The whole file in one narrow column: removed rows on its left half, added ones on its right half, findings
/// as their severities' shapes, the visible part as a frame. A click or drag goes there.
class DiffStrip : public QWidget {
    Q_OBJECT

public:
    explicit DiffStrip(QWidget *parent = nullptr);

    void setEditor(const DiffEditor *editor); ///< whose visible part to show
    void setPage(std::shared_ptr<const DiffPage> page);
    void setMarks(std::vector<RowMark> marks); ///< of both sides

signals:
    void rowRequested(std::uint32_t row); ///< to be brought to the middle

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    double pixelsPerRow() const;
    void goTo(double y);
    QPixmap renderChanges() const;

    const DiffEditor *m_editor = nullptr;
    std::shared_ptr<const DiffPage> m_page;
    std::vector<RowMark> m_marks;
    QPixmap m_changes; ///< rendered once for a page, size and theme
};

} // namespace ui
