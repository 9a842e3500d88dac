// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/grammar.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <unordered_map>

extern "C" const TSLanguage *tree_sitter_rust();

namespace review::rust::grammar {

const std::vector<std::string_view> &kindNames()
{
    static const std::vector<std::string_view> names = [] {
        const TSLanguage *language = tree_sitter_rust();
        std::vector<std::string_view> all;
        for (std::uint32_t i = 0; i < ts_language_symbol_count(language); ++i) {
            const char *name = ts_language_symbol_name(language, static_cast<TSSymbol>(i));
            all.emplace_back(name ? name : "");
        }
        for (const char *own : {"ERROR", "macro_arguments", "named_argument", "select_arms", "select_arm"}) {
            all.emplace_back(own);
        }
        return all;
    }();
    return names;
}

const std::vector<std::string_view> &fieldNames()
{
    static const std::vector<std::string_view> names = [] {
        const TSLanguage *language = tree_sitter_rust();
        std::vector<std::string_view> all{""};
        for (std::uint32_t i = 1; i <= ts_language_field_count(language); ++i)
            all.emplace_back(ts_language_field_name_for_id(language, static_cast<TSFieldId>(i)));
        for (const char *own : {"future", "handler"})
            all.emplace_back(own);
        return all;
    }();
    return names;
}

const std::vector<SyntaxName> &kinds()
{
    static const std::vector<SyntaxName> kinds(kindNames().begin(), kindNames().end());
    return kinds;
}

const std::vector<SyntaxName> &fields()
{
    static const std::vector<SyntaxName> fields(fieldNames().begin(), fieldNames().end());
    return fields;
}

std::uint16_t kindNumber(std::string_view name)
{
    static const std::unordered_map<std::string_view, std::uint16_t> numbers = [] {
        std::unordered_map<std::string_view, std::uint16_t> all;
        // The last of a name counts: aliases and hidden rules of the same name come first.
        for (std::size_t i = 0; i < kindNames().size(); ++i)
            all[kindNames()[i]] = static_cast<std::uint16_t>(i);
        return all;
    }();
    const auto found = numbers.find(name);
    return found == numbers.end() ? 0 : found->second;
}

std::uint8_t fieldNumber(std::string_view name)
{
    const auto &names = fieldNames();
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? 0 : static_cast<std::uint8_t>(found - names.begin());
}

} // namespace review::rust::grammar
