// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/libgit2.h"

#include "git/display.h"

#include <array>

namespace git {
namespace {

constexpr std::size_t maxObjectBytes = 256u << 20;

bool startOnce()
{
    git_libgit2_init();
    git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECT_SIZE, maxObjectBytes);
    // All three only change how objects are fetched, deleted or configured, not how they are read.
    std::array<const char *, 3> harmless = {"partialclone", "worktreeconfig", "preciousobjects"};
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, harmless.data(), harmless.size());
    return true;
}

ErrorKind kindOf(int code)
{
    switch (code) {
    case GIT_ENOTFOUND:
    case GIT_EUNBORNBRANCH:
        return ErrorKind::NotFound;
    case GIT_EAMBIGUOUS:
    case GIT_EINVALIDSPEC:
    case GIT_EPEEL:
    case GIT_EINVALID:
        return ErrorKind::InvalidInput;
    case GIT_ECONFLICT:
    case GIT_ELOCKED:
        return ErrorKind::Conflict;
    case GIT_EUSER:
        return ErrorKind::Cancelled;
    default:
        return ErrorKind::Io;
    }
}

} // namespace

void startLibrary()
{
    [[maybe_unused]] static const bool started = startOnce();
}

Error libraryError(int code, const std::string &what)
{
    if (code == GIT_EUSER)
        return {ErrorKind::Cancelled, what + ": cancelled"};
    const git_error *last = git_error_last();
    std::string message = what;
    if (last && last->message)
        message += ": " + displayName(last->message);
    return {kindOf(code), message};
}

std::string toHex(const git_oid &id)
{
    std::array<char, GIT_OID_HEXSZ> text;
    git_oid_fmt(text.data(), &id);
    return {text.data(), text.size()};
}

git_oid toOid(std::string_view hex)
{
    git_oid id = {};
    if (hex.size() != GIT_OID_HEXSZ || git_oid_fromstrn(&id, hex.data(), hex.size()) != 0)
        id = {};
    return id;
}

} // namespace git
