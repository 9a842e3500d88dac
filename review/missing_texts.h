// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/session.h"

#include <functional>
#include <stop_token>
#include <vector>

namespace review {

/// False for a file whose texts a session does not hold.
bool hasTexts(const ReviewFile &file);

/// A file that is only shown: with its hunks, none of them chosen. `excerpts` as in a patch.
ReviewFile makeShownFile(const git::FileDelta &delta, git::FileTexts texts,
                         std::vector<git::PatchedFile::Excerpt> excerpts = {});

/// Reads a file of the session's diff by its index there.
using ReadFile = std::function<git::Result<ReviewFile>(std::size_t)>;

/// The files of the diff whose texts the session does not hold, so that it can show the whole change without
/// the repository: the first ones up to maxShownTextBytes in all. One that can't be read is not among them.
IndexedFiles readMissingTexts(const Session &session, const ReadFile &read, std::stop_token stop);
inline constexpr std::size_t maxShownTextBytes = 64u << 20;

} // namespace review
