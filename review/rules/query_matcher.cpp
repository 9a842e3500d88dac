// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/query_matcher.h"

#include <algorithm>

namespace review::rules {

namespace {

using Kind = QueryPattern::Kind;
using Times = QueryPattern::Times;

/// Each repetition stands in the one before; this keeps them within a thread's stack.
constexpr std::size_t maxNesting = 1'000;

bool isComment(const rust::Node &node)
{
    return node.isAny({"line_comment", "block_comment"});
}

/// May stand between two patterns that are anchored to each other.
bool isPassedOver(const rust::Node &node, const QueryPattern &next)
{
    return next.kind != Kind::Token && (!node.isNamed() || isComment(node));
}

bool isRepeating(const QueryPattern &pattern)
{
    return pattern.times == Times::Any || pattern.times == Times::AtLeastOne;
}

bool isKind(const QueryPattern &pattern, const rust::Node &node)
{
    switch (pattern.kind) {
    case Kind::Node:
        return node.is(pattern.name);
    case Kind::Named:
        return node.isNamed();
    case Kind::Token:
        return !node.isNamed() && node.is(pattern.name);
    case Kind::Any:
    case Kind::Choice:
    case Kind::Group:
        break;
    }
    return true;
}

} // namespace

/// What is to be done once a pattern fits: a reference to a function that outlives the call.
class QueryMatcher::Next {
public:
    template <typename Function>
    explicit Next(const Function &function)
        : m_function(&function)
        , m_call([](const void *function, std::size_t from) {
            (*static_cast<const Function *>(function))(from);
        })
    {}
    void operator()(std::size_t from) const { m_call(m_function, from); }

private:
    const void *m_function;
    void (*m_call)(const void *, std::size_t);
};

QueryMatcher::QueryMatcher(const Query &query, const rust::Tree &tree, std::size_t steps)
    : m_query(query)
    , m_tree(tree)
    , m_steps(steps)
    , m_captures(query.captures.size())
{}

bool QueryMatcher::spend(std::size_t steps)
{
    if (steps > m_steps) {
        m_cut = true;
        m_steps = 0;
        return false;
    }
    m_steps -= steps;
    return true;
}

void QueryMatcher::run(const Take &take)
{
    for (const Query::Rule &rule : m_query.rules)
        runRule(rule, take);
}

void QueryMatcher::runRule(const Query::Rule &rule, const Take &take)
{
    const auto end = [&](std::size_t) {
        ++m_matches;
        take(rule, m_captures);
    };
    const Next next(end);
    for (const rust::Node &candidate : candidates(rule.pattern)) {
        if (m_cut)
            return;
        if (rule.pattern.kind == Kind::Group)
            below(rule.pattern, candidate, next);
        else
            node(rule.pattern, candidate, next);
    }
}

/// The nodes that the outermost pattern may fit: from the tree's index where it names a kind.
std::vector<rust::Node> QueryMatcher::candidates(const QueryPattern &pattern) const
{
    if (pattern.kind == Kind::Group)
        return parentsOf(pattern);
    const rust::Node root = m_tree.root();
    std::vector<rust::Node> found{root};
    const std::vector<rust::Node> below =
        pattern.kind == Kind::Node ? root.descendants(pattern.name) : root.descendants();
    found.insert(found.end(), below.begin(), below.end());
    return found;
}

/// Below these the parts of a group may stand.
std::vector<rust::Node> QueryMatcher::parentsOf(const QueryPattern &group) const
{
    std::vector<rust::Node> parents;
    for (const rust::Node &first : candidates(group.parts.front())) {
        if (first.parent())
            parents.push_back(first.parent());
    }
    std::sort(parents.begin(), parents.end(),
              [](const rust::Node &a, const rust::Node &b) { return a.index() < b.index(); });
    parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
    return parents;
}

void QueryMatcher::node(const QueryPattern &pattern, const rust::Node &node, const Next &next)
{
    if (!spend(1) || !isKind(pattern, node))
        return;
    for (const std::string &field : pattern.absent) {
        if (node.field(field))
            return;
    }
    if (++m_depth > maxNesting) {
        m_cut = true;
    } else {
        for (const std::size_t capture : pattern.captures)
            m_captures[capture].push_back(node);
        below(pattern, node, next);
        for (const std::size_t capture : pattern.captures)
            m_captures[capture].pop_back();
    }
    --m_depth;
}

void QueryMatcher::below(const QueryPattern &pattern, const rust::Node &node, const Next &next)
{
    if (pattern.kind == Kind::Choice) {
        const std::size_t before = m_matches;
        for (const QueryPattern &part : pattern.parts) {
            this->node(part, node, next);
            if (m_matches > before)
                return; // the first choice that leads to a match
        }
        return;
    }
    if (pattern.parts.empty() && !pattern.isEndAnchored)
        return next(0);
    const std::vector<rust::Node> children = node.children();
    if (spend(children.size() / 8))
        sequence({pattern, children}, 0, 0, false, next);
}

/// Fits the parts from `part` on to the siblings from `from` on. Repetitions are of neighbours, and as long
/// as leads to a match.
void QueryMatcher::sequence(const Siblings &siblings, std::size_t part, std::size_t from, bool isRepeated,
                            const Next &next)
{
    const auto &[pattern, nodes] = siblings;
    if (part == pattern.parts.size()) {
        const auto isRest = [&](const rust::Node &node) { return node.isNamed() && !isComment(node); };
        if (!pattern.isEndAnchored ||
            std::none_of(nodes.begin() + static_cast<std::ptrdiff_t>(from), nodes.end(), isRest))
            next(from);
        return;
    }
    const QueryPattern &wanted = pattern.parts[part];
    const bool repeats = isRepeating(wanted);
    const bool mayEnd = wanted.times == Times::Optional || wanted.times == Times::Any || isRepeated;
    const std::size_t before = m_matches;
    if (wanted.kind == Kind::Group) {
        const auto on = [&](std::size_t after) {
            sequence(siblings, repeats ? part : part + 1, after, repeats, next);
        };
        if (spend(1))
            sequence({wanted, nodes}, 0, from, false, Next(on));
    } else {
        eachNode(siblings, part, from, isRepeated, next);
    }
    if (mayEnd && m_matches == before)
        sequence(siblings, part + 1, from, false, next);
}

/// Fits one part to each of the siblings, and the parts after it to what follows.
void QueryMatcher::eachNode(const Siblings &siblings, std::size_t part, std::size_t from, bool isRepeated,
                            const Next &next)
{
    const auto &[pattern, nodes] = siblings;
    const QueryPattern &wanted = pattern.parts[part];
    const bool repeats = isRepeating(wanted);
    bool isWithinRun = false;
    for (std::size_t i = from; i < nodes.size() && !m_cut; ++i) {
        if (i > from && (wanted.isAnchored || isRepeated) && !isPassedOver(nodes[i - 1], wanted))
            break;
        if (!spend(1) || (!wanted.field.empty() && nodes[i].fieldName() != wanted.field))
            continue;
        if (repeats && !isRepeated) {
            // A run begins at its first node only.
            const bool isNext = isWithinRun;
            isWithinRun = fits(wanted, nodes[i]) || (isWithinRun && isPassedOver(nodes[i], wanted));
            if (isNext)
                continue;
        }
        const auto on = [&](std::size_t) {
            sequence(siblings, repeats ? part : part + 1, i + 1, repeats, next);
        };
        node(wanted, nodes[i], Next(on));
    }
}

bool QueryMatcher::fits(const QueryPattern &pattern, const rust::Node &node)
{
    bool found = false;
    const auto take = [&](std::size_t) { found = true; };
    this->node(pattern, node, Next(take));
    return found;
}

} // namespace review::rules
