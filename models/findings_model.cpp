// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings_model.h"

#include <algorithm>

namespace models {

namespace {

constexpr quintptr topLevel = 0;
constexpr quintptr question = 1;

} // namespace

FindingsModel::FindingsModel(Workspace &workspace, review::Section section, QObject *parent)
    : QAbstractItemModel(parent)
    , m_workspace(workspace)
    , m_section(section)
{
    connect(&m_workspace, &Workspace::replaced, this, &FindingsModel::reload);
    connect(&m_workspace, &Workspace::reviewBegun, this, &FindingsModel::reload);
    connect(&m_workspace, &Workspace::recorded, this, &FindingsModel::readNew);
    connect(&m_workspace, &Workspace::refreshed, this, [this] { m_before = ids(); });
    connect(&m_workspace, &Workspace::reviewRenewed, this, &FindingsModel::renew);
    connect(&m_workspace, &Workspace::decided, this, [this](const QString &id) {
        const QModelIndex index = indexOfFinding(id);
        const review::Finding *finding = m_workspace.finding(id);
        if (finding && finding->section == m_section && isShown(*finding) != index.isValid())
            return reload();
        if (!index.isValid())
            return;
        emit dataChanged(index, index);
        emit countChanged();
    });
    readNew();
}

void FindingsModel::reload()
{
    // Not row by row: the findings that the rows stood for are gone already.
    beginResetModel();
    m_findings.clear();
    m_questions.clear();
    m_read = 0;
    endResetModel();
    readNew();
    emit countChanged();
}

/// The same findings stay the same rows, so that nothing moves below the reader.
void FindingsModel::renew()
{
    const FindingsModel now(m_workspace, m_section);
    if (now.ids() != m_before || now.m_findings.size() != m_findings.size() ||
        now.m_questions.size() != m_questions.size())
        return reload();
    m_findings = now.m_findings;
    m_questions = now.m_questions;
    m_read = now.m_read;
    if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, 0));
    if (const QModelIndex parent = questionsIndex(); parent.isValid())
        emit dataChanged(index(0, 0, parent), index(rowCount(parent) - 1, 0, parent));
    emit countChanged();
}

/// Of a rule that the reader switched off nothing is shown.
bool FindingsModel::isShown(const review::Finding &finding) const
{
    const review::Decision *decision = m_workspace.decision(QString::fromStdString(finding.id));
    return !decision || decision->state != review::Decision::State::SwitchedOff;
}

void FindingsModel::readNew()
{
    const std::size_t before = m_findings.size() + m_questions.size();
    const std::vector<review::Finding> &findings = m_workspace.session().findings;
    for (; m_read < findings.size(); ++m_read)
        if (findings[m_read].section == m_section && isShown(findings[m_read]))
            insert(m_read);
    if (m_findings.size() + m_questions.size() != before)
        emit countChanged();
}

void FindingsModel::insert(std::size_t finding)
{
    const std::vector<review::Finding> &findings = m_workspace.session().findings;
    const bool isQuestion = findings[finding].tier == review::Tier::Question;
    Rows &rows = isQuestion ? m_questions : m_findings;
    const auto before = [&](std::size_t a, std::size_t b) {
        return review::comesBefore(findings[a], findings[b]);
    };
    const auto place = std::upper_bound(rows.begin(), rows.end(), finding, before);
    const int row = int(place - rows.begin());
    if (isQuestion && m_questions.empty()) {
        // The heading and its first child come as one: a heading without children is never seen.
        beginInsertRows({}, int(m_findings.size()), int(m_findings.size()));
        rows.insert(place, finding);
        endInsertRows();
        return;
    }
    beginInsertRows(isQuestion ? questionsIndex() : QModelIndex(), row, row);
    rows.insert(place, finding);
    endInsertRows();
    if (isQuestion)
        emit dataChanged(questionsIndex(), questionsIndex());
}

