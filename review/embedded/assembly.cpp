// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/assembly.h"

#include <algorithm>
#include <utility>

namespace review::embedded {

namespace {

/// A place longer than this stands for a block; its head says what it is.
constexpr std::uint32_t maxPlaceLines = 8;
constexpr std::size_t maxTitleBytes = 100; ///< about 72 characters, the rest for names beyond ASCII

git::LineRange shortened(git::LineRange lines)
{
    if (lines.size() > maxPlaceLines)
        lines.end = lines.begin + 1;
    return lines;
}

} // namespace

Assembly::Assembly(const rust::Model &head, std::function<const rust::Model &()> base)
    : m_head(head)
    , m_base(std::move(base))
{}

Place Assembly::placeOf(const rust::Node &node) const
{
    if (!node)
        return {};
    if (const rust::File *file = m_head.fileOf(node))
        return {file->path(), git::Side::New, shortened(node.lines())};
    if (const rust::File *file = m_base().fileOf(node))
        return {file->path(), git::Side::Old, shortened(node.lines())};
    return {};
}

Evidence Assembly::quote(const Place &place, const rust::Tree &tree) const
{
    return {place, std::string(tree.lines().slice(place.lines))};
}

Finding Assembly::makeFinding(const rules::Card &card, const rules::Draft &draft,
                              const rust::File &file) const
{
    Finding finding;
    finding.rule = card.id;
    finding.section = card.section;
    finding.severity = draft.severity.value_or(card.severity);
    finding.confidence = std::clamp(card.confidence * draft.confidence, 0.0, 1.0);
    finding.tier = rules::tierOf(card, finding.confidence);
    finding.place = placeOf(draft.at);
    finding.item = file.itemAt(draft.at);
    const bool usable = !draft.title.empty() && draft.title.size() <= maxTitleBytes &&
                        draft.title.find('\n') == std::string::npos;
    finding.title = usable ? draft.title : card.title;
    if (finding.tier == Tier::Question)
        finding.title += '?';
    finding.why = draft.why.empty() ? card.why : draft.why;
    finding.facts = draft.facts;
    finding.example = card.instead;
    finding.dismissal = card.dismissal;
    finding.references = card.references;
    finding.reproduction = card.reproduction;

    finding.scenario.kind = card.scenarioKind;
    finding.scenario.outcome = draft.outcome.empty() ? card.scenario : draft.outcome;
    for (const rules::DraftStep &step : draft.steps) {
        if (step.at)
            finding.scenario.steps.push_back({step.actor, step.action, placeOf(step.at)});
    }
    finding.evidence.push_back(quote(finding.place, *draft.at.tree()));
    for (const rust::Node &node : draft.evidence) {
        Evidence evidence = node ? quote(placeOf(node), *node.tree()) : Evidence{};
        if (!evidence.text.empty() &&
            std::find(finding.evidence.begin(), finding.evidence.end(), evidence) == finding.evidence.end())
            finding.evidence.push_back(std::move(evidence));
    }
    return finding;
}

namespace {

/// Where equal lines stand elsewhere too, neighbours are taken along until the text is the only one of its
/// kind.
git::LineRange untilUnique(const git::Lines &lines, git::LineRange range)
{
    constexpr std::uint32_t maxNeighbours = 4;
    const std::string_view text = lines.text();
    git::LineRange wide = range;
    for (std::uint32_t i = 0; i <= 2 * maxNeighbours; ++i) {
        const std::string_view original = lines.slice(wide);
        if (text.find(original, text.find(original) + 1) == std::string_view::npos)
            return wide;
        if (i % 2 == 0 && wide.begin > 0)
            --wide.begin;
        else if (wide.end < lines.count())
            ++wide.end;
    }
    return range;
}

std::string withLineEnds(std::string_view text, bool crlf)
{
    std::string result;
    for (const char c : text) {
        if (c == '\n' && crlf && !result.ends_with('\r'))
            result += '\r';
        result += c;
    }
    return result;
}

/// The items that a range of bytes touches, down to those of an impl or module; null where there is none, or
/// more than whole items.
std::pair<rust::Node, rust::Node> itemsAround(const rust::Tree &tree, git::ByteRange bytes)
{
    rust::Node container = tree.root();
    for (;;) {
        rust::Node first;
        rust::Node last;
        for (const rust::Node &child : container.children()) {
            if (child.bytes().end <= bytes.begin || child.bytes().begin >= bytes.end)
                continue;
            if (!child.isNamed() || child.hasError())
                return {};
            first = first ? first : child;
            last = child;
        }
        const rust::Node body =
            first.isAny({"impl_item", "mod_item", "trait_item"}) ? first.field("body") : rust::Node();
        if (first != last || body.bytes().begin >= bytes.begin || body.bytes().end <= bytes.end)
            return {first, last};
        container = body;
    }
}

/// With these bytes replaced the text has no more syntax errors than before. Items that parse without any by
/// themselves do so in their place: only else the whole file is parsed again.
bool staysParsable(const rust::Tree &tree, git::ByteRange bytes, const std::string &replacement)
{
    const std::string &text = tree.text();
    const auto changed = [&](std::size_t begin, std::size_t end) {
        return text.substr(begin, bytes.begin - begin) + replacement +
               text.substr(bytes.end, end - bytes.end);
    };
    if (const auto [first, last] = itemsAround(tree, bytes); first) {
        const auto items = rust::Tree::parse(
            changed(std::min(first.bytes().begin, bytes.begin), std::max(last.bytes().end, bytes.end)));
        if (items && (*items)->errors().empty())
            return true;
    }
    const auto whole = rust::Tree::parse(changed(0, text.size()));
    return whole && (*whole)->errors().size() <= tree.errors().size();
}

} // namespace

std::optional<Suggestion> makeSuggestion(const rules::Draft &draft, const rust::File &file)
{
    std::vector<rules::DraftEdit> edits = draft.edits;
    if (edits.empty())
        return std::nullopt;
    std::stable_sort(edits.begin(), edits.end(), [](const rules::DraftEdit &a, const rules::DraftEdit &b) {
        return std::pair(a.bytes.begin, a.bytes.end) < std::pair(b.bytes.begin, b.bytes.end);
    });
    const rust::Tree &tree = file.tree();
    const git::Lines &lines = tree.lines();
    const std::string &text = tree.text();
    for (std::size_t i = 0; i < edits.size(); ++i) {
        const git::ByteRange &bytes = edits[i].bytes;
        if (bytes.begin > bytes.end || bytes.end > text.size() ||
            (i > 0 && bytes.begin < edits[i - 1].bytes.end))
            return std::nullopt;
    }
    const auto lineOf = [&](std::uint32_t byte) { return static_cast<std::uint32_t>(lines.lineAt(byte)); };
    const git::ByteRange &last = edits.back().bytes;
    git::LineRange range{lineOf(edits.front().bytes.begin),
                         lineOf(last.size() ? last.end - 1 : last.end) + 1};
    range.end = std::min<std::uint32_t>(range.end, static_cast<std::uint32_t>(lines.count()));
    range = untilUnique(lines, range);

    Suggestion suggestion{file.path(), range, std::string(lines.slice(range)), {}, draft.applicability};
    const bool crlf = suggestion.original.find("\r\n") != std::string::npos;
    std::size_t at = lines.offset(range.begin);
    const std::size_t end = lines.offset(range.end);
    for (const rules::DraftEdit &edit : edits) {
        suggestion.replacement += text.substr(at, edit.bytes.begin - at);
        suggestion.replacement += withLineEnds(edit.replacement, crlf);
        at = edit.bytes.end;
    }
    suggestion.replacement += text.substr(at, end - at);
    if (suggestion.replacement == suggestion.original)
        return std::nullopt;

    const git::ByteRange replaced{static_cast<std::uint32_t>(lines.offset(range.begin)),
                                  static_cast<std::uint32_t>(end)};
    if (!staysParsable(tree, replaced, suggestion.replacement))
        return std::nullopt;
    return suggestion;
}

} // namespace review::embedded
