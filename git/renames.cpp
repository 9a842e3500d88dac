// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/renames.h"

#include "git/in_order.h"
#include "git/similarity.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <string_view>
#include <unordered_map>

#include <sys/stat.h>

namespace git {
namespace {

constexpr int fullScore = 60000;
constexpr int leastScore = fullScore / 2;
constexpr int leastNameScore = fullScore * 3 / 4;
constexpr std::size_t maxPairs = 1'000'000;
constexpr std::size_t candidatesKept = 4;
constexpr int maxTwins = 100;

std::string_view fileName(std::string_view path)
{
    return path.substr(path.rfind('/') + 1);
}

/// One end of a possible rename: the place of its delta, and what is known of its bytes so far.
struct End {
    End(std::size_t place, const FileSide &file) : delta(place), side(&file) {}

    std::size_t delta;
    const FileSide *side;
    std::optional<std::uint64_t> size;
    std::unique_ptr<Fingerprint> fingerprint;
    bool sizeKnown = false;
    bool unreadable = false;
    bool used = false;
};

struct Candidate {
    int score = -1; ///< -1: none
    bool sameName = false;
    std::size_t source = 0;
    std::size_t target = 0;
};

bool isBetter(const Candidate &a, const Candidate &b)
{
    return a.score != b.score ? a.score > b.score : a.sameName && !b.sameName;
}

class RenameSearch {
public:
    RenameSearch(std::vector<FileDelta> &files, const RenameContents &contents, const std::stop_token &stop,
                 std::size_t maxChunks)
        : m_files(files)
        , m_contents(contents)
        , m_stop(stop)
        , m_chunksLeft(maxChunks)
    {
        for (std::size_t i = 0; i < files.size(); ++i) {
            if (files[i].status == FileStatus::Deleted)
                m_sources.emplace_back(i, files[i].oldSide);
            else if (files[i].status == FileStatus::Added)
                m_targets.emplace_back(i, files[i].newSide);
        }
    }

    bool run()
    {
        if (!m_sources.empty() && !m_targets.empty()) {
            joinEqual();
            joinByName();
            joinBest();
        }
        write();
        return m_complete;
    }

private:
    void joinEqual();
    void joinByName();
    void joinBest();
    void write();
    int score(End &source, End &target);
    std::uint64_t sizeOf(End &end);
    const Fingerprint *fingerprintOf(End &end);
    void readSizes();
    void readFingerprints();
    std::vector<End *> comparableEnds();
    std::unique_ptr<Fingerprint> makeFingerprint(const End &end) const;
    void keepSize(End &end, std::optional<std::uint64_t> size);
    void keepFingerprint(End &end, std::unique_ptr<Fingerprint> fingerprint);
    void join(std::size_t source, std::size_t target, int score);

