// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/diff/editor.h"

#include <QSet>
#include <QWidget>

namespace ui {

/// The column between both sides: a bracket for each hunk with its check box at the first row (at the top of
/// the view while that row is above it). Follows the rows of `editor`.
class HunkGutter : public QWidget {
    Q_OBJECT

public:
    explicit HunkGutter(QWidget *parent = nullptr);

    void setEditor(const DiffEditor *editor); ///< whose scroll position and row height to follow
    void setPage(std::shared_ptr<const DiffPage> page);
    void setChosen(const QSet<QString> &hunks);
    void setCurrentHunk(int hunk); ///< -1: none
    bool isChosen(int hunk) const;

signals:
    void toggleRequested(int hunk);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    bool event(QEvent *event) override;

private:
    QString id(int hunk) const;
    int hunkAt(int y) const;
    QRectF boxOf(int hunk) const;
    void paintHunk(QPainter &painter, int hunk);
    void setHovered(int hunk);

    const DiffEditor *m_editor = nullptr;
    std::shared_ptr<const DiffPage> m_page;
    QSet<QString> m_chosen;
    int m_current = -1;
    int m_hovered = -1;
};

} // namespace ui
