// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/lines.h"

#include <algorithm>
#include <cstring>

namespace git {

Lines::Lines(std::string_view text) : m_text(text)
{
    if (text.empty())
        return;
    m_starts.push_back(0);
    const char *begin = text.data();
    const char *end = begin + text.size();
    for (const char *at = begin; at < end;) {
        const void *found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
        at = found ? static_cast<const char *>(found) + 1 : end;
        m_starts.push_back(static_cast<std::size_t>(at - begin));
    }
}

std::string_view Lines::withEnd(std::size_t line) const
{
    return m_text.substr(m_starts[line], m_starts[line + 1] - m_starts[line]);
}

std::string_view Lines::operator[](std::size_t line) const
{
    std::string_view text = withEnd(line);
    if (text.ends_with('\n')) {
        text.remove_suffix(1);
        if (text.ends_with('\r'))
            text.remove_suffix(1);
    }
    return text;
}

std::string_view Lines::slice(LineRange range) const
{
    if (range.empty())
        return {};
    return m_text.substr(m_starts[range.begin], m_starts[range.end] - m_starts[range.begin]);
}

std::size_t Lines::lineAt(std::size_t offset) const
{
    const auto after = std::upper_bound(m_starts.begin(), m_starts.end(), offset);
    if (after == m_starts.begin())
        return 0;
    const auto line = static_cast<std::size_t>(after - m_starts.begin()) - 1;
    return std::min(line, count() == 0 ? 0 : count() - 1);
}

} // namespace git
