// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/overlay_tree.h"

#include "git/diff.h"
#include "git/display.h"
#include "git/patch.h"

namespace app {

git::Result<git::WorkFile> OverlayTree::read(const std::string &path, std::uint64_t maxBytes)
{
    const auto change = m_changes.find(path);
    return change == m_changes.end() ? m_below.read(path, maxBytes) : change->second.now;
}

git::Result<void> OverlayTree::replace(const std::string &path, std::string_view expected,
                                       std::string_view bytes)
{
    auto file = read(path, git::maxTextBytes);
    if (!file)
        return file.error();
    if (file->bytes != expected)
        return git::Error{git::ErrorKind::Conflict, git::displayName(path) + " changed meanwhile."};
    const auto [change, added] = m_changes.try_emplace(path, Change{file->bytes, *file});
    change->second.now.bytes = bytes;
    return {};
}

std::string OverlayTree::renderPatch() const
{
    std::string patch;
    for (const auto &[path, change] : m_changes) {
        const std::uint32_t mode = change.now.permissions & 0100 ? 0100755 : 0100644;
        const git::FileSide side{path, {}, mode};
        patch += git::renderPatch(side, change.before, side, change.now.bytes);
    }
    return patch;
}

} // namespace app
