// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/worker/finding_check.h"

#include <algorithm>

namespace review {

FindingCheck::FindingCheck(const Request &request)
{
    for (const ReviewFile &file : request.files) {
        if (file.texts.oldKind == git::ContentKind::Text)
            m_texts.try_emplace({file.delta.oldSide.path, git::Side::Old}, file.texts.oldText);
        if (file.texts.newKind == git::ContentKind::Text)
            m_texts.try_emplace({file.delta.newSide.path, git::Side::New}, file.texts.newText);
    }
    for (const ContextFile &file : request.context)
        m_texts.try_emplace({file.path, git::Side::New}, file.text);
}

const git::Lines *FindingCheck::linesOf(const std::string &path, git::Side side)
{
    const Key key{path, side};
    const auto text = m_texts.find(key);
    if (text == m_texts.end())
        return nullptr;
    const auto [lines, isNew] = m_lines.try_emplace(key);
    if (isNew)
        lines->second = git::Lines(text->second);
    return &lines->second;
}

bool FindingCheck::isThere(const Place &place)
{
    const git::Lines *lines = linesOf(place.path, place.side);
    return lines && place.lines.begin < place.lines.end && place.lines.end <= lines->count();
}

std::string FindingCheck::flaw(const Finding &finding)
{
    if (finding.id.empty() || finding.title.empty() || finding.title.find('\n') != finding.title.npos)
        return "it has no id or no title of one line";
    if (!(finding.confidence >= 0 && finding.confidence <= 1))
        return "its confidence is not between 0 and 1";
    if (!isThere(finding.place))
        return "its place is in none of the texts that were read";
    const auto quotes = [&](const Evidence &evidence) {
        return isThere(evidence.place) &&
               linesOf(evidence.place.path, evidence.place.side)->slice(evidence.place.lines) ==
                   evidence.text;
    };
    if (!std::all_of(finding.evidence.begin(), finding.evidence.end(), quotes))
        return "a line that it quotes is not where it says";
    const auto isStepThere = [&](const Step &step) { return step.place.path.empty() || isThere(step.place); };
    if (!std::all_of(finding.scenario.steps.begin(), finding.scenario.steps.end(), isStepThere) ||
        !std::all_of(finding.copies.begin(), finding.copies.end(),
                     [&](const Place &place) { return isThere(place); }))
        return "a place that it names is in none of the texts that were read";
    return {};
}

bool FindingCheck::fits(const Suggestion &suggestion)
{
    const git::Lines *lines = linesOf(suggestion.path, git::Side::New);
    return lines && suggestion.lines.begin <= suggestion.lines.end &&
           suggestion.lines.end <= lines->count() && lines->slice(suggestion.lines) == suggestion.original;
}

} // namespace review
