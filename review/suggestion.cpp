// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/suggestion.h"

#include "git/lines.h"
#include "git/patch.h"

#include <algorithm>
#include <optional>

namespace review {
namespace {

/// Beyond this many places a text is not worth telling apart: it is ambiguous.
constexpr std::size_t maxOccurrences = 4096;

/// Whether bytes [offset, offset + size) are whole lines of the text; the last one may lack its line end only
/// at the text's end.
bool areWholeLines(std::string_view text, std::size_t offset, std::size_t size)
{
    const std::size_t end = offset + size;
    const bool begins = offset == 0 || text[offset - 1] == '\n';
    return begins && (end == text.size() || (size != 0 && text[end - 1] == '\n'));
}

/// Offsets at which `pattern` stands as whole lines, overlapping ones too, in order: the first
/// maxOccurrences, and the one at `own`. Knuth, Morris and Pratt: linear for any text.
std::vector<std::size_t> occurrences(std::string_view text, std::string_view pattern, std::size_t own)
{
    std::vector<std::size_t> found;
    if (pattern.empty() || pattern.size() > text.size())
        return found;
    std::vector<std::uint32_t> border(pattern.size(), 0);
    for (std::size_t i = 1, matched = 0; i < pattern.size(); ++i) {
        while (matched > 0 && pattern[i] != pattern[matched])
            matched = border[matched - 1];
        if (pattern[i] == pattern[matched])
            ++matched;
        border[i] = static_cast<std::uint32_t>(matched);
    }
    for (std::size_t i = 0, matched = 0; i < text.size() && found.size() < maxOccurrences; ++i) {
        while (matched > 0 && (matched == pattern.size() || text[i] != pattern[matched]))
            matched = border[matched - 1];
        if (text[i] == pattern[matched])
            ++matched;
        if (matched == pattern.size() && areWholeLines(text, i + 1 - matched, matched))
            found.push_back(i + 1 - matched);
    }
    if (found.size() == maxOccurrences && own > found.back() && text.substr(own).starts_with(pattern) &&
        areWholeLines(text, own, pattern.size()))
        found.push_back(own);
    return found;
}

std::string withCrLf(std::string_view text)
{
    std::string result;
    result.reserve(text.size() + text.size() / 32);
    for (const char byte : text) {
        if (byte == '\n')
            result += '\r';
        result += byte;
    }
    return result;
}

/// Where the original stands, as bytes of the current text.
struct Match {
    Location location;
    std::size_t offset = 0;
    std::size_t size = 0;
};

git::LineRange linesAt(const git::Lines &lines, std::size_t offset, std::size_t size)
{
    const std::size_t begin = offset == lines.text().size() ? lines.count() : lines.lineAt(offset);
    const std::size_t end = size == 0 ? begin : lines.lineAt(offset + size - 1) + 1;
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

/// Takes away the places where the original is only part of the replacement: there the suggestion was applied
/// already.
void dropApplied(std::vector<std::size_t> &places, std::string_view original, std::string_view replacement,
                 const std::vector<std::size_t> &replacedPlaces)
{
    const std::vector<std::size_t> inside = occurrences(replacement, original, 0);
    std::erase_if(places, [&](std::size_t place) {
        return std::any_of(inside.begin(), inside.end(), [&](std::size_t shift) {
            return place >= shift &&
                   std::binary_search(replacedPlaces.begin(), replacedPlaces.end(), place - shift);
        });
    });
}

Match findOriginal(std::string_view current, const git::Lines &lines, std::string_view original,
                   std::string_view replacement, git::LineRange own)
{
    using State = Location::State;
    const std::size_t ownOffset = own.begin < lines.count() ? lines.offset(own.begin) : current.size();
    const std::vector<std::size_t> replaced = occurrences(current, replacement, ownOffset);
    std::vector<std::size_t> places = occurrences(current, original, ownOffset);
    const bool stoodSomewhere = !places.empty();
    dropApplied(places, original, replacement, replaced);

    Match match;
    match.size = original.size();
    const bool atOwn = std::binary_search(places.begin(), places.end(), ownOffset);
    const bool replacedAtOwn = std::binary_search(replaced.begin(), replaced.end(), ownOffset);
    // Once its own lines hold the replacement, an equal original elsewhere was never meant.
    if (atOwn || (places.size() == 1 && !replacedAtOwn)) {
        match.offset = atOwn ? ownOffset : places.front();
        match.location.state = atOwn ? State::Clean : State::Moved;
    } else if (replacedAtOwn ||
               (places.empty() && (replaced.size() == 1 || (stoodSomewhere && !replaced.empty())))) {
        match.offset = replacedAtOwn ? ownOffset : replaced.front();
        match.size = replacement.size();
        match.location.state = State::AlreadyApplied;
    } else {
        match.location.state = places.empty() ? State::Conflict : State::Ambiguous;
        return match;
    }
    match.location.lines = linesAt(lines, match.offset, match.size);
    return match;
}

Match find(const Suggestion &suggestion, std::string_view current)
{
    if (suggestion.original.empty() || suggestion.original == suggestion.replacement)
        return {};
    const git::Lines lines(current);
    Match match = findOriginal(current, lines, suggestion.original, suggestion.replacement, suggestion.lines);
    const bool onlyLf = suggestion.original.find('\r') == std::string::npos;
    if (match.location.state == Location::State::Conflict && onlyLf &&
        current.find("\r\n") != std::string_view::npos) {
        const std::string replacement = suggestion.replacement.find('\r') == std::string::npos
                                            ? withCrLf(suggestion.replacement)
                                            : suggestion.replacement;
        match = findOriginal(current, lines, withCrLf(suggestion.original), replacement, suggestion.lines);
    }
    return match;
}

/// The replacement with the line ends of what it replaces, where it only has LF and the file has CRLF: a line
/// that stays keeps its own end, any other takes the end of the first line.
std::string withLineEndsOf(std::string_view region, std::string_view replacement)
{
    if (replacement.find('\r') != std::string_view::npos || region.find("\r\n") == std::string_view::npos)
        return std::string(replacement);
    const git::Lines before(region);
    const git::Lines after(replacement);
    std::vector<std::optional<bool>> crLf(after.count()); // decided for the lines that stay
    const auto endsInCrLf = [&](std::size_t line) { return before.withEnd(line).ends_with("\r\n"); };
    const std::size_t shorter = std::min(before.count(), after.count());
    for (std::size_t i = 0; i < shorter && before[i] == after[i]; ++i)
        crLf[i] = endsInCrLf(i);
    for (std::size_t i = 1; i <= shorter && before[before.count() - i] == after[after.count() - i]; ++i) {
        if (!crLf[after.count() - i])
            crLf[after.count() - i] = endsInCrLf(before.count() - i);
    }
    std::string result;
    for (std::size_t i = 0; i < after.count(); ++i) {
        result += after[i];
        if (after.withEnd(i).ends_with('\n'))
            result += crLf[i].value_or(endsInCrLf(0)) ? "\r\n" : "\n";
    }
    return result;
}

std::string movedBy(std::uint32_t from, std::uint32_t to)
{
    const std::uint32_t distance = from < to ? to - from : from - to;
    return std::string(from < to ? "moved down by " : "moved up by ") + std::to_string(distance) +
           (distance == 1 ? " line" : " lines");
}

} // namespace

Location locate(const Suggestion &suggestion, std::string_view current)
{
    return find(suggestion, current).location;
}

std::string toText(const Location &location, const Suggestion &suggestion)
{
    switch (location.state) {
    case Location::State::Clean:
        return "at its own lines";
    case Location::State::Moved:
        return movedBy(suggestion.lines.begin, location.lines.begin);
    case Location::State::AlreadyApplied:
        return "already applied";
    case Location::State::Ambiguous:
        return "the lines it replaces stand at several places in the file";
    case Location::State::Conflict:
        break;
    }
    if (suggestion.original.empty())
        return "it does not say which lines it replaces";
    return "the lines it replaces are no longer in the file";
}

git::Result<std::string> applyTo(std::string_view current, const Suggestion &suggestion)
{
    const Match match = find(suggestion, current);
    if (match.location.state != Location::State::Clean && match.location.state != Location::State::Moved)
        return git::Error{git::ErrorKind::Conflict,
                          "The suggestion can't be applied: " + toText(match.location, suggestion) + "."};
    const std::string_view region = current.substr(match.offset, match.size);
    std::string result(current.substr(0, match.offset));
    result += withLineEndsOf(region, suggestion.replacement);
    result += current.substr(match.offset + match.size);
    return result;
}

std::string renderSuggestionPatch(const Suggestion &suggestion, std::string_view reviewedText,
                                  std::uint32_t mode)
{
    const git::Result<std::string> after = applyTo(reviewedText, suggestion);
    if (!after)
        return {};
    const git::FileSide side{suggestion.path, {}, mode};
    return git::renderPatch(side, reviewedText, side, *after);
}

} // namespace review
