// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/file_view.h"

#include <QWidget>

namespace ui {

/// One line of plain text, cut in its middle where there is no room.
class ElidedLabel : public QWidget {
    Q_OBJECT

public:
    enum class Weight { Normal, Muted, Strong };

    explicit ElidedLabel(Weight weight, QWidget *parent = nullptr);
    void setText(const QString &text);
    QString text() const { return m_text; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QFont textFont() const;

    const Weight m_weight;
    QString m_text;
};

/// Names the shown file, tells what happened to it beside its lines, where in it the reader is, and which
/// change it is.
class FileHeader : public QWidget {
    Q_OBJECT

public:
    explicit FileHeader(QWidget *parent = nullptr);

    void setFile(const models::FileView *view); ///< null: empty
    void setItem(const QString &item);
    void setPosition(int hunk, int hunkCount); ///< 0-based; -1: between hunks

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    ElidedLabel *m_path;
    ElidedLabel *m_facts;
    ElidedLabel *m_item;
    ElidedLabel *m_position;
};

/// Tells which side is below and underlines it while that side has the keyboard.
class SideHeader : public QWidget {
    Q_OBJECT

public:
    explicit SideHeader(git::Side side, QWidget *parent = nullptr);

    void setFile(const models::FileView *view);
    void setActive(bool active);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const git::Side m_side;
    bool m_active = false;
    ElidedLabel *m_name;
    ElidedLabel *m_facts;
};

} // namespace ui