    std::vector<FileDelta> &m_files;
    const RenameContents &m_contents;
    const std::stop_token &m_stop;
    std::size_t m_chunksLeft;
    std::vector<End> m_sources;
    std::vector<End> m_targets;
    std::vector<Candidate> m_joined;
    bool m_complete = true;
};

void RenameSearch::join(std::size_t source, std::size_t target, int score)
{
    m_sources[source].used = true;
    m_targets[target].used = true;
    m_joined.push_back({score, false, source, target});
}

void RenameSearch::joinEqual()
{
    std::unordered_map<std::string, std::vector<std::size_t>> sourcesById;
    for (std::size_t i = 0; i < m_sources.size(); ++i)
        sourcesById[m_contents.id(*m_sources[i].side)].push_back(i);
    for (std::size_t t = 0; t < m_targets.size() && !m_stop.stop_requested(); ++t) {
        const FileSide &target = *m_targets[t].side;
        const std::string id = m_contents.id(target);
        const auto twins = sourcesById.find(id);
        if (id.empty() || twins == sourcesById.end())
            continue;
        std::optional<std::size_t> best;
        int looked = 0;
        for (const std::size_t s : twins->second) {
            const FileSide &source = *m_sources[s].side;
            const bool regular = S_ISREG(source.mode) && S_ISREG(target.mode);
            if (m_sources[s].used || (!regular && source.mode != target.mode))
                continue;
            if (!best)
                best = s;
            if (fileName(source.path) == fileName(target.path)) {
                best = s;
                break;
            }
            if (++looked > maxTwins)
                break;
        }
        if (best)
            join(*best, t, fullScore);
    }
}

void RenameSearch::joinByName()
{
    struct Holders {
        std::size_t index = 0;
        std::size_t count = 0;
    };
    const auto countNames = [](const std::vector<End> &ends) {
        std::unordered_map<std::string_view, Holders> names;
        for (std::size_t i = 0; i < ends.size(); ++i) {
            if (ends[i].used)
                continue;
            Holders &holders = names[fileName(ends[i].side->path)];
            holders.index = i;
            ++holders.count;
        }
        return names;
    };
    const auto sources = countNames(m_sources);
    const auto targets = countNames(m_targets);
    for (std::size_t s = 0; s < m_sources.size() && !m_stop.stop_requested(); ++s) {
        const std::string_view name = fileName(m_sources[s].side->path);
        const auto target = targets.find(name);
        if (m_sources[s].used || sources.at(name).count != 1 || target == targets.end() ||
            target->second.count != 1)
            continue;
        const int points = score(m_sources[s], m_targets[target->second.index]);
        if (points >= leastNameScore)
            join(s, target->second.index, points);
    }
}

void RenameSearch::joinBest()
{
    const auto left = [](const std::vector<End> &ends) {
        return static_cast<std::size_t>(
            std::count_if(ends.begin(), ends.end(), [](const End &e) { return !e.used; }));
    };
    if (left(m_sources) * left(m_targets) > maxPairs) {
        m_complete = false;
        return;
    }
    readSizes();
    readFingerprints();
    std::vector<Candidate> all;
    for (std::size_t t = 0; t < m_targets.size() && !m_stop.stop_requested(); ++t) {
        if (m_targets[t].used)
            continue;
        std::array<Candidate, candidatesKept> best;
        for (std::size_t s = 0; s < m_sources.size() && !m_stop.stop_requested(); ++s) {
            if (m_sources[s].used)
                continue;
            const bool sameName = fileName(m_sources[s].side->path) == fileName(m_targets[t].side->path);
            const Candidate candidate{score(m_sources[s], m_targets[t]), sameName, s, t};
            Candidate &worst = *std::max_element(best.begin(), best.end(), isBetter);
            if (isBetter(candidate, worst))
                worst = candidate;
        }
        all.insert(all.end(), best.begin(), best.end());
    }
    std::stable_sort(all.begin(), all.end(), isBetter);
    for (const Candidate &candidate : all) {
        if (candidate.score < leastScore)
            break;
        if (!m_sources[candidate.source].used && !m_targets[candidate.target].used)
            join(candidate.source, candidate.target, candidate.score);
    }
}

int RenameSearch::score(End &source, End &target)
{
    if (!S_ISREG(source.side->mode) || !S_ISREG(target.side->mode))
        return 0;
    const std::uint64_t sourceSize = sizeOf(source);
    const std::uint64_t targetSize = sizeOf(target);
    const std::uint64_t larger = std::max(sourceSize, targetSize);
    const std::uint64_t smaller = std::min(sourceSize, targetSize);
    if (smaller == 0 || smaller * 2 < larger)
        return 0;
    const Fingerprint *sourcePrint = fingerprintOf(source);
    const Fingerprint *targetPrint = sourcePrint ? fingerprintOf(target) : nullptr;
    if (!targetPrint)
        return 0;
    return static_cast<int>(sourcePrint->sharedBytes(*targetPrint) * fullScore / larger);
}

std::uint64_t RenameSearch::sizeOf(End &end)
{
    if (!end.sizeKnown)
        keepSize(end, m_contents.size(*end.side));
    return end.size.value_or(0);
}

void RenameSearch::keepSize(End &end, std::optional<std::uint64_t> size)
{
    end.size = size;
    end.sizeKnown = true;
    m_complete = m_complete && size.has_value();
}

const Fingerprint *RenameSearch::fingerprintOf(End &end)
{
    if (!end.fingerprint && !end.unreadable)
        keepFingerprint(end, m_chunksLeft > 0 ? makeFingerprint(end) : nullptr);
    return end.fingerprint.get();
}

std::unique_ptr<Fingerprint> RenameSearch::makeFingerprint(const End &end) const
{
    if (end.size.value_or(0) > maxTextBytes || m_stop.stop_requested())
        return nullptr;
    const std::optional<std::string> bytes = m_contents.bytes(*end.side);
    return bytes ? std::make_unique<Fingerprint>(*bytes) : nullptr;
}

void RenameSearch::keepFingerprint(End &end, std::unique_ptr<Fingerprint> fingerprint)
{
    if (fingerprint && m_chunksLeft > 0) {
        m_chunksLeft -= std::min(m_chunksLeft, fingerprint->size());
        end.fingerprint = std::move(fingerprint);
    } else {
        end.unreadable = true;
        m_complete = false;
    }
}

std::vector<End *> RenameSearch::comparableEnds()
{
    std::vector<End *> ends;
    for (std::vector<End> *side : {&m_sources, &m_targets})
        for (End &end : *side)
            if (!end.used && S_ISREG(end.side->mode))
                ends.push_back(&end);
    return ends;
}

/// Of all that may be compared, on two threads.
void RenameSearch::readSizes()
{
    std::vector<End *> ends = comparableEnds();
    std::erase_if(ends, [](const End *end) { return end->sizeKnown; });
    workInOrder(
        ends.size(),
        [&](std::size_t i) {
            return m_stop.stop_requested() ? std::nullopt : m_contents.size(*ends[i]->side);
        },
        [&](std::size_t i, std::optional<std::uint64_t> size) { keepSize(*ends[i], size); });
}

/// Of all whose size some file of the other side comes near, on two threads: reading them is what takes long.
void RenameSearch::readFingerprints()
{
    const auto sizes = [this](const std::vector<End> &side) {
        std::vector<std::uint64_t> all;
        for (const End &end : side)
            if (!end.used && S_ISREG(end.side->mode))
                all.push_back(end.size.value_or(0));
        std::sort(all.begin(), all.end());
        return all;
    };
    const std::vector<std::uint64_t> sourceSizes = sizes(m_sources);
    const std::vector<std::uint64_t> targetSizes = sizes(m_targets);
    std::vector<End *> ends = comparableEnds();
    std::erase_if(ends, [&](const End *end) {
        const bool isSource = end >= m_sources.data() && end < m_sources.data() + m_sources.size();
        const std::vector<std::uint64_t> &others = isSource ? targetSizes : sourceSizes;
        const std::uint64_t size = end->size.value_or(0);
        const auto nearest = std::lower_bound(others.begin(), others.end(), (size + 1) / 2);
        return size == 0 || end->fingerprint || end->unreadable || nearest == others.end() ||
               *nearest > size * 2;
    });
    std::atomic<bool> full = m_chunksLeft == 0;
    workInOrder(
        ends.size(), [&](std::size_t i) { return full ? nullptr : makeFingerprint(*ends[i]); },
        [&](std::size_t i, std::unique_ptr<Fingerprint> fingerprint) {
            keepFingerprint(*ends[i], std::move(fingerprint));
            full = m_chunksLeft == 0;
        });
}

void RenameSearch::write()
{
    std::vector<bool> gone(m_files.size());
    for (const Candidate &pair : m_joined) {
        FileDelta &target = m_files[m_targets[pair.target].delta];
        FileDelta &source = m_files[m_sources[pair.source].delta];
        target.status = FileStatus::Renamed;
        target.oldSide = source.oldSide;
        target.similarity = pair.score * 100 / fullScore;
        gone[m_sources[pair.source].delta] = true;
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < m_files.size(); ++i) {
        if (gone[i])
            continue;
        if (kept != i)
            m_files[kept] = std::move(m_files[i]);
        ++kept;
    }
    m_files.resize(kept);
}

} // namespace

bool findRenames(std::vector<FileDelta> &files, const RenameContents &contents, const std::stop_token &stop,
                 std::size_t maxChunks)
{
    const bool complete = RenameSearch(files, contents, stop, maxChunks).run();
    std::stable_sort(files.begin(), files.end(),
                     [](const FileDelta &a, const FileDelta &b) { return a.path() < b.path(); });
    return complete;
}

} // namespace git