int FindingsModel::openCount() const
{
    const auto isOpen = [&](std::size_t finding) {
        return !m_workspace.decision(QString::fromStdString(m_workspace.session().findings[finding].id));
    };
    return int(std::count_if(m_findings.begin(), m_findings.end(), isOpen) +
               std::count_if(m_questions.begin(), m_questions.end(), isOpen));
}

QModelIndex FindingsModel::questionsIndex() const
{
    return m_questions.empty() ? QModelIndex() : createIndex(int(m_findings.size()), 0, topLevel);
}

QModelIndex FindingsModel::indexOfFinding(const QString &id) const
{
    const std::string wanted = id.toStdString();
    for (const auto &[rows, kind] : {std::pair(&m_findings, topLevel), std::pair(&m_questions, question)})
        for (std::size_t row = 0; row < rows->size(); ++row)
            if (m_workspace.session().findings[(*rows)[row]].id == wanted)
                return createIndex(int(row), 0, kind);
    return {};
}

QStringList FindingsModel::ids() const
{
    QStringList ids;
    for (const Rows *rows : {&m_findings, &m_questions})
        for (const std::size_t finding : *rows)
            ids.append(QString::fromStdString(m_workspace.session().findings[finding].id));
    return ids;
}

QModelIndex FindingsModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? question : topLevel);
}

QModelIndex FindingsModel::parent(const QModelIndex &child) const
{
    return child.isValid() && child.internalId() == question ? questionsIndex() : QModelIndex();
}

int FindingsModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_findings.size()) + (m_questions.empty() ? 0 : 1);
    return parent == questionsIndex() ? int(m_questions.size()) : 0;
}

int FindingsModel::columnCount(const QModelIndex &) const
{
    return 1;
}

const review::Finding *FindingsModel::findingAt(const QModelIndex &index) const
{
    const Rows &rows = index.internalId() == question ? m_questions : m_findings;
    const std::size_t row = std::size_t(index.row());
    return row < rows.size() ? &m_workspace.session().findings[rows[row]] : nullptr;
}

QVariant FindingsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const review::Finding *finding = findingAt(index);
    if (!finding)
        return role == Qt::DisplayRole ? tr("Questions (%1)").arg(m_questions.size()) : QVariant();
    const QString id = QString::fromStdString(finding->id);
    const review::Decision *decision = m_workspace.decision(id);
    switch (role) {
    case Qt::DisplayRole:
        return withoutMarks(finding->title);
    case Qt::ToolTipRole:
        return toToolTip(
            QStringLiteral("%1\n%2").arg(withoutMarks(finding->title), toText(finding->place, m_workspace)));
    case Qt::AccessibleTextRole:
        return tr("%1: %2, %3%4")
            .arg(QLatin1String(review::toText(finding->severity)), withoutMarks(finding->title),
                 toText(finding->place, m_workspace), decision ? tr(", decided") : QString());
    case FindingIdRole:
        return id;
    case SeverityTextRole:
        return QLatin1String(review::toText(finding->severity));
    case FindingSeverityRole:
        return int(finding->severity);
    case PlaceTextRole:
        return toText(finding->place, m_workspace);
    case OriginRole:
        return int(finding->origin);
    case DecisionRole:
        return !decision ? 0 : decision->state == review::Decision::State::Applied ? 2 : 1;
    case IsQuestionRole:
        return finding->tier == review::Tier::Question;
    default:
        return {};
    }
}

QString withoutMarks(const std::string &markdown)
{
    QString text = QString::fromStdString(markdown);
    return text.remove(QLatin1Char('`')).simplified();
}

QString toText(const review::Place &place, const Workspace &workspace)
{
    std::uint32_t line = place.lines.begin;
    const int file = workspace.fileIndex(place.path);
    if (file >= 0 && std::size_t(file) < workspace.files().size())
        line = review::realLine(workspace.files()[std::size_t(file)], place.side, line);
    return QStringLiteral("%1:%2").arg(toDisplay(place.path)).arg(line + 1);
}

} // namespace models
