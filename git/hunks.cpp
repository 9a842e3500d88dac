// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/hunks.h"

#include "git/lines.h"

#include <cstdio>
#include <unordered_map>

namespace git {
namespace {

/// Twice git's three lines of context.
constexpr std::uint32_t maxUnchangedBetween = 6;

/// FNV-1a, 64 bits.
class Hash {
public:
    void add(std::string_view bytes)
    {
        for (const char byte : bytes)
            m_value = (m_value ^ static_cast<unsigned char>(byte)) * 0x100000001B3u;
    }

    std::string toText() const
    {
        char text[17];
        std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(m_value));
        return text;
    }

private:
    std::uint64_t m_value = 0xCBF29CE484222325u;
};

void addLines(Hash &hash, char sign, const Lines &lines, LineRange range)
{
    for (std::uint32_t line = range.begin; line < range.end; ++line) {
        hash.add({&sign, 1});
        hash.add(lines.withEnd(line));
    }
}

std::string makeId(std::string_view path, const Hunk &hunk, const Lines &oldLines, const Lines &newLines)
{
    Hash hash;
    hash.add(path);
    hash.add({"\0", 1});
    for (const Change &change : hunk.changes) {
        addLines(hash, '-', oldLines, change.oldLines);
        addLines(hash, '+', newLines, change.newLines);
        hash.add("@");
    }
    return hash.toText();
}

} // namespace

std::vector<Hunk> groupHunks(std::string_view path, const std::vector<Change> &changes,
                             std::string_view oldText, std::string_view newText)
{
    std::vector<Hunk> hunks;
    for (const Change &change : changes) {
        if (hunks.empty() || change.oldLines.begin - hunks.back().oldLines.end > maxUnchangedBetween)
            hunks.push_back({{}, change.oldLines, change.newLines, {}});
        Hunk &hunk = hunks.back();
        hunk.oldLines.end = change.oldLines.end;
        hunk.newLines.end = change.newLines.end;
        hunk.changes.push_back(change);
    }
    const Lines oldLines(oldText);
    const Lines newLines(newText);
    std::unordered_map<std::string, int> seen;
    for (Hunk &hunk : hunks) {
        hunk.id = makeId(path, hunk, oldLines, newLines);
        if (const int earlier = seen[hunk.id]++; earlier > 0)
            hunk.id += '-' + std::to_string(earlier + 1);
    }
    return hunks;
}

} // namespace git
