// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/hunks.h"
#include "review/expert.h"
#include "review/request.h"

#include <stop_token>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace tests {

/// Keeps all events of a review.
class EventLog : public review::EventSink {
public:
    void receive(const review::Event &event) override { events.push_back(event); }

    template <typename Kind>
    std::vector<Kind> all() const
    {
        std::vector<Kind> found;
        for (const review::Event &event : events) {
            if (const Kind *kind = std::get_if<Kind>(&event))
                found.push_back(*kind);
        }
        return found;
    }
    /// Those that no comment silences.
    std::vector<review::Finding> findings() const
    {
        std::vector<review::Finding> found;
        for (const auto &closed : all<review::FindingClosed>()) {
            if (!closed.silenced.empty())
                continue;
            found.push_back(closed.finding);
        }
        return found;
    }

    std::vector<review::Event> events;
};

/// A file of a request as git would give it: the hunks between two texts, all of them chosen. An empty base
/// is a new file.
inline review::ReviewFile reviewFile(const std::string &path, const std::string &base,
                                     const std::string &head, const std::string &edition = "2021")
{
    review::ReviewFile file;
    file.delta.status = base.empty() ? git::FileStatus::Added : git::FileStatus::Modified;
    file.delta.newSide = {path, {}, 0100644};
    file.texts.newKind = git::ContentKind::Text;
    file.texts.newText = head;
    if (!base.empty()) {
        file.delta.oldSide = {path, {}, 0100644};
        file.texts.oldKind = git::ContentKind::Text;
        file.texts.oldText = base;
    }
    if (auto changes = git::diffLines(base, head))
        file.hunks = git::groupHunks(path, *changes, base, head);
    file.chosen.assign(file.hunks.size(), true);
    file.edition = edition;
    return file;
}

/// What the embedded expert says about files.
inline EventLog runExpert(review::Request request, std::stop_token stop = {})
{
    EventLog log;
    review::makeEmbeddedExpert()->review(request, log, std::move(stop));
    return log;
}

/// One new file, all of its lines.
inline EventLog runExpert(const std::string &text, const std::string &path = "src/lib.rs",
                          const std::string &edition = "2021")
{
    review::Request request;
    request.files.push_back(reviewFile(path, {}, text, edition));
    return runExpert(std::move(request));
}

} // namespace tests
