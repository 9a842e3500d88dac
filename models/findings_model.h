// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/workspace.h"

#include <QAbstractItemModel>

#include <vector>

namespace models {

/// What a row of a findings list tells beside its title (Qt::DisplayRole).
enum FindingRole {
    FindingIdRole = Qt::UserRole, ///< empty on the row that heads the questions
    SeverityTextRole,
    FindingSeverityRole, ///< int of review::Severity
    PlaceTextRole,       ///< "src/db.rs:41"
    OriginRole,          ///< int of review::Origin
    DecisionRole,        ///< 0 open, 1 dismissed, 2 applied
    IsQuestionRole
};

/// The findings of one section, gravest first; questions are folded below. Rows are inserted where they
/// belong and never reset while a review runs.
class FindingsModel : public QAbstractItemModel {
    Q_OBJECT

public:
    FindingsModel(Workspace &workspace, review::Section section, QObject *parent = nullptr);

    int findingCount() const { return int(m_findings.size() + m_questions.size()); }
    int openCount() const;
    QModelIndex indexOfFinding(const QString &id) const;
    QStringList ids() const; ///< as shown, from top to bottom

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

signals:
    void countChanged();

private:
    using Rows = std::vector<std::size_t>; ///< indices in the session's findings, in the order shown
    void reload();
    void renew();
    void readNew();
    bool isShown(const review::Finding &finding) const;
    void insert(std::size_t finding);
    QModelIndex questionsIndex() const;
    const review::Finding *findingAt(const QModelIndex &index) const;

    Workspace &m_workspace;
    review::Section m_section;
    Rows m_findings;
    Rows m_questions;
    QStringList m_before;   ///< ids that were shown at the last refresh
    std::size_t m_read = 0; ///< how many of the session's findings were looked at
};

/// Text for people without the marks of Markdown's code spans.
QString withoutMarks(const std::string &markdown);
/// "src/db.rs:41" with the 1-based line of the real file, also where only a patch is known.
QString toText(const review::Place &place, const Workspace &workspace);

} // namespace models
