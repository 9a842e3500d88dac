// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace review {

struct KeptTree {
    std::string id;    ///< git::contentId of the text
    std::string bytes; ///< rust::toBytes of its tree
};

/// Syntax trees by the ids of their texts, in one SQLite file of the user's cache folder, so that a text is
/// parsed once for all reviews of one version of the engine. A cache as ReviewCache is: damage, a full disk
/// and other processes cost time and nothing else. May be asked by several threads. At most maxBytes, the
/// longest unused go first.
class TreeCache {
public:
    static constexpr std::size_t maxBytes = 512u << 20;

    /// Nothing is kept where `folder` is empty; it is made when something is. `version` is the engine's.
    TreeCache(const std::string &folder, const std::string &version);
    ~TreeCache();

    bool isOn() const { return !m_folder.empty(); }
    /// The bytes of a text's tree; empty where they are not known.
    std::string tree(const std::string &id);
    void keep(const std::vector<KeptTree> &trees);
    /// Remembers that what tree() found is in use, and drops what is too much. To be called at the end.
    void tidy();

private:
    struct Connection;
    Connection *connection(bool makeFile);
    void forget(const git::Error &error);
    std::string file() const { return m_folder + "/trees-1.sqlite"; }
    std::string keyOf(const std::string &id) const { return m_version + id; }

    std::string m_folder;
    std::string m_version;
    std::mutex m_mutex;
    std::unique_ptr<Connection> m_connection;
    std::vector<std::int64_t> m_stale; ///< rows that were last used long ago
    bool m_isGrown = false;
    bool m_isUnusable = false; ///< it is not asked again
};

} // namespace review
