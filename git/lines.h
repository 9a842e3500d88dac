// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/position.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace git {

/// The lines of a text, split after each LF only, as git does: a CR stays part of its line. Holds views into
/// the text, which must outlive it. A final line without LF counts; an empty text has no line. Building it
/// costs one pass.
class Lines {
public:
    Lines() = default;
    explicit Lines(std::string_view text);

    std::size_t count() const { return m_starts.empty() ? 0 : m_starts.size() - 1; }
    /// The line with its line end.
    std::string_view withEnd(std::size_t line) const;
    /// The line without LF and without a CR before it.
    std::string_view operator[](std::size_t line) const;
    /// The bytes of the lines, line ends included.
    std::string_view slice(LineRange range) const;
    /// The byte offset of the line's first byte; `line` may be count(), which gives the text's size.
    std::size_t offset(std::size_t line) const { return m_starts.empty() ? 0 : m_starts[line]; }
    /// The line that holds the byte at `offset`; O(log lines).
    std::size_t lineAt(std::size_t offset) const;
    std::string_view text() const { return m_text; }

private:
    std::string_view m_text;
    std::vector<std::size_t> m_starts;
};

} // namespace git
