// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/diff/search.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;

namespace ui {

/// Asks what to look for and shows how much was found. Enter and Shift+Enter step, Escape closes.
class SearchBar : public QWidget {
    Q_OBJECT

public:
    explicit SearchBar(QWidget *parent = nullptr);

    void open(const QString &pattern); ///< an empty one keeps the last
    SearchQuery query() const;
    /// `current` is 0-based, -1: none of the hits.
    void setResult(const SearchResult &result, int current);

signals:
    void queryChanged();
    void stepped(bool forward);
    void closed();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QToolButton *addButton(const QString &text, const QString &name, bool checkable);

    QLineEdit *m_pattern;
    QLabel *m_state;
    QToolButton *m_matchCase;
    QToolButton *m_expression;
};

} // namespace ui
