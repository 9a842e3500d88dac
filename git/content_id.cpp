// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/content_id.h"

#include "git/libgit2.h"

namespace git {

std::string contentId(std::string_view bytes)
{
    startLibrary();
    git_oid id = {};
    if (git_odb_hash(&id, bytes.data(), bytes.size(), GIT_OBJECT_BLOB) != 0)
        return {};
    return toHex(id);
}

} // namespace git
