// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/work_tree.h"

#include <map>
#include <string>

namespace app {

/// A work tree whose writes stay in memory: what would change can be shown without changing it.
class OverlayTree : public git::WorkTree {
public:
    explicit OverlayTree(git::WorkTree &below) : m_below(below) {}

    git::Result<git::WorkFile> read(const std::string &path, std::uint64_t maxBytes) override;
    git::Result<void> replace(const std::string &path, std::string_view expected,
                              std::string_view bytes) override;

    /// All writes so far as one patch.
    std::string renderPatch() const;

private:
    struct Change {
        std::string before;
        git::WorkFile now;
    };
    git::WorkTree &m_below;
    std::map<std::string, Change> m_changes;
};

} // namespace app
