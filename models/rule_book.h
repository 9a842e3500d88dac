// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/job.h"
#include "models/workspace.h"
#include "review/rule_switches.h"
#include "review/rules/card.h"

#include <QObject>
#include <QStringList>

#include <vector>

namespace models {

/// The rules for what is open: the built-in cards and the repository's own, as the base of the shown range
/// has them (read by a worker), and which of them the reader switched off. Lives on the GUI thread.
class RuleBook : public QObject {
    Q_OBJECT

public:
    /// Switches are kept in `rules.json` of this folder.
    RuleBook(Workspace &workspace, const QString &configFolder, QObject *parent = nullptr);

    const std::vector<review::rules::Card> &cards() const { return m_cards; } ///< by section
    const review::rules::Card *card(const QString &id) const;
    const QStringList &mistakes() const { return m_mistakes; } ///< in the repository's cards
    review::RuleState state(const QString &id) const;
    /// Switches a rule off or on and keeps that. Off: its findings in the open review are dismissed with that
    /// reason and no longer shown, and the next review does not ask it. On: they are open again.
    void setState(const QString &id, review::RuleState state);
    bool isOfRepository() const; ///< there is a repository to switch rules off for
    std::size_t offCount() const { return m_workspace.switchedOff().size(); }

signals:
    void cardsChanged();
    void stateChanged(const QString &id);
    void failed(const QString &message); ///< the switches could not be read or kept

private:
    void readTeamCards();
    void readSwitches();
    void decideFindings(const std::string &rule, bool off);
    std::string repository() const { return m_workspace.diff().repository; }

    Workspace &m_workspace;
    std::string m_folder;
    std::vector<review::rules::Card> m_cards;
    QStringList m_mistakes;
    review::RuleSwitches m_switches;
    Job m_job{this};
};

} // namespace models
