// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/edits.h"

#include "review/rules/phrases.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

using git::LineRange;

bool isCode(const std::string &compactLine)
{
    return compactLine.size() > 2 && !compactLine.starts_with("//") && !compactLine.starts_with("#[");
}

std::vector<std::string> compactLines(const rust::Function &function)
{
    std::vector<std::string> lines;
    const git::Lines &all = function.node.tree()->lines();
    for (std::uint32_t i = function.node.lines().begin; i < function.node.lines().end; ++i)
        lines.push_back(compact(all[i]));
    return lines;
}

std::size_t codeLines(const rust::Function &function, LineRange range)
{
    std::size_t count = 0;
    const git::Lines &all = function.node.tree()->lines();
    for (std::uint32_t i = range.begin; i < range.end; ++i)
        count += isCode(compact(all[i])) ? 1 : 0;
    return count;
}

const Edit *editAt(const std::vector<Edit> &edits, LineRange Edit::*side, const rust::Node &node)
{
    const std::uint32_t line = node.lines().begin;
    const auto found = std::find_if(edits.begin(), edits.end(),
                                    [&](const Edit &edit) { return (edit.*side).contains(line); });
    return found == edits.end() ? nullptr : &*found;
}

/// The smallest node that begins on the line; null for comments, empty lines and closing brackets.
rust::Node nodeOn(std::uint32_t line, const rust::Function &function)
{
    const rust::Tree &tree = *function.node.tree();
    const std::string_view text = tree.lines()[line];
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos || text.substr(first).starts_with("//") ||
        std::string_view("})].,;|&").find(text[first]) != std::string_view::npos)
        return {};
    const auto begin = static_cast<std::uint32_t>(tree.lines().offset(line) + first);
    rust::Node node = tree.nodeAt({begin, begin + 1});
    while (node.parent() && node.parent().lines() == node.lines() && node.parent().bytes().begin == begin)
        node = node.parent();
    return node.isInside(function.node) && node.lines().begin == line ? node : rust::Node();
}

/// Lengths of the longest common runs of all ends of two lists.
class CommonRuns {
public:
    CommonRuns(const std::vector<std::string> &left, const std::vector<std::string> &right)
        : m_width(right.size() + 1)
        , m_lengths((left.size() + 1) * m_width)
    {
        for (std::size_t i = left.size(); i-- > 0;) {
            for (std::size_t j = right.size(); j-- > 0;)
                at(i, j) = left[i] == right[j]
                               ? static_cast<std::uint16_t>(of(i + 1, j + 1) + (left[i].empty() ? 0 : 1))
                               : std::max(of(i + 1, j), of(i, j + 1));
        }
    }
    std::uint16_t of(std::size_t i, std::size_t j) const { return m_lengths[i * m_width + j]; }

private:
    std::uint16_t &at(std::size_t i, std::size_t j) { return m_lengths[i * m_width + j]; }
    std::size_t m_width;
    std::vector<std::uint16_t> m_lengths;
};

} // namespace

Edits::Edits(const RewrittenFunction &function) : m_base(function.base), m_head(function.head)
{
    align();
    for (const Edit &edit : m_edits) {
        m_removed += removedIn(edit);
        m_added += addedIn(edit);
    }
}

void Edits::align()
{
    constexpr std::size_t many = 600;
    std::vector<std::string> old = compactLines(*m_base);
    std::vector<std::string> now = compactLines(*m_head);
    std::size_t begin = 0;
    while (begin < old.size() && begin < now.size() && old[begin] == now[begin])
        ++begin;
    std::size_t tail = 0;
    while (tail < old.size() - begin && tail < now.size() - begin &&
           old[old.size() - 1 - tail] == now[now.size() - 1 - tail])
        ++tail;
    old = {old.begin() + static_cast<std::ptrdiff_t>(begin), old.end() - static_cast<std::ptrdiff_t>(tail)};
    now = {now.begin() + static_cast<std::ptrdiff_t>(begin), now.end() - static_cast<std::ptrdiff_t>(tail)};
    const auto baseLine = static_cast<std::uint32_t>(m_base->node.lines().begin + begin);
    const auto headLine = static_cast<std::uint32_t>(m_head->node.lines().begin + begin);
    const auto add = [&](std::size_t i, std::size_t iEnd, std::size_t j, std::size_t jEnd) {
        if (i != iEnd || j != jEnd)
            m_edits.push_back(
                {{baseLine + static_cast<std::uint32_t>(i), baseLine + static_cast<std::uint32_t>(iEnd)},
                 {headLine + static_cast<std::uint32_t>(j), headLine + static_cast<std::uint32_t>(jEnd)}});
    };
    if (old.size() > many || now.size() > many) {
        add(0, old.size(), 0, now.size());
        return;
    }
    const CommonRuns runs(old, now);
    std::size_t i = 0;
    std::size_t j = 0;
    std::size_t fromI = 0;
    std::size_t fromJ = 0;
    while (i < old.size() && j < now.size()) {
        if (old[i] == now[j] && runs.of(i, j) >= std::max(runs.of(i + 1, j), runs.of(i, j + 1))) {
            add(fromI, i, fromJ, j);
            fromI = ++i;
            fromJ = ++j;
        } else if (runs.of(i + 1, j) >= runs.of(i, j + 1)) {
            ++i;
        } else {
            ++j;
        }
    }
    add(fromI, old.size(), fromJ, now.size());
}

const Edit *Edits::ofBase(const rust::Node &baseNode) const
{
    return editAt(m_edits, &Edit::base, baseNode);
}

const Edit *Edits::ofHead(const rust::Node &headNode) const
{
    return editAt(m_edits, &Edit::head, headNode);
}

bool Edits::touches(const rust::Node &headNode) const
{
    const LineRange lines = headNode.lines();
    return std::any_of(m_edits.begin(), m_edits.end(), [&](const Edit &edit) {
        return edit.head.intersects(lines) ||
               (edit.head.empty() && edit.head.begin > lines.begin && edit.head.begin < lines.end);
    });
}

std::size_t Edits::addedIn(const Edit &edit) const
{
    return codeLines(*m_head, edit.head);
}

std::size_t Edits::removedIn(const Edit &edit) const
{
    return codeLines(*m_base, edit.base);
}

rust::Node Edits::placeInHead(const rust::Node &baseNode) const
{
    const std::uint32_t line = baseNode.lines().begin;
    const LineRange whole = m_head->node.lines();
    std::int64_t shift = static_cast<std::int64_t>(whole.begin) - m_base->node.lines().begin;
    std::int64_t wanted = line + shift;
    for (const Edit &edit : m_edits) {
        if (edit.base.begin > line)
            break;
        shift = static_cast<std::int64_t>(edit.head.end) - edit.base.end;
        wanted = edit.base.contains(line)
                     ? std::min<std::int64_t>(edit.head.begin + (line - edit.base.begin),
                                              edit.head.empty() ? edit.head.begin : edit.head.end - 1)
                     : line + shift;
    }
    for (const std::int64_t step : {0, -1, 1, -2, 2, -3, 3}) {
        const std::int64_t at = wanted + step;
        if (at < whole.begin || at >= whole.end)
            continue;
        if (const rust::Node node = nodeOn(static_cast<std::uint32_t>(at), *m_head))
            return node;
    }
    return m_head->node.field("name");
}

} // namespace review::rules
