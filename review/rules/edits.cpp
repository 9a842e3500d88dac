// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/edits.h"

#include "review/rules/common_run.h"
#include "review/rules/phrases.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

using git::LineRange;

bool isCode(const std::string &compactLine)
{
    return isCodeLine(compactLine) && !compactLine.starts_with("#[");
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
    const std::vector<std::string> old = compactLines(m_base->node);
    const std::vector<std::string> now = compactLines(m_head->node);
    const std::uint32_t baseLine = m_base->node.lines().begin;
    const std::uint32_t headLine = m_head->node.lines().begin;
    const auto add = [&](std::size_t i, std::size_t iEnd, std::size_t j, std::size_t jEnd) {
        if (i != iEnd || j != jEnd)
            m_edits.push_back(
                {{baseLine + static_cast<std::uint32_t>(i), baseLine + static_cast<std::uint32_t>(iEnd)},
                 {headLine + static_cast<std::uint32_t>(j), headLine + static_cast<std::uint32_t>(jEnd)}});
    };
    const Middle middle = middleOf(old, now, std::equal_to<>());
    std::size_t nextOld = middle.begin;
    std::size_t nextNow = middle.begin;
    if (middle.baseEnd - middle.begin <= many && middle.headEnd - middle.begin <= many) {
        const auto weight = [](const std::string &line) { return line.empty() ? 0 : 1; };
        for (const auto &[i, j] : commonRun(old, now, middle, std::equal_to<>(), weight)) {
            add(nextOld, i, nextNow, j);
            nextOld = i + 1;
            nextNow = j + 1;
        }
    }
    add(nextOld, middle.baseEnd, nextNow, middle.headEnd);
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
