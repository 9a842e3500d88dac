// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/event.h"
#include "review/request.h"

#include <optional>
#include <string>
#include <vector>

namespace review {

/// Names all that an expert's answer depends on: the expert's own version, every text by its content id, and
/// what was chosen. Equal requests have equal keys. Costs a hash of all texts, on two threads. Empty, which
/// no review is kept under, when an id could not be made or it was stopped.
std::string reviewKey(const Request &request, const std::string &expertVersion, std::stop_token stop = {});

/// Complete reviews by their keys, in one SQLite file of the user's cache folder, so that the same review
/// again costs nothing. A cache and no store: what can't be read or written is as if it had never been there,
/// and a damaged file is begun anew. Several processes may use one folder at once. At most maxBytes of
/// reviews, the longest unused go first.
class ReviewCache {
public:
    static constexpr std::size_t maxBytes = 256u << 20;

    /// Nothing is kept where `folder` is empty; it is made when something is.
    explicit ReviewCache(std::string folder) : m_folder(std::move(folder)) {}

    bool isOn() const { return !m_folder.empty(); }
    std::optional<std::vector<Event>> find(const std::string &key) const;
    void keep(const std::string &key, const std::vector<Event> &events) const;

private:
    std::string file() const { return m_folder + "/reviews-1.sqlite"; }

    std::string m_folder;
};

} // namespace review
