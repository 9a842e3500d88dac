// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/embedded/tree_store.h"
#include "review/embedded/whereabouts.h"
#include "review/event.h"
#include "review/request.h"
#include "review/rust/model.h"

#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace review::embedded {

/// What became of one file of the request. `head` is null when it is not analysed; then `reason` says why.
struct ParsedFile {
    const rust::File *head = nullptr;
    Coverage::State state = Coverage::State::Reviewed;
    std::string reason;
};

/// The two sides of a request as Rust models. The head side is read at once, on two threads; the base side
/// only when it is asked for, by whichever thread is first, and shares the trees of the context.
class ParsedSides {
public:
    /// The trees of texts are kept in `cacheFolder`, unless that is empty.
    ParsedSides(const Request &request, const std::string &cacheFolder, std::stop_token stop,
                Whereabouts &whereabouts);

    const rust::Model &head() const { return m_head; }
    const std::vector<ParsedFile> &files() const { return m_files; } ///< one for each file of the request
    std::size_t contextFailures() const { return m_contextFailures; }

    const rust::Model &base();
    bool hasBase(std::size_t file) const
    {
        return m_request.files[file].texts.oldKind != git::ContentKind::Absent;
    }
    /// The base of a file of the request; null if it has none or could not be parsed.
    const rust::File *baseOf(std::size_t file);
    /// What was parsed until now is known the next time. To be called at the end, and before it by a thread
    /// beside.
    void keep() { m_trees.keep(); }

private:
    struct Source;
    void loadAll(std::vector<Source> &sources);
    void parseHead();
    void buildBase();

    const Request &m_request;
    std::stop_token m_stop;
    Whereabouts &m_whereabouts;
    TreeStore m_trees;
    rust::Model m_head;
    std::vector<ParsedFile> m_files;
    std::size_t m_contextFailures = 0;
    std::once_flag m_baseBuilt;
    std::optional<rust::Model> m_base;
    std::vector<const rust::File *> m_baseFiles;
};

} // namespace review::embedded
