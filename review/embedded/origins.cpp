// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/origins.h"

#include "review/embedded/identity.h"
#include "review/rules/query_rule.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace review::embedded {

namespace {

class Collector : public rules::Reporter {
public:
    void report(rules::Draft draft) override { m_drafts.push_back(std::move(draft)); }
    std::vector<rules::Draft> take() { return std::move(m_drafts); }

private:
    std::vector<rules::Draft> m_drafts;
};

/// What is left of the base's hits: by item and text, and by item alone.
struct Twins {
    std::multiset<std::string> exact;
    std::multiset<std::string> items;

    void add(const std::string &item, const std::string &key)
    {
        exact.insert(item + '\n' + key);
        items.insert(item);
    }
    bool takeExact(const std::string &item, const std::string &key)
    {
        const auto found = exact.find(item + '\n' + key);
        if (found == exact.end())
            return false;
        exact.erase(found);
        items.erase(items.find(item));
        return true;
    }
    bool takeAny(const std::string &item)
    {
        const auto found = items.find(item);
        if (found == items.end())
            return false;
        items.erase(found);
        return true;
    }
};

} // namespace

std::vector<rules::Draft> runRule(const rules::Card &card, const rules::RuleInput &input, bool *isCut)
{
    Collector collector;
    bool isWhole = true;
    if (card.isTeams())
        isWhole = rules::runQuery(card, input, collector);
    else
        card.check(input, collector);
    if (isCut)
        *isCut = !isWhole;
    std::vector<rules::Draft> drafts = collector.take();
    std::erase_if(drafts, [&](const rules::Draft &draft) { return draft.at.tree() != &input.file.tree(); });
    std::stable_sort(drafts.begin(), drafts.end(), [](const rules::Draft &a, const rules::Draft &b) {
        return a.at.bytes().begin < b.at.bytes().begin;
    });
    return drafts;
}

void Origins::setOrigins(const rules::Card &card, std::size_t file, std::vector<Hit> &hits)
{
    const rust::File *head = m_sides.headOf(file);
    const rust::File *base = m_sides.baseOf(file);
    const auto isChanged = [&](const Hit &hit) {
        return std::any_of(hit.places.begin(), hit.places.end(),
                           [&](const Place &place) { return m_reach.isChanged(place); });
    };
    if (!base && !m_sides.hasBase(file))
        return; // a new file: all of it was introduced
    if (!base) {
        // What cannot be compared is not called new.
        for (Hit &hit : hits)
            hit.origin = isChanged(hit) ? Origin::Touched : Origin::Existing;
        return;
    }
    std::call_once(m_locksMade, [this] { m_locks.emplace(m_sides.base(), m_stop); });

    Twins twins;
    for (const rules::Draft &draft : runRule(card, {m_sides.base(), *base, *m_locks, nullptr}))
        twins.add(base->itemAt(draft.at), placeKey(draft.at));

    std::vector<Hit *> open;
    // Of equal hits the unchanged ones are the base's twins, so they are matched first.
    for (const bool changed : {false, true}) {
        for (Hit &hit : hits) {
            if (isChanged(hit) != changed)
                continue;
            if (twins.takeExact(head->itemAt(hit.draft.at), placeKey(hit.draft.at)))
                hit.origin = changed ? Origin::Touched : Origin::Existing;
            else
                open.push_back(&hit);
        }
    }
    for (Hit *hit : open) {
        if (twins.takeAny(head->itemAt(hit->draft.at)))
            hit->origin = isChanged(*hit) ? Origin::Touched : Origin::Existing;
        else
            hit->origin = Origin::Introduced;
    }
}

} // namespace review::embedded
