// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/session_json.h"

#include "review/describe.h"

namespace review {

template <typename T>
std::string toStored(const T &value)
{
    return JsonWriter::encode(value).dump();
}

template <typename T>
bool fromStored(std::string_view text, T &value)
{
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    return !json.is_discarded() && JsonReader::decode(json, value);
}

// clang-format off
template std::string toStored(const Session &);
template std::string toStored(const Finding &);
template std::string toStored(const FindingRejected &);
template std::string toStored(const Coverage &);
template std::string toStored(const Note &);
template std::string toStored(const Ended &);
template std::string toStored(const ReviewerNote &);
template std::string toStored(const ReviewFile &);
template std::string toStored(const git::FileDelta &);

template bool fromStored(std::string_view, Session &);
template bool fromStored(std::string_view, Finding &);
template bool fromStored(std::string_view, FindingRejected &);
template bool fromStored(std::string_view, Coverage &);
template bool fromStored(std::string_view, Note &);
template bool fromStored(std::string_view, Ended &);
template bool fromStored(std::string_view, ReviewerNote &);
template bool fromStored(std::string_view, ReviewFile &);
template bool fromStored(std::string_view, git::FileDelta &);
// clang-format on

} // namespace review
