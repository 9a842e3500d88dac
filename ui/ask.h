// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFileDialog>
#include <QList>
#include <QString>

#include <functional>
#include <utility>

class QWidget;

namespace ui {

/// Questions to the reader. None blocks: the answer is given to a function, if there is one.
void askPath(QWidget *parent, const QString &title, QFileDialog::FileMode mode, const QString &filter,
             const std::function<void(const QString &)> &use);
/// `suffix` without a dot is added to a name that has none.
void askNewFile(QWidget *parent, const QString &title, const QString &suggestion, const QString &filter,
                const QString &suffix, const std::function<void(const QString &)> &use);
/// Several lines of text; `choices` are offered as ready answers.
void askText(QWidget *parent, const QString &title, const QString &hint, const QString &okText,
             const QStringList &choices, const std::function<void(const QString &)> &use);
/// Several answers and Cancel, which does nothing. The first one is the default.
void askChoice(QWidget *parent, const QString &question, const QString &detail,
               const QList<std::pair<QString, std::function<void()>>> &choices);

} // namespace ui
