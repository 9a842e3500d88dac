// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/card.h"

#include <algorithm>
#include <vector>

#include <QString>
#include <QStringList>

namespace tests {

/// The cards to test: all, or those whose ids stand in the environment's FERRISCOPE_CARDS, apart by commas.
inline std::vector<review::rules::Card> testedCards()
{
    const QString only = qEnvironmentVariable("FERRISCOPE_CARDS");
    std::vector<review::rules::Card> cards = review::rules::catalogue();
    if (!only.isEmpty()) {
        const QStringList ids = only.split(QLatin1Char(','));
        std::erase_if(cards, [&](const review::rules::Card &card) {
            return !ids.contains(QString::fromStdString(card.id));
        });
    }
    return cards;
}

} // namespace tests
