// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"

#include <algorithm>
#include <cctype>
#include <cstring>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool isWordPart(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// The name stands by itself and before what it calls: `name(` or `name::<`.
bool isWritten(const Call &call, std::string_view text)
{
    const auto begin = static_cast<std::size_t>(call.name.data() - text.data());
    const std::size_t end = begin + call.name.size();
    return (begin == 0 || !isWordPart(text[begin - 1])) && end < text.size() &&
           (text[end] == '(' || text.substr(end, 2) == "::");
}

} // namespace

std::vector<Call> callsNamed(std::initializer_list<std::string_view> names, const Node &within)
{
    std::vector<Call> calls;
    if (!within)
        return calls;
    const rust::Tree &tree = *within.tree();
    for (const std::string_view name : names) {
        for (const Call *call : tree.callsNamed(name)) {
            if (call->node.isInside(within) && isWritten(*call, tree.text()))
                calls.push_back(*call);
        }
    }
    std::sort(calls.begin(), calls.end(),
              [](const Call &a, const Call &b) { return a.node.index() < b.node.index(); });
    return calls;
}

std::vector<Call> callsNamed(std::initializer_list<std::string_view> names, const rust::File &file)
{
    return callsNamed(names, file.root());
}

bool contains(std::string_view text, std::string_view word)
{
    // The C library's search is several times as fast as that of std::string_view.
    return memmem(text.data(), text.size(), word.data(), word.size()) != nullptr;
}

bool hasAny(const rust::File &file, std::initializer_list<std::string_view> words)
{
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return file.tree().contains(word); });
}

bool hasAny(std::string_view text, std::initializer_list<std::string_view> words)
{
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return contains(text, word); });
}

} // namespace review::rules
