// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/json_text.h"

#include <nlohmann/json.hpp>

#include <concepts>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

namespace review {

/// Writes values as JSON by the same `describe(archive, value)` functions that JsonReader reads them with:
/// one description of each type.
class JsonWriter {
public:
    template <typename T>
    static nlohmann::json encode(const T &value)
    {
        JsonWriter writer;
        describe(writer, const_cast<T &>(value)); // a writer only reads
        return std::move(writer.m_object);
    }

    template <typename T>
    void operator()(const char *key, T &value)
    {
        m_object[key] = write(value);
    }
    template <typename T>
    void operator()(const char *key, T &value, T)
    {
        m_object[key] = static_cast<int>(value);
    }
    /// A member that older files lack.
    template <typename T>
    void optional(const char *key, T &value)
    {
        m_object[key] = write(value);
    }

private:
    static nlohmann::json write(const std::string &text)
    {
        if (isUtf8(text))
            return text;
        return {{"bytes", toHex(text)}};
    }
    static nlohmann::json write(bool value) { return value; }
    static nlohmann::json write(double value) { return value; }
    static nlohmann::json write(std::integral auto value) { return value; }
    template <typename T>
    static nlohmann::json write(const std::vector<T> &values)
    {
        nlohmann::json array = nlohmann::json::array();
        for (const auto &value : values)
            array.push_back(write(value));
        return array;
    }
    static nlohmann::json write(const std::set<std::string> &values)
    {
        return write(std::vector<std::string>(values.begin(), values.end()));
    }
    template <typename T>
    static nlohmann::json write(const std::optional<T> &value)
    {
        return value ? write(*value) : nlohmann::json();
    }
    template <typename T>
    requires std::is_class_v<T>
    static nlohmann::json write(const T &value) { return encode(value); }

    nlohmann::json m_object = nlohmann::json::object();
};

/// Reads what JsonWriter wrote. Anything missing, of another type or out of range makes it fail; nothing is
/// guessed, nothing throws.
class JsonReader {
public:
    template <typename T>
    static bool decode(const nlohmann::json &json, T &value)
    {
        JsonReader reader(json);
        if (!json.is_object())
            return false;
        describe(reader, value);
        return reader.m_ok;
    }

    template <typename T>
    void operator()(const char *key, T &value)
    {
        const nlohmann::json *json = member(key);
        m_ok = m_ok && json && read(*json, value);
    }
    template <typename T>
    void operator()(const char *key, T &value, T last)
    {
        int number = 0;
        const nlohmann::json *json = member(key);
        m_ok = m_ok && json && read(*json, number) && number >= 0 && number <= static_cast<int>(last);
        if (m_ok)
            value = static_cast<T>(number);
    }

    /// The value stays as it is where the member is missing.
    template <typename T>
    void optional(const char *key, T &value)
    {
        const nlohmann::json *json = member(key);
        m_ok = m_ok && (!json || read(*json, value));
    }

private:
    explicit JsonReader(const nlohmann::json &object) : m_object(object) {}

    const nlohmann::json *member(const char *key) const
    {
        const auto found = m_object.find(key);
        return found == m_object.end() ? nullptr : &*found;
    }

    static bool read(const nlohmann::json &json, std::string &text)
    {
        if (json.is_string()) {
            text = json.get_ref<const std::string &>();
            return true;
        }
        const auto bytes = json.is_object() ? json.find("bytes") : json.end();
        return bytes != json.end() && bytes->is_string() &&
               fromHex(bytes->get_ref<const std::string &>(), text);
    }
    static bool read(const nlohmann::json &json, bool &value)
    {
        if (json.is_boolean())
            value = json.get<bool>();
        return json.is_boolean();
    }
    static bool read(const nlohmann::json &json, double &value)
    {
        if (json.is_number())
            value = json.get<double>();
        return json.is_number() || json.is_null(); // null is what is written for a value that is no number
    }
    template <std::integral T>
    static bool read(const nlohmann::json &json, T &value)
    {
        if (json.is_number_unsigned()) {
            const auto number = json.get<std::uint64_t>();
            value = static_cast<T>(number);
            return number <= static_cast<std::uint64_t>(std::numeric_limits<T>::max());
        }
        if (!json.is_number_integer() || !std::is_signed_v<T>)
            return false;
        const auto number = json.get<std::int64_t>();
        value = static_cast<T>(number);
        return std::in_range<T>(number);
    }
    template <typename T>
    static bool read(const nlohmann::json &json, std::vector<T> &values)
    {
        values.clear();
        for (const nlohmann::json &element : json) {
            T value{};
            if (!read(element, value))
                return false;
            values.push_back(std::move(value));
        }
        return json.is_array();
    }
    static bool read(const nlohmann::json &json, std::set<std::string> &values)
    {
        std::vector<std::string> all;
        const bool isRead = read(json, all);
        values = {all.begin(), all.end()};
        return isRead;
    }
    template <typename T>
    static bool read(const nlohmann::json &json, std::optional<T> &value)
    {
        value.reset();
        return json.is_null() || read(json, value.emplace());
    }
    template <typename T>
    requires std::is_class_v<T>
    static bool read(const nlohmann::json &json, T &value) { return decode(json, value); }

    const nlohmann::json &m_object;
    bool m_ok = true;
};

} // namespace review
