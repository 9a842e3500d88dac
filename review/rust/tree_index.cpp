// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/calls.h"
#include "review/rust/grammar.h"
#include "review/rust/text_parts.h"
#include "review/rust/tree.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <mutex>
#include <utility>

namespace review::rust {

/// A tree's nodes by kind: those of kind k stand in order at [starts[k], starts[k + 1]) of `nodes`. Four
/// bytes a named node.
struct Tree::Index {
    std::once_flag nodesBuilt;
    std::vector<std::uint32_t> starts;
    std::vector<std::uint32_t> nodes;

    std::once_flag callsBuilt;
    std::vector<Call> calls;
    std::vector<Call> nameless; ///< calls of what an expression gives: `(self.make)(x)`
    /// A hash table of the calls by name: the first of a chain at [hash], the next one at [call]; `none` ends
    /// it.
    std::vector<std::uint32_t> firstNamed;
    std::vector<std::uint32_t> nextNamed;

    TextParts parts;
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

constexpr std::uint32_t none = 0xffffffff;
std::size_t nameHash(std::string_view name)
{
    return std::hash<std::string_view>()(name);
}

const Call *callOf(const std::vector<Call> &calls, std::uint32_t index)
{
    const auto at =
        std::lower_bound(calls.begin(), calls.end(), index,
                         [](const Call &call, std::uint32_t wanted) { return call.node.index() < wanted; });
    return at != calls.end() && at->node.index() == index ? &*at : nullptr;
}

} // namespace

Tree::Tree()
    : m_kinds(grammar::kinds().data())
    , m_fields(grammar::fields().data())
    , m_index(std::make_unique<Index>())
{}
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

const Tree::Index &Tree::callIndex() const
{
    std::call_once(m_index->callsBuilt, [this] {
        Index &index = *m_index;
        const auto add = [&](const Node &node) {
            Call call = makeCall(node);
            if (call.node)
                (call ? index.calls : index.nameless).push_back(std::move(call));
        };
        add(root());
        for (const Node node : root().descendants("call_expression"))
            add(node);
        std::size_t size = 1;
        while (size < index.calls.size())
            size *= 2;
        index.firstNamed.assign(size, none);
        index.nextNamed.assign(index.calls.size(), none);
        for (auto i = static_cast<std::uint32_t>(index.calls.size()); i-- > 0;) {
            std::uint32_t &first = index.firstNamed[nameHash(index.calls[i].name) & (size - 1)];
            index.nextNamed[i] = std::exchange(first, i);
        }
    });
    return *m_index;
}

const std::vector<Call> &Tree::calls() const
{
    return callIndex().calls;
}

std::vector<const Call *> Tree::callsNamed(std::string_view name) const
{
    const Index &index = callIndex();
    std::vector<const Call *> found;
    for (std::uint32_t at = index.firstNamed[nameHash(name) & (index.firstNamed.size() - 1)]; at != none;
         at = index.nextNamed[at]) {
        if (index.calls[at].name == name)
            found.push_back(&index.calls[at]);
    }
    return found;
}

const Call &Tree::call(const Node &node) const
{
    static const Call isNone;
    const Index &index = callIndex();
    const Call *found = callOf(index.calls, node.index());
    if (!found)
        found = callOf(index.nameless, node.index());
    return found ? *found : isNone;
}

bool Tree::contains(std::string_view part) const
{
    return m_index->parts.contains(m_text, part);
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
