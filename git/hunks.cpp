// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/hunks.h"

#include "git/lines.h"
#include "git/patch.h"

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

/// Adds the hunks of changes that stand together: the first change begins a new hunk.
void addHunks(std::vector<Hunk> &hunks, const std::vector<Change> &changes)
{
    for (const Change &change : changes) {
        if (&change == &changes.front() ||
            change.oldLines.begin - hunks.back().oldLines.end > maxUnchangedBetween)
            hunks.push_back({{}, change.oldLines, change.newLines, {}});
        Hunk &hunk = hunks.back();
        hunk.oldLines.end = change.oldLines.end;
        hunk.newLines.end = change.newLines.end;
        hunk.changes.push_back(change);
    }
}

void nameHunks(std::vector<Hunk> &hunks, std::string_view path, const Lines &oldLines, const Lines &newLines)
{
    std::unordered_map<std::string, int> seen;
    for (Hunk &hunk : hunks) {
        hunk.id = makeId(path, hunk, oldLines, newLines);
        if (const int earlier = seen[hunk.id]++; earlier > 0)
            hunk.id += '-' + std::to_string(earlier + 1);
    }
}

/// Whether the excerpts are all lines of both texts, in order. A saved session could say anything.
bool areWhole(const std::vector<PatchedFile::Excerpt> &excerpts, std::size_t oldCount, std::size_t newCount)
{
    std::uint32_t oldLine = 0;
    std::uint32_t newLine = 0;
    for (const PatchedFile::Excerpt &excerpt : excerpts) {
        if (excerpt.oldLines.begin != oldLine || excerpt.newLines.begin != newLine ||
            excerpt.oldLines.end < oldLine || excerpt.newLines.end < newLine)
            return false;
        oldLine = excerpt.oldLines.end;
        newLine = excerpt.newLines.end;
    }
    return oldLine == oldCount && newLine == newCount;
}

void shift(LineRange &lines, std::uint32_t by)
{
    lines = {lines.begin + by, lines.end + by};
}

} // namespace

std::vector<Hunk> groupHunks(std::string_view path, const std::vector<Change> &changes,
                             std::string_view oldText, std::string_view newText)
{
    std::vector<Hunk> hunks;
    addHunks(hunks, changes);
    nameHunks(hunks, path, Lines(oldText), Lines(newText));
    return hunks;
}

Result<std::vector<Hunk>> diffHunks(std::string_view path, const FileTexts &texts,
                                    std::vector<PatchedFile::Excerpt> excerpts)
{
    const Lines oldLines(texts.oldText);
    const Lines newLines(texts.newText);
    if (!areWhole(excerpts, oldLines.count(), newLines.count()))
        excerpts = {{{0, static_cast<std::uint32_t>(oldLines.count())},
                     {0, static_cast<std::uint32_t>(newLines.count())},
                     0,
                     0}};
    std::vector<Hunk> hunks;
    for (const PatchedFile::Excerpt &excerpt : excerpts) {
        Result<std::vector<Change>> changes =
            diffLines(oldLines.slice(excerpt.oldLines), newLines.slice(excerpt.newLines));
        if (!changes)
            return changes.error();
        for (Change &change : *changes) {
            shift(change.oldLines, excerpt.oldLines.begin);
            shift(change.newLines, excerpt.newLines.begin);
        }
        addHunks(hunks, *changes);
    }
    nameHunks(hunks, path, oldLines, newLines);
    return hunks;
}

} // namespace git
