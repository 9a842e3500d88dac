// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/diff.h"

namespace git {

bool FileTexts::comparable() const
{
    const auto isLines = [](ContentKind kind) {
        return kind == ContentKind::Text || kind == ContentKind::Symlink || kind == ContentKind::Absent;
    };
    return isLines(oldKind) && isLines(newKind);
}

const char *toText(FileStatus status)
{
    switch (status) {
    case FileStatus::Added:
        return "added";
    case FileStatus::Deleted:
        return "deleted";
    case FileStatus::Modified:
        return "modified";
    case FileStatus::Renamed:
        return "renamed";
    case FileStatus::Copied:
        return "copied";
    case FileStatus::TypeChanged:
        return "type changed";
    case FileStatus::Conflicted:
        return "conflicted";
    case FileStatus::Unchanged:
        return "unchanged";
    }
    return "";
}

const char *toText(ContentKind kind)
{
    switch (kind) {
    case ContentKind::Absent:
        return "absent";
    case ContentKind::Text:
        return "text";
    case ContentKind::Binary:
        return "binary";
    case ContentKind::Symlink:
        return "symbolic link";
    case ContentKind::Submodule:
        return "submodule";
    case ContentKind::TooLarge:
        return "too large";
    case ContentKind::Missing:
        return "missing";
    }
    return "";
}

} // namespace git
