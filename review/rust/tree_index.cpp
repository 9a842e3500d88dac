// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/calls.h"
#include "review/rust/grammar.h"
#include "review/rust/tree.h"

#include <algorithm>
#include <mutex>

namespace review::rust {

/// A tree's nodes by kind: those of kind k stand in order at [starts[k], starts[k + 1]) of `nodes`. Four
/// bytes a named node.
struct Tree::Index {
    std::once_flag nodesBuilt;
    std::vector<std::uint32_t> starts;
    std::vector<std::uint32_t> nodes;
    std::once_flag callsBuilt;
    std::vector<Call> calls;
};

namespace {

/// Several symbols of the grammar share a name: each stands for the last of them, as in kindNumber().
const std::vector<std::uint16_t> &sameKinds()
{
    static const std::vector<std::uint16_t> numbers = [] {
        std::vector<std::uint16_t> all;
        for (const std::string_view name : grammar::kindNames())
            all.push_back(grammar::kindNumber(name));
        return all;
    }();
    return numbers;
}

} // namespace

Tree::Tree() : m_index(std::make_unique<Index>()) {}
Tree::~Tree() = default;

const Tree::Index &Tree::index() const
{
    std::call_once(m_index->nodesBuilt, [this] {
        const std::vector<std::uint16_t> &kinds = sameKinds();
        std::vector<std::uint32_t> &starts = m_index->starts;
        starts.assign(kinds.size() + 1, 0);
        for (const Entry &entry : m_nodes) {
            if (entry.named)
                ++starts[kinds[entry.kind] + 1u];
        }
        for (std::size_t kind = 1; kind < starts.size(); ++kind)
            starts[kind] += starts[kind - 1];
        m_index->nodes.resize(starts.back());
        std::vector<std::uint32_t> next(starts.begin(), starts.end() - 1);
        for (std::uint32_t i = 0; i < m_nodes.size(); ++i) {
            if (m_nodes[i].named)
                m_index->nodes[next[kinds[m_nodes[i].kind]]++] = i;
        }
    });
    return *m_index;
}

const std::vector<Call> &Tree::calls() const
{
    std::call_once(m_index->callsBuilt, [this] {
        if (Call own = toCall(root()))
            m_index->calls.push_back(std::move(own));
        for (const Node node : root().descendants("call_expression")) {
            if (Call call = toCall(node))
                m_index->calls.push_back(std::move(call));
        }
    });
    return m_index->calls;
}

std::vector<Node> Node::descendants(std::string_view kind) const
{
    std::vector<Node> found;
    if (!m_tree)
        return found;
    const Tree::Index &index = m_tree->index();
    const std::uint16_t number = grammar::kindNumber(kind);
    const auto first = index.nodes.begin() + index.starts[number];
    const auto last = index.nodes.begin() + index.starts[number + 1u];
    const std::uint32_t end = m_tree->m_nodes[m_index].next;
    for (auto at = std::upper_bound(first, last, m_index); at != last && *at < end; ++at)
        found.emplace_back(m_tree, *at);
    return found;
}

} // namespace review::rust
