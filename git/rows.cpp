// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/rows.h"

#include "git/line_pairs.h"
#include "git/lines.h"

#include <chrono>

namespace git {
namespace {

/// Pairs of lines compared per file, all blocks together: some 100 ms.
constexpr std::uint64_t maxCells = 1'000'000;

class Aligner {
public:
    Aligner(const std::vector<Hunk> &hunks, std::string_view oldText, std::string_view newText,
            int wordDeadlineMs)
        : m_hunks(hunks)
        , m_old(oldText)
        , m_new(newText)
        , m_deadline(std::chrono::steady_clock::now() + std::chrono::milliseconds(wordDeadlineMs))
    {}

    Alignment run()
    {
        m_alignment.rows.reserve(std::max(m_old.count(), m_new.count()) + 64);
        for (std::size_t h = 0; h < m_hunks.size(); ++h) {
            addEqual(m_hunks[h].oldLines.begin, -1);
            for (const Change &change : m_hunks[h].changes) {
                addEqual(change.oldLines.begin, static_cast<std::int32_t>(h));
                addChange(change, static_cast<std::int32_t>(h));
            }
        }
        addEqual(static_cast<std::uint32_t>(m_old.count()), -1);
        return std::move(m_alignment);
    }

private:
    void addRow(RowKind kind, bool hasOld, bool hasNew, std::int32_t hunk)
    {
        Row &row = m_alignment.rows.emplace_back();
        row.kind = kind;
        row.hunk = hunk;
        if (hasOld)
            row.oldLine = static_cast<std::int32_t>(m_oldLine++);
        if (hasNew)
            row.newLine = static_cast<std::int32_t>(m_newLine++);
    }

    void addEqual(std::uint32_t untilOld, std::int32_t hunk)
    {
        while (m_oldLine < untilOld)
            addRow(RowKind::Equal, true, true, hunk);
    }

    void addOneSided(std::uint32_t untilOld, std::uint32_t untilNew, std::int32_t hunk)
    {
        while (m_oldLine < untilOld)
            addRow(RowKind::Removed, true, false, hunk);
        while (m_newLine < untilNew)
            addRow(RowKind::Added, false, true, hunk);
    }

    void addChange(const Change &change, std::int32_t hunk)
    {
        const LinePairs paired = pairLines(m_old, change.oldLines, m_new, change.newLines, m_cellsLeft);
        bool compareWordsHere = !paired.inOrder;
        for (const auto &[oldLine, newLine] : paired.pairs) {
            addOneSided(oldLine, newLine, hunk);
            addRow(RowKind::Changed, true, true, hunk);
            compareWordsHere = compareWordsHere && std::chrono::steady_clock::now() < m_deadline;
            if (compareWordsHere)
                markWords(m_alignment.rows.back());
        }
        addOneSided(change.oldLines.end, change.newLines.end, hunk);
        if (!paired.pairs.empty() && !compareWordsHere)
            ++m_alignment.unmarkedBlocks;
    }

    void markWords(Row &row) const
    {
        ChangedWords words = compareWords(m_old[static_cast<std::size_t>(row.oldLine)],
                                          m_new[static_cast<std::size_t>(row.newLine)]);
        row.oldWords = std::move(words.oldWords);
        row.newWords = std::move(words.newWords);
    }

    const std::vector<Hunk> &m_hunks;
    Lines m_old;
    Lines m_new;
    std::chrono::steady_clock::time_point m_deadline;
    std::uint64_t m_cellsLeft = maxCells;
    std::uint32_t m_oldLine = 0;
    std::uint32_t m_newLine = 0;
    Alignment m_alignment;
};

} // namespace

Alignment alignRows(const std::vector<Hunk> &hunks, std::string_view oldText, std::string_view newText,
                    int wordDeadlineMs)
{
    return Aligner(hunks, oldText, newText, wordDeadlineMs).run();
}

} // namespace git
