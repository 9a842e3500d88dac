// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/review_lists.h"

#include <QListView>

namespace ui {

/// One of the plain lists: recommendations, what was not reviewed, notes.
class LineList : public QListView {
    Q_OBJECT

public:
    LineList(models::ReviewListModel &model, const QString &name, QWidget *parent = nullptr);
    void setEmptyText(const QString &text);

signals:
    void lineChosen(const models::ListLine &line);
    void removalAsked(const models::ListLine &line); ///< the Delete key

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    models::ReviewListModel &m_model;
    QString m_emptyText;
};

} // namespace ui
