// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/tree_store.h"

#include "git/content_id.h"
#include "review/embedded/engine_version.h"
#include "review/rust/tree_bytes.h"

#include <algorithm>

namespace review::embedded {

namespace {

/// Written at a time: in between, a stop is seen.
constexpr std::size_t treesAtOnce = 32;

} // namespace

TreeStore::TreeStore(const std::string &cacheFolder, std::stop_token stop)
    : m_cache(cacheFolder, engineVersion())
    , m_stop(std::move(stop))
{}

git::Result<std::shared_ptr<const rust::Tree>> TreeStore::tree(const std::string &text)
{
    std::string id = m_cache.isOn() ? git::contentId(text) : std::string();
    if (id.empty())
        return rust::Tree::parse(text, m_stop);
    if (const std::string bytes = m_cache.tree(id); !bytes.empty()) {
        if (auto known = rust::toTree(text, bytes))
            return known;
    }
    auto parsed = rust::Tree::parse(text, m_stop);
    if (parsed) {
        const std::lock_guard lock(m_mutex);
        m_parsed.emplace_back(std::move(id), *parsed);
    }
    return parsed;
}

void TreeStore::keep()
{
    std::vector<Parsed> parsed;
    {
        const std::lock_guard lock(m_mutex);
        parsed.swap(m_parsed);
    }
    for (std::size_t first = 0; first < parsed.size(); first += treesAtOnce) {
        std::vector<KeptTree> trees;
        for (std::size_t i = first; i < std::min(first + treesAtOnce, parsed.size()); ++i) {
            if (m_stop.stop_requested())
                return;
            trees.push_back({parsed[i].first, rust::toBytes(*parsed[i].second)});
        }
        m_cache.keep(trees);
    }
    m_cache.tidy();
}

} // namespace review::embedded
