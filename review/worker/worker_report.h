// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/event.h"
#include "review/request.h"
#include "review/worker/coverage_book.h"
#include "review/worker/finding_check.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

namespace review {

/// Hands on what workers say about one request, one worker after the other: findings that were checked, none
/// of them twice; coverage and end only once all is over.
class WorkerReport {
public:
    WorkerReport(const Request &request, EventSink &sink, std::string expert);

    void take(const Event &event);
    /// The next worker begins anew.
    void restart();
    void note(const std::string &sentence);
    /// Tells the coverage, where what nobody spoke of is `otherwise` for `reason`, and the end.
    void end(Ended::State state, const std::string &endReason, Coverage::State otherwise,
             const std::string &reason);
    CoverageBook &coverage() { return m_coverage; }

    const std::optional<Ended> &ended() const { return m_ended; } ///< as this worker told it
    const std::string &path() const
    {
        return m_path;
    } ///< the file this worker is at; empty: none that it told of

private:
    void takeFinding(Finding finding, const std::string &silenced);
    std::string freeId(const std::string &id);

    using Key = std::tuple<std::string, std::string, git::Side, std::uint32_t, std::uint32_t, std::string>;
    EventSink &m_sink;
    std::string m_expert;
    CoverageBook m_coverage;
    FindingCheck m_check;
    std::optional<Ended> m_ended;
    std::string m_path;
    std::set<Key> m_told;             ///< by the workers before
    std::set<Key> m_toldNow;          ///< by this one
    std::map<std::string, int> m_ids; ///< how often each was asked for
    std::set<std::string> m_sentences;
};

} // namespace review
