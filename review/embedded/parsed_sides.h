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

/// The two sides of a request as Rust models, which share what surrounds the change. Each file is read when a
/// question needs it; a careful review reads all of a side beforehand, one file after the other. The base is
/// made when it is first asked for. May be asked by several threads.
class ParsedSides {
public:
    /// The trees of texts are kept in `cacheFolder`, unless that is empty.
    ParsedSides(const Request &request, const std::string &cacheFolder, std::stop_token stop,
                Whereabouts &whereabouts);

    const rust::Model &head() const { return m_head; }
    /// The head of a file of the request, read now if it was not; null when it is not analysed.
    const rust::File *headOf(std::size_t file) const
    {
        return m_headFiles[file] ? m_headFiles[file]->file() : nullptr;
    }
    /// What has become of it so far.
    ParsedFile parsed(std::size_t file) const;
    /// Surrounding files that were asked for and could not be read.
    std::size_t contextFailures() const;

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
    using Sources = std::vector<std::shared_ptr<const rust::SourceFile>>;
    std::shared_ptr<const rust::SourceFile> makeSource(const std::string &path, const std::string &text,
                                                       const std::string &edition, std::string *error);
    void readAll(const Sources &sources);
    void link(rust::Model &model, const Sources &files);
    void buildHead();
    void buildBase();

    const Request &m_request;
    std::stop_token m_stop;
    Whereabouts &m_whereabouts;
    TreeStore m_trees;
    rust::Model m_head;
    Sources m_headFiles; ///< one for each file of the request, null when it is not to be read
    std::vector<std::string> m_errors;
    Sources m_context;
    std::once_flag m_baseBuilt;
    std::optional<rust::Model> m_base;
    Sources m_baseFiles; ///< as m_headFiles
};

} // namespace review::embedded
