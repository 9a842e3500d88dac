// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/event_json.h"

#include "review/describe.h"

#include <array>

namespace review {

namespace {

/// In the order of Event's alternatives.
constexpr std::array<const char *, std::variant_size_v<Event>> eventNames{
    "PassStarted",     "Progressed", "FileBegun", "FindingClosed",
    "FindingRejected", "Coverage",   "Note",      "Ended"};

template <std::size_t index = 0>
std::optional<Event> read(const nlohmann::json &json, const std::string &name)
{
    if constexpr (index == eventNames.size()) {
        return std::nullopt;
    } else {
        if (name != eventNames[index])
            return read<index + 1>(json, name);
        std::variant_alternative_t<index, Event> event;
        return JsonReader::decode(json, event) ? std::optional<Event>(std::move(event)) : std::nullopt;
    }
}

} // namespace

std::string toLine(const Event &event)
{
    nlohmann::json json = std::visit([](const auto &each) { return JsonWriter::encode(each); }, event);
    json["event"] = eventNames[event.index()];
    return json.dump();
}

std::optional<Event> eventOf(std::string_view line)
{
    const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
    const auto name = json.is_object() ? json.find("event") : json.end();
    if (json.is_discarded() || name == json.end() || !name->is_string())
        return std::nullopt;
    return read(json, name->get<std::string>());
}

} // namespace review
