// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"

#include <algorithm>
#include <cctype>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool isWordPart(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// The call whose function's name stands at these bytes; none for a declaration, a comment or a string.
Call callAt(const rust::Tree &tree, git::ByteRange name)
{
    Node node = tree.nodeAt(name);
    if (!node.isAny({"identifier", "field_identifier"}))
        return {};
    const char *start = tree.text().data() + name.begin;
    for (int step = 0; step < 4 && node; ++step, node = node.parent()) {
        Call call = rust::toCall(node);
        if (call && call.name.data() == start)
            return call;
    }
    return {};
}

} // namespace

std::vector<Call> callsNamed(std::initializer_list<std::string_view> names, const Node &within)
{
    std::vector<Call> calls;
    if (!within)
        return calls;
    const rust::Tree &tree = *within.tree();
    const std::string_view text = tree.text();
    const git::ByteRange bytes = within.bytes();
    for (const std::string_view name : names) {
        for (std::size_t at = text.find(name, bytes.begin); at < bytes.end; at = text.find(name, at + 1)) {
            const std::size_t end = at + name.size();
            const bool isWord = (at == 0 || !isWordPart(text[at - 1])) && end < text.size() &&
                                (text[end] == '(' || text.substr(end, 2) == "::");
            if (!isWord)
                continue;
            Call call = callAt(tree, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)});
            if (call && call.node.isInside(within))
                calls.push_back(std::move(call));
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

bool hasAny(std::string_view text, std::initializer_list<std::string_view> words)
{
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

} // namespace review::rules
