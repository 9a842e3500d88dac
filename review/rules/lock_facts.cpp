// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"

#include "review/rules/call_targets.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <utility>

namespace review::rules {

LockFacts::LockFacts(const rust::Model &model, std::stop_token stop) : m_model(model), m_stop(std::move(stop))
{
    for (const auto &file : model.files()) {
        m_files.emplace(&file->tree(), file.get());
        for (const rust::Function &function : file->functions()) {
            if (function.returnType.text().find("Guard") != std::string_view::npos)
                m_lockingWords.insert(function.name + '(');
        }
    }
}

bool LockFacts::mayLock(std::string_view text) const
{
    return std::any_of(m_lockingWords.begin(), m_lockingWords.end(),
                       [&](const std::string &word) { return text.find(word) != std::string_view::npos; });
}

const std::vector<rust::Guard> &LockFacts::guards(const rust::Node &body, const rust::File &file)
{
    const auto [place, isNew] = m_guards.try_emplace({body.tree(), body.index()});
    if (isNew && body && !m_stop.stop_requested())
        place->second = rust::guardsIn(body, file, m_model);
    return place->second;
}

const std::vector<rust::TakenLock> &LockFacts::taken(const rust::Function &function)
{
    const auto [place, isNew] = m_taken.try_emplace({function.node.tree(), function.node.index()});
    if (isNew && !m_stop.stop_requested())
        place->second = rust::locksTakenBy(function, m_model);
    if (isNew)
        std::erase_if(place->second, [&](const rust::TakenLock &taken) {
            return !std::all_of(taken.path.begin(), taken.path.end(),
                                [&](const rust::Node &call) { return isSure(call); });
        });
    return place->second;
}

bool LockFacts::isSure(const rust::Node &call)
{
    const rust::File *file = m_files[call.tree()];
    const std::vector<const rust::Function *> callees =
        file ? m_model.callees(call, *file) : std::vector<const rust::Function *>();
    return callees.size() == 1 && isSureTarget(rust::toCall(call), *callees.front(), *file, m_model);
}

const std::vector<rust::Node> &LockFacts::bodies(const rust::File &file)
{
    const auto [place, isNew] = m_bodies.try_emplace(&file);
    if (!isNew || !mayLock(file.tree().text()))
        return place->second;
    std::vector<rust::Node> &bodies = place->second;
    for (const rust::Call &call : rust::callsIn(file.root())) {
        if (m_stop.stop_requested())
            break;
        const rust::Node body = rust::bodyOf(call.node);
        // A file's calls come in source order, so a body seen before is among the last few.
        if (body && std::find(bodies.rbegin(), bodies.rend(), body) == bodies.rend())
            bodies.push_back(body);
    }
    std::erase_if(bodies, [this](const rust::Node &body) { return !mayLock(body.text()); });
    std::sort(bodies.begin(), bodies.end(),
              [](const rust::Node &a, const rust::Node &b) { return a.index() < b.index(); });
    return bodies;
}

const std::vector<LockOrder> &LockFacts::orders()
{
    if (m_ordersKnown)
        return m_orders;
    m_ordersKnown = true;
    for (const auto &file : m_model.files()) {
        if (file->isTestFile())
            continue;
        for (const rust::Node &body : bodies(*file)) {
            if (m_stop.stop_requested())
                return m_orders;
            if (!file->isTest(body))
                addOrders(*file, body);
        }
    }
    return m_orders;
}

void LockFacts::addOrders(const rust::File &file, const rust::Node &body)
{
    const std::vector<rust::Guard> &guards = this->guards(body, file);
    const rust::Function *function = file.functionAt(body);
    if (guards.empty() || !function)
        return;
    const auto add = [&](const rust::Node &at, const rust::Lock &lock, rust::GuardMode mode,
                         const rust::Node &acquisition) {
        std::vector<std::string> all;
        for (const rust::Guard &held : guards) {
            if (held.heldAt(at))
                all.push_back(held.lock.key);
        }
        for (const rust::Guard &held : guards) {
            if (held.heldAt(at) && held.call != at)
                m_orders.push_back({&file, function, held, lock, mode, at, acquisition, all});
        }
    };
    for (const rust::Guard &guard : guards) {
        if (!guard.tries)
            add(guard.call, guard.lock, guard.mode, guard.call);
    }
    for (const rust::Call &call : rust::callsIn(body)) {
        const auto isHeld = [&](const rust::Guard &guard) { return guard.heldAt(call.node); };
        if (!rust::runsIn(call.node, body) || std::none_of(guards.begin(), guards.end(), isHeld))
            continue;
        const std::vector<const rust::Function *> callees = m_model.callees(call.node, file);
        if (callees.size() != 1 || !isSureTarget(call, *callees.front(), file, m_model) ||
            (callees.front()->isAsync && !rust::isAwaited(call.node)))
            continue;
        for (const rust::TakenLock &taken : this->taken(*callees.front()))
            add(call.node, taken.lock, taken.mode, taken.call);
    }
}

} // namespace review::rules
