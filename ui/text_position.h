// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <string_view>
#include <vector>

namespace ui {

/// A line in UTF-16 together with the way back to its UTF-8 bytes. A byte that is no UTF-8 becomes one
/// U+FFFD, so that every unit has its byte. Refilling one object for line after line reuses its memory; a
/// pure ASCII line costs a copy.
class DecodedLine {
public:
    DecodedLine() = default;
    explicit DecodedLine(std::string_view bytes) { decode(bytes); }

    void decode(std::string_view bytes);
    const QString &text() const { return m_text; }
    /// The byte where the UTF-16 unit starts; for the second half of a pair, where the pair starts. `unit`
    /// may be text().size(), which gives the number of bytes.
    std::uint32_t byteAt(qsizetype unit) const;

private:
    QString m_text;
    std::vector<std::uint32_t> m_bytes; ///< of each unit and the end; empty when unit and byte are the same
};

/// The largest length up to `limit` that does not cut a UTF-8 character of `bytes` in two.
std::size_t cutAtCharacter(std::string_view bytes, std::size_t limit);

} // namespace ui
