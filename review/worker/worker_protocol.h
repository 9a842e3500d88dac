// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"
#include "review/expert.h"
#include "review/request.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace review {

/// The protocol of README.md beside this file; another number is another protocol.
inline constexpr const char *workerProtocol = "ferriscope.expert/1";

/// What of a request a worker is not given, because one before it died of that.
struct Excluded {
    std::map<std::string, std::string> paths; ///< of files and context, each with the reason
    bool allContext = false;

    bool operator==(const Excluded &) const = default;
};

/// A request as lines of JSON with their line ends, made one at a time: the whole is never in memory twice.
class RequestLines {
public:
    RequestLines(const Request &request, Excluded excluded, Pace pace)
        : m_request(request)
        , m_excluded(std::move(excluded))
        , m_pace(pace)
    {}
    /// Nothing after the last one.
    std::optional<std::string> next();

private:
    bool isExcluded(const std::string &path) const { return m_excluded.paths.contains(path); }

    const Request &m_request;
    Excluded m_excluded;
    Pace m_pace;
    bool m_isBegun = false;
    bool m_isEnded = false;
    std::size_t m_file = 0;
    std::size_t m_context = 0;
};

/// Of all texts of a request together.
std::size_t textBytes(const Request &request);

/// Reads what RequestLines writes.
class RequestReader {
public:
    /// True once the request is whole. InvalidInput when it is not of this protocol.
    git::Result<bool> take(std::string_view line);

    const Request &request() const { return m_request; }
    Pace pace() const { return m_pace; }

private:
    Request m_request;
    Pace m_pace = Pace::Quick;
    bool m_isBegun = false;
};

} // namespace review
