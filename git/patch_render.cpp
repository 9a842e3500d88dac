// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/lines.h"
#include "git/patch.h"
#include "git/patch_names.h"

#include <algorithm>
#include <cstdio>

#include <sys/stat.h>

namespace git {
namespace {

constexpr std::uint32_t contextLines = 3;

std::string octal(std::uint32_t mode)
{
    char text[16];
    std::snprintf(text, sizeof text, "%06o", mode);
    return text;
}

/// The name on a `---` or `+++` line: git puts a tab after one with spaces, which would else end at the
/// first.
std::string fileLine(const std::string &prefix, const FileSide &side)
{
    if (!side.exists())
        return "/dev/null\n";
    const std::string name = quoteName(prefix + side.path);
    const bool needsTab = name.front() != '"' && name.find(' ') != std::string::npos;
    return name + (needsTab ? "\t\n" : "\n");
}

std::string extendedHeader(const FileSide &oldSide, const FileSide &newSide)
{
    const std::string &oldPath = oldSide.exists() ? oldSide.path : newSide.path;
    const std::string &newPath = newSide.exists() ? newSide.path : oldSide.path;
    std::string header = "diff --git " + quoteName("a/" + oldPath) + ' ' + quoteName("b/" + newPath) + '\n';
    if (!oldSide.exists())
        return header + "new file mode " + octal(newSide.mode) + '\n';
    if (!newSide.exists())
        return header + "deleted file mode " + octal(oldSide.mode) + '\n';
    if (oldSide.mode != newSide.mode)
        header += "old mode " + octal(oldSide.mode) + "\nnew mode " + octal(newSide.mode) + '\n';
    if (oldPath != newPath)
        header += "rename from " + quoteName(oldPath) + "\nrename to " + quoteName(newPath) + '\n';
    return header;
}

void addLine(std::string &patch, char sign, std::string_view line)
{
    patch += sign;
    patch += line;
    if (!line.ends_with('\n'))
        patch += "\n\\ No newline at end of file\n";
}

/// "5,3"; git names the line before an empty range, and leaves a count of one out.
std::string spanText(LineRange range)
{
    const std::uint32_t first = range.empty() ? range.begin : range.begin + 1;
    return std::to_string(first) + (range.size() == 1 ? std::string() : ',' + std::to_string(range.size()));
}

void addHunk(std::string &patch, const Hunk &hunk, const Lines &oldLines, const Lines &newLines)
{
    const std::uint32_t before = std::min(contextLines, hunk.oldLines.begin);
    const std::uint32_t left = static_cast<std::uint32_t>(oldLines.count()) - hunk.oldLines.end;
    const std::uint32_t after = std::min(contextLines, left);
    const LineRange oldShown{hunk.oldLines.begin - before, hunk.oldLines.end + after};
    const LineRange newShown{hunk.newLines.begin - before, hunk.newLines.end + after};
    patch += "@@ -" + spanText(oldShown) + " +" + spanText(newShown) + " @@\n";
    std::uint32_t at = oldShown.begin;
    const auto addContext = [&](std::uint32_t until) {
        for (; at < until; ++at)
            addLine(patch, ' ', oldLines.withEnd(at));
    };
    for (const Change &change : hunk.changes) {
        addContext(change.oldLines.begin);
        for (; at < change.oldLines.end; ++at)
            addLine(patch, '-', oldLines.withEnd(at));
        for (std::uint32_t line = change.newLines.begin; line < change.newLines.end; ++line)
            addLine(patch, '+', newLines.withEnd(line));
    }
    addContext(oldShown.end);
}

std::string renderOne(const FileSide &oldSide, std::string_view oldText, const FileSide &newSide,
                      std::string_view newText)
{
    std::string patch = extendedHeader(oldSide, newSide);
    const Result<std::vector<Change>> changes = diffLines(oldText, newText);
    if (!changes || changes->empty())
        return patch;
    patch += "--- " + fileLine("a/", oldSide) + "+++ " + fileLine("b/", newSide);
    const Lines oldLines(oldText);
    const Lines newLines(newText);
    for (const Hunk &hunk : groupHunks(newSide.path, *changes, oldText, newText))
        addHunk(patch, hunk, oldLines, newLines);
    return patch;
}

} // namespace

std::string renderPatch(const FileSide &oldSide, std::string_view oldText, const FileSide &newSide,
                        std::string_view newText)
{
    const bool sameSide = oldSide.mode == newSide.mode && oldSide.path == newSide.path;
    if ((sameSide && oldText == newText) || (!oldSide.exists() && !newSide.exists()))
        return {};
    const bool otherType = (oldSide.mode & S_IFMT) != (newSide.mode & S_IFMT);
    if (oldSide.exists() && newSide.exists() && otherType)
        return renderOne(oldSide, oldText, {}, {}) + renderOne({}, {}, newSide, newText);
    return renderOne(oldSide, oldText, newSide, newText);
}

std::string applyHunks(const std::vector<Hunk> &hunks, const std::vector<bool> &chosen,
                       std::string_view oldText, std::string_view newText)
{
    const Lines oldLines(oldText);
    const Lines newLines(newText);
    std::string text;
    std::uint32_t at = 0;
    for (std::size_t h = 0; h < hunks.size(); ++h) {
        if (h >= chosen.size() || !chosen[h])
            continue;
        for (const Change &change : hunks[h].changes) {
            text += oldLines.slice({at, change.oldLines.begin});
            text += newLines.slice(change.newLines);
            at = change.oldLines.end;
        }
    }
    return text += oldLines.slice({at, static_cast<std::uint32_t>(oldLines.count())});
}

} // namespace git
