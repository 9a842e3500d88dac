// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/session.h"

#include <optional>
#include <string>
#include <string_view>

namespace review {

/// The values of a session as they stand in its file: one JSON text each. Texts that are not UTF-8 (paths,
/// quoted lines) are kept as `{"bytes": hex}`, so that every value comes back equal; the texts of files are stored apart.
std::string toStored(const Finding &value);
std::string toStored(const FindingRejected &value);
std::string toStored(const Coverage &value);
std::string toStored(const Note &value);
std::string toStored(const Ended &value);
std::string toStored(const ReviewerNote &value);
std::string toStored(const git::FileDelta &value);
std::string toStored(const ReviewFile &value); ///< without the two texts
/// Scope, extent, time, the diff's ends and what was left out; without its lists.
std::string toStoredHeader(const Session &value);

/// Reading them back. False when the text is not what toStored writes: wrong JSON, a missing key, a wrong
/// type or a value out of range.
bool fromStored(std::string_view text, Finding &value);
bool fromStored(std::string_view text, FindingRejected &value);
bool fromStored(std::string_view text, Coverage &value);
bool fromStored(std::string_view text, Note &value);
bool fromStored(std::string_view text, Ended &value);
bool fromStored(std::string_view text, ReviewerNote &value);
bool fromStored(std::string_view text, git::FileDelta &value);
bool fromStored(std::string_view text, ReviewFile &value);
bool fromStoredHeader(std::string_view text, Session &value);

} // namespace review
