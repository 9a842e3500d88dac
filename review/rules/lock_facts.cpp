// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"

#include "git/in_order.h"
#include "review/rules/call_search.h"
#include "review/rules/call_targets.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace review::rules {

bool isOfKnownLock(const rust::Guard &guard)
{
    using enum rust::LockFamily;
    const rust::LockFamily family = guard.lock.family;
    return family != None && family != Unknown && family != RefCell;
}

LockFacts::LockFacts(const rust::Model &model, std::stop_token stop) : m_model(model), m_stop(std::move(stop))
{
    for (const auto &source : model.sources()) {
        for (const std::string_view function : source->names().guardNames)
            m_lockingWords.insert(std::string(function) + '(');
    }
}

std::vector<std::string_view> LockFacts::lockingWordsIn(const rust::Tree &tree) const
{
    std::vector<std::string_view> words;
    std::copy_if(m_lockingWords.begin(), m_lockingWords.end(), std::back_inserter(words),
                 [&](const std::string &word) { return tree.contains(word); });
    return words;
}

template <typename Map, typename Find>
const typename Map::mapped_type &LockFacts::kept(Map &answers, const typename Map::key_type &key,
                                                 const Find &find)
{
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = answers.find(key); found != answers.end())
            return found->second;
    }
    auto answer = find();
    const std::lock_guard lock(m_mutex);
    return answers.try_emplace(key, std::move(answer)).first->second;
}

const std::vector<rust::Guard> &LockFacts::guards(const rust::Node &body, const rust::File &file)
{
    return kept(m_guards, {body.tree(), body.index()}, [&] {
        return body && !m_stop.stop_requested() ? rust::guardsIn(body, file, m_model)
                                                : std::vector<rust::Guard>();
    });
}

const std::vector<rust::TakenLock> &LockFacts::taken(const rust::Function &function)
{
    return kept(m_taken, {function.node.tree(), function.node.index()}, [&] {
        std::vector<rust::TakenLock> taken;
        if (!m_stop.stop_requested())
            taken = rust::locksTakenBy(function, m_model);
        std::erase_if(taken, [&](const rust::TakenLock &lock) {
            return !std::all_of(lock.path.begin(), lock.path.end(),
                                [&](const rust::Node &call) { return isSure(call); });
        });
        return taken;
    });
}

bool LockFacts::isSure(const rust::Node &call) const
{
    const rust::File *file = m_model.fileOf(call);
    if (!file)
        return false;
    const std::vector<const rust::Function *> callees = m_model.callees(call, *file);
    return callees.size() == 1 && isSureTarget(rust::toCall(call), *callees.front(), *file, m_model);
}

const std::vector<rust::Node> &LockFacts::bodies(const rust::File &file)
{
    return kept(m_bodies, &file, [&] {
        std::vector<rust::Node> bodies;
        const std::vector<std::string_view> words = lockingWordsIn(file.tree());
        if (words.empty())
            return bodies;
        for (const rust::Call &call : rust::callsIn(file.root())) {
            if (m_stop.stop_requested())
                break;
            const rust::Node &body = call.body;
            // A file's calls come in source order, so a body seen before is among the last few.
            if (body && std::find(bodies.rbegin(), bodies.rend(), body) == bodies.rend())
                bodies.push_back(body);
        }
        std::erase_if(bodies, [&](const rust::Node &body) {
            return std::none_of(words.begin(), words.end(),
                                [&](std::string_view word) { return contains(body.text(), word); });
        });
        std::sort(bodies.begin(), bodies.end(),
                  [](const rust::Node &a, const rust::Node &b) { return a.index() < b.index(); });
        return bodies;
    });
}

const std::vector<LockOrder> &LockFacts::orders()
{
    std::call_once(m_ordersFound, [this] {
        const auto &sources = m_model.sources();
        git::workInOrder(
            sources.size(),
            [&](std::size_t i) {
                const bool mayLock = std::ranges::any_of(
                    m_lockingWords, [&](const std::string &word) { return sources[i]->contains(word); });
                const rust::File *file = mayLock ? sources[i]->file() : nullptr;
                return file ? ordersIn(*file) : std::vector<LockOrder>();
            },
            [&](std::size_t, std::vector<LockOrder> found) {
                std::move(found.begin(), found.end(), std::back_inserter(m_orders));
            });
    });
    return m_orders;
}

std::vector<LockOrder> LockFacts::ordersIn(const rust::File &file)
{
    std::vector<LockOrder> orders;
    if (file.isTestFile())
        return orders;
    for (const rust::Node &body : bodies(file)) {
        if (m_stop.stop_requested())
            break;
        if (!file.isTest(body))
            addOrders(file, body, orders);
    }
    return orders;
}

void LockFacts::addOrders(const rust::File &file, const rust::Node &body, std::vector<LockOrder> &orders)
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
                orders.push_back({&file, function, held, lock, mode, at, acquisition, all});
        }
    };
    for (const rust::Guard &guard : guards) {
        if (!guard.tries)
            add(guard.call, guard.lock, guard.mode, guard.call);
    }
    for (const rust::Call &call : rust::callsIn(body)) {
        const auto isHeld = [&](const rust::Guard &guard) { return guard.heldAt(call.node); };
        if (call.body != body || std::none_of(guards.begin(), guards.end(), isHeld))
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
