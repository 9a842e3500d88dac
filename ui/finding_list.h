// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findings_model.h"

#include <QTreeView>

namespace ui {

/// One section's findings. Choosing one tells `findingChosen`; a stream of new ones moves neither the current
/// row nor the scroll bar.
class FindingList : public QTreeView {
    Q_OBJECT

public:
    FindingList(models::FindingsModel &model, const QString &name, QWidget *parent = nullptr);

    /// Marks a finding of this section as the current one without telling it; clears the mark for any other.
    void setCurrentFinding(const QString &id);
    void setEmptyText(const QString &text);

signals:
    void findingChosen(const QString &id);

protected:
    void paintEvent(QPaintEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    models::FindingsModel &m_model;
    QString m_emptyText;
    bool m_quiet = false;
};

} // namespace ui
