// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/workspace.h"

#include <QAbstractListModel>
#include <QTimer>

#include <functional>
#include <vector>

namespace models {

/// A line of one of the plain lists beside the findings: two lines of text, and where a click leads.
struct ListLine {
    QString title;
    QString detail;
    std::optional<review::Place> place;
    QString id; ///< of the finding or the note it stands for

    bool operator==(const ListLine &) const = default;
};

enum ListRole { DetailRole = Qt::UserRole, LineIdRole };

/// A list of lines that is made from the workspace by a function and brought up to date row by row: equal
/// rows at the top stay.
class ReviewListModel : public QAbstractListModel {
    Q_OBJECT

public:
    using MakeLines = std::function<std::vector<ListLine>(const Workspace &)>;
    ReviewListModel(Workspace &workspace, MakeLines makeLines, QObject *parent = nullptr);

    const ListLine &line(const QModelIndex &index) const { return m_lines[std::size_t(index.row())]; }
    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

signals:
    void countChanged();

private:
    void refresh();

    Workspace &m_workspace;
    MakeLines m_makeLines;
    std::vector<ListLine> m_lines;
    QTimer m_soon; ///< a stream of events is followed at a pace a reader can use
};

/// The ranked actions of the fifth section; those about open findings only.
std::vector<ListLine> makeRecommendationLines(const Workspace &workspace);
/// What the review did not look at or did not show, and why.
std::vector<ListLine> makeCoverageLines(const Workspace &workspace);
/// The reviewer's own notes.
std::vector<ListLine> makeNoteLines(const Workspace &workspace);

} // namespace models
