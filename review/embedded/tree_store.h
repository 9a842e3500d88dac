// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"
#include "review/rust/tree.h"
#include "review/tree_cache.h"

#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace review::embedded {

/// Makes trees of texts, from the cache where it knows them and else by parsing. May be asked by several
/// threads.
class TreeStore {
public:
    /// Nothing is kept where `cacheFolder` is empty.
    TreeStore(const std::string &cacheFolder, std::stop_token stop);

    /// Errors as Tree::parse.
    git::Result<std::shared_ptr<const rust::Tree>> tree(const std::string &text);
    /// Keeps in the cache what was parsed since the last time, about 100 MB of text a second, while other
    /// threads may ask for more. Left off when stopped.
    void keep();

private:
    using Parsed = std::pair<std::string, std::shared_ptr<const rust::Tree>>; ///< the id first

    TreeCache m_cache;
    std::stop_token m_stop;
    std::mutex m_mutex; ///< for:
    std::vector<Parsed> m_parsed;
};

} // namespace review::embedded
