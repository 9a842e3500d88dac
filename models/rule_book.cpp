// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/rule_book.h"

#include "review/rules/team_rules.h"
#include "review/team_cards.h"

#include <QFile>

#include <algorithm>

namespace models {

namespace {

std::vector<review::rules::Card> withTeams(std::vector<review::rules::Card> teams)
{
    std::vector<review::rules::Card> cards = review::rules::catalogue();
    std::move(teams.begin(), teams.end(), std::back_inserter(cards));
    std::stable_sort(cards.begin(), cards.end(),
                     [](const auto &a, const auto &b) { return a.section < b.section; });
    return cards;
}

} // namespace

RuleBook::RuleBook(Workspace &workspace, const QString &configFolder, QObject *parent)
    : QObject(parent)
    , m_workspace(workspace)
    , m_folder(QFile::encodeName(configFolder).toStdString())
    , m_cards(review::rules::catalogue())
{
    connect(&m_workspace, &Workspace::replaced, this, [this] {
        readSwitches();
        readTeamCards();
    });
    connect(&m_workspace, &Workspace::refreshed, this, &RuleBook::readTeamCards);
    readSwitches();
}

const review::rules::Card *RuleBook::card(const QString &id) const
{
    const std::string wanted = id.toStdString();
    const auto found =
        std::find_if(m_cards.begin(), m_cards.end(), [&](const auto &card) { return card.id == wanted; });
    return found == m_cards.end() ? nullptr : &*found;
}

bool RuleBook::isOfRepository() const
{
    return !repository().empty();
}

review::RuleState RuleBook::state(const QString &id) const
{
    return m_switches.stateOf(repository(), id.toStdString());
}

void RuleBook::setState(const QString &id, review::RuleState state)
{
    // Another window may have written since.
    const auto read = review::readRuleSwitches(m_folder);
    if (!read) {
        emit failed(QString::fromStdString(read.error().message));
        return;
    }
    review::RuleSwitches next = *read;
    next.setState(repository(), id.toStdString(), state);
    if (const auto written = review::writeRuleSwitches(m_folder, next); !written) {
        emit failed(QString::fromStdString(written.error().message));
        return;
    }
    m_switches = std::move(next);
    m_workspace.setSwitchedOff(m_switches.offIn(repository()));
    decideFindings(id.toStdString(), state != review::RuleState::On);
    emit stateChanged(id);
}

/// What the reader decided otherwise stays.
void RuleBook::decideFindings(const std::string &rule, bool off)
{
    const review::Decision decision{review::Decision::State::SwitchedOff, {}};
    for (const review::Finding &finding : m_workspace.session().findings) {
        if (finding.rule != rule)
            continue;
        const QString id = QString::fromStdString(finding.id);
        const review::Decision *present = m_workspace.decision(id);
        if (off && !present)
            m_workspace.decide(id, decision);
        else if (!off && present && *present == decision)
            m_workspace.decide(id, std::nullopt);
    }
}

void RuleBook::readSwitches()
{
    auto read = review::readRuleSwitches(m_folder);
    if (!read)
        emit failed(QString::fromStdString(read.error().message));
    m_switches = read ? *std::move(read) : review::RuleSwitches{};
    m_workspace.setSwitchedOff(m_switches.offIn(repository()));
}

void RuleBook::readTeamCards()
{
    if (m_workspace.opened().kind != Opened::Kind::Repository) {
        m_job.cancel();
        m_cards = review::rules::catalogue();
        m_mistakes.clear();
        emit cardsChanged();
        return;
    }
    m_job.start([this, path = m_workspace.opened().path,
                 base = m_workspace.diff().base](std::stop_token stop, const Job::Post &post) {
        const auto opened = git::Repository::open(path);
        if (!opened)
            return; // the review says why
        review::TeamCards read = review::readTeamCards(*opened, base, stop);
        review::rules::TeamRules rules = review::rules::readTeamRules(read.cards);
        QStringList mistakes;
        for (const auto *texts : {&read.problems, &rules.mistakes}) {
            for (const std::string &text : *texts)
                mistakes.append(QString::fromStdString(text));
        }
        post([this, cards = withTeams(std::move(rules.cards)), mistakes] {
            m_cards = cards;
            m_mistakes = mistakes;
            emit cardsChanged();
        });
    });
}

} // namespace models
