// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/guards.h"
#include "review/rust/model.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace review::rules {

/// The guard's lock is known by its type to be one that threads or tasks wait at: no RefCell, nothing
/// unresolved.
bool isOfKnownLock(const rust::Guard &guard);

/// One lock is acquired while another is held.
struct LockOrder {
    const rust::File *file = nullptr;
    const rust::Function *function = nullptr; ///< in which the first one is held
    rust::Guard held;
    rust::Lock acquired;
    rust::GuardMode acquiredMode = rust::GuardMode::Exclusive;
    rust::Node at;                ///< in `function`: the acquisition, or the call that leads to it
    rust::Node acquisition;       ///< the acquisition itself, maybe in another function
    std::vector<std::string> all; ///< keys of every lock held at `at`
};

/// What the rules about locks ask again and again, worked out once for each body of one model. Answers
/// nothing more once stopped. May be asked by several threads.
class LockFacts {
public:
    explicit LockFacts(const rust::Model &model, std::stop_token stop = {});

    const std::vector<rust::Guard> &guards(const rust::Node &body, const rust::File &file);
    /// What a function locks on its caller's thread, along calls whose targets are sure.
    const std::vector<rust::TakenLock> &taken(const rust::Function &function);
    /// The bodies of a file in which something may be locked, in source order.
    const std::vector<rust::Node> &bodies(const rust::File &file);
    /// The orders in which a file's code outside tests takes two locks.
    std::vector<LockOrder> ordersIn(const rust::File &file);
    /// Those of all files. Costs a look at every body of the model, once, on two threads.
    const std::vector<LockOrder> &orders();

private:
    void addOrders(const rust::File &file, const rust::Node &body, std::vector<LockOrder> &orders);
    bool isSure(const rust::Node &call) const;
    /// What `answers` holds for the key, else what `find` finds, which is kept. Two threads may find the same
    /// at once; then the first one's stays.
    template <typename Map, typename Find>
    const typename Map::mapped_type &kept(Map &answers, const typename Map::key_type &key, const Find &find);
    std::vector<std::string_view> lockingWordsIn(const rust::Tree &tree) const;

    using Key = std::pair<const rust::Tree *, std::uint32_t>;
    const rust::Model &m_model;
    std::stop_token m_stop;
    std::mutex m_mutex; ///< for the three maps of answers, whose entries never change
    std::map<Key, std::vector<rust::Guard>> m_guards;
    std::map<Key, std::vector<rust::TakenLock>> m_taken;
    /// What stands in every body that locks: the names of the locks' methods and of functions that return a
    /// guard.
    std::set<std::string> m_lockingWords{"lock", ".read(", ".write(", "borrow"};
    std::map<const rust::File *, std::vector<rust::Node>> m_bodies;
    std::once_flag m_ordersFound;
    std::vector<LockOrder> m_orders;
};

} // namespace review::rules
