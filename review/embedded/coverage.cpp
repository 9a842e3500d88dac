// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/coverage.h"

#include <algorithm>

namespace review::embedded {

namespace {

/// The real 1-based number of a line of the new text, which for a patch is that of its excerpt.
std::uint32_t realLine(const ReviewFile &file, std::uint32_t line)
{
    for (const git::PatchedFile::Excerpt &excerpt : file.excerpts) {
        if (excerpt.newLines.contains(line))
            return line - excerpt.newLines.begin + excerpt.newFirstLine + 1;
    }
    return line + 1;
}

/// The parts that were skipped because they have syntax errors; empty if none.
std::string unparsed(const ReviewFile &file, const rust::File &head, const git::LineRange &lines)
{
    std::string text;
    std::size_t count = 0;
    for (const git::LineRange &error : head.tree().errors()) {
        // An error without lines of its own (a missing token) still spoils the statement it stands in.
        const git::LineRange spoiled{error.begin, std::max(error.end, error.begin + 1)};
        if (!spoiled.intersects(lines))
            continue;
        if (++count <= 3)
            text += (text.empty() ? "" : ", ") + std::to_string(realLine(file, error.begin));
    }
    if (count == 0)
        return {};
    return "not understood and skipped: the statement" + std::string(count > 1 ? "s" : "") + " at line" +
           (count > 1 ? "s " : " ") + text + (count > 3 ? " and " + std::to_string(count - 3) + " more" : "");
}

} // namespace

std::vector<Coverage> makeCoverage(const Request &request, std::size_t index, const ParsedFile &parsed,
                                   const std::string &stoppedIn)
{
    const ReviewFile &file = request.files[index];
    std::vector<Coverage> all;
    const auto add = [&](const std::string &hunk, const git::LineRange &lines,
                         const git::LineRange &newLines) {
        Coverage coverage{file.delta.path(), hunk, lines, parsed.state, parsed.reason};
        if (parsed.head)
            coverage.reason = unparsed(file, *parsed.head, newLines);
        if (!stoppedIn.empty() && parsed.state != Coverage::State::Skipped) {
            coverage.state = Coverage::State::Skipped;
            coverage.reason = stoppedIn;
        }
        all.push_back(std::move(coverage));
    };
    if (request.extent == Extent::WholeFiles || file.hunks.empty()) {
        const std::string &text = parsed.head ? parsed.head->tree().text() : file.texts.newText;
        const git::LineRange lines{0, static_cast<std::uint32_t>(git::Lines(text).count())};
        add({}, lines, lines);
        return all;
    }
    for (std::size_t i = 0; i < file.hunks.size(); ++i) {
        if (i >= file.chosen.size() || !file.chosen[i])
            continue;
        const git::Hunk &hunk = file.hunks[i];
        add(hunk.id, hunk.newLines.empty() ? hunk.oldLines : hunk.newLines, hunk.newLines);
    }
    return all;
}

} // namespace review::embedded
