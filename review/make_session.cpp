// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/session.h"

#include <map>

namespace review {

Session makeSession(const git::Diff &diff, const Request &request, std::int64_t createdAt)
{
    Session session;
    session.diff = diff;
    session.scope = request.scope;
    session.extent = request.extent;
    session.createdAt = createdAt;
    session.leftOut = request.leftOut;

    std::map<std::string, const ReviewFile *> requested;
    for (const ReviewFile &file : request.files)
        requested[file.delta.path()] = &file;
    session.files.reserve(diff.files.size());
    for (const git::FileDelta &delta : diff.files) {
        const auto found = requested.find(delta.path());
        session.files.push_back(found == requested.end() ? ReviewFile{delta, {}, {}, {}, {}, {}}
                                                         : *found->second);
    }
    return session;
}

} // namespace review
