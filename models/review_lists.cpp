// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/review_lists.h"

#include "models/findings_model.h"

#include <map>

namespace models {

namespace {

constexpr int refreshMs = 100;

} // namespace

ReviewListModel::ReviewListModel(Workspace &workspace, MakeLines makeLines, QObject *parent)
    : QAbstractListModel(parent)
    , m_workspace(workspace)
    , m_makeLines(std::move(makeLines))
{
    connect(&m_workspace, &Workspace::replaced, this, &ReviewListModel::refresh);
    connect(&m_workspace, &Workspace::reviewBegun, this, &ReviewListModel::refresh);
    connect(&m_workspace, &Workspace::refreshed, this, &ReviewListModel::refresh);
    connect(&m_workspace, &Workspace::reviewRenewed, this, &ReviewListModel::refresh);
    m_soon.setSingleShot(true);
    m_soon.setInterval(refreshMs);
    connect(&m_soon, &QTimer::timeout, this, &ReviewListModel::refresh);
    connect(&m_workspace, &Workspace::recorded, this, [this] {
        if (!m_soon.isActive())
            m_soon.start();
    });
    connect(&m_workspace, &Workspace::decided, this, &ReviewListModel::refresh);
    connect(&m_workspace, &Workspace::notePut, this, &ReviewListModel::refresh);
    m_lines = m_makeLines(m_workspace);
}

void ReviewListModel::refresh()
{
    const std::vector<ListLine> lines = m_makeLines(m_workspace);
    const std::size_t common = std::min(lines.size(), m_lines.size());
    for (std::size_t row = 0; row < common; ++row) {
        if (lines[row] == m_lines[row])
            continue;
        m_lines[row] = lines[row];
        emit dataChanged(index(int(row)), index(int(row)));
    }
    const bool sameCount = lines.size() == m_lines.size();
    if (lines.size() > common) {
        beginInsertRows({}, int(common), int(lines.size()) - 1);
        m_lines = lines;
        endInsertRows();
    } else if (m_lines.size() > common) {
        beginRemoveRows({}, int(common), int(m_lines.size()) - 1);
        m_lines.resize(common);
        endRemoveRows();
    }
    if (!sameCount)
        emit countChanged();
}

int ReviewListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

QVariant ReviewListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const ListLine &mine = line(index);
    switch (role) {
    case Qt::DisplayRole:
        return mine.title;
    case DetailRole:
        return mine.detail;
    case LineIdRole:
        return mine.id;
    case Qt::ToolTipRole:
        return toToolTip(index.data(Qt::AccessibleTextRole).toString());
    case Qt::AccessibleTextRole:
        return mine.detail.isEmpty() ? mine.title : QStringLiteral("%1\n%2").arg(mine.title, mine.detail);
    default:
        return {};
    }
}

std::vector<ListLine> makeRecommendationLines(const Workspace &workspace)
{
    std::vector<review::Finding> open;
    for (const review::Finding &finding : workspace.session().findings)
        if (!workspace.decision(QString::fromStdString(finding.id)))
            open.push_back(finding);
    std::vector<ListLine> lines;
    for (const review::Recommendation &action : review::makeRecommendations(open)) {
        ListLine line;
        line.title = QStringLiteral("%1. %2").arg(action.rank).arg(withoutMarks(action.action));
        line.detail = withoutMarks(action.rationale);
        if (!action.effort.empty())
            line.detail += ReviewListModel::tr(" · effort %1").arg(QString::fromStdString(action.effort));
        if (!action.findings.empty())
            line.id = QString::fromStdString(action.findings.front());
        lines.push_back(line);
    }
    return lines;
}

/// Findings that are not open though nobody decided about them one by one: silenced in the code, each with
/// its reason, and those of switched-off rules, by rule.
void addDecided(std::vector<ListLine> &lines, const Workspace &workspace)
{
    using State = review::Decision::State;
    std::map<std::string, int> off;
    for (const review::Finding &finding : workspace.session().findings) {
        const review::Decision *decision = workspace.decision(QString::fromStdString(finding.id));
        if (decision && decision->state == State::SwitchedOff)
            ++off[finding.rule];
        if (!decision || decision->state != State::Silenced)
            continue;
        lines.push_back({ReviewListModel::tr("Silenced in the code: %1").arg(withoutMarks(finding.title)),
                         QStringLiteral("%1 · %2").arg(toText(finding.place, workspace),
                                                       QString::fromStdString(decision->reason)),
                         finding.place, QString::fromStdString(finding.id)});
    }
    for (const auto &[rule, count] : off)
        lines.push_back({ReviewListModel::tr("Not shown: %1 of %2")
                             .arg(counted(count, "finding", "findings"), QString::fromStdString(rule)),
                         ReviewListModel::tr("The rule is switched off. Review > Rules… switches it on."),
                         {},
                         {}});
}

std::vector<ListLine> makeCoverageLines(const Workspace &workspace)
{
    std::vector<ListLine> lines;
    const review::Session &session = workspace.session();
    for (const review::Ended &ended : session.ended)
        if (ended.state == review::Ended::State::Stopped)
            lines.push_back({ReviewListModel::tr("The review was stopped before its end"),
                             QString::fromStdString(ended.reason),
                             {},
                             {}});
        else if (ended.state == review::Ended::State::Failed)
            lines.push_back(
                {ReviewListModel::tr("The review failed"), QString::fromStdString(ended.reason), {}, {}});
    for (const review::Coverage &coverage : session.coverage) {
        if (coverage.state == review::Coverage::State::Reviewed && coverage.reason.empty())
            continue;
        const review::Place place{coverage.path, git::Side::New, coverage.lines};
        const QString where = coverage.hunk.empty() ? toDisplay(coverage.path) : toText(place, workspace);
        lines.push_back({QStringLiteral("%1 · %2").arg(where, QLatin1String(review::toText(coverage.state))),
                         QString::fromStdString(coverage.reason),
                         place,
                         {}});
    }
    for (const std::string &sentence : session.leftOut)
        lines.push_back({ReviewListModel::tr("Left out"), QString::fromStdString(sentence), {}, {}});
    for (const review::FindingRejected &rejected : session.rejected)
        lines.push_back({ReviewListModel::tr("Not shown: %1").arg(withoutMarks(rejected.title)),
                         QString::fromStdString(rejected.reason),
                         {},
                         {}});
    addDecided(lines, workspace);
    for (const review::Note &note : session.notes)
        lines.push_back({ReviewListModel::tr("Note"), QString::fromStdString(note.text), {}, {}});
    return lines;
}

std::vector<ListLine> makeNoteLines(const Workspace &workspace)
{
    std::vector<ListLine> lines;
    for (const review::ReviewerNote &note : workspace.session().reviewerNotes)
        lines.push_back({QString::fromStdString(note.text).simplified(), toText(note.place, workspace),
                         note.place, QString::fromStdString(note.id)});
    return lines;
}

} // namespace models
