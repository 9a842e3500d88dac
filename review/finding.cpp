// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/finding.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace review {

namespace {

constexpr std::size_t maxRecommendations = 7;

double weight(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
        return 8;
    case Severity::High:
        return 4;
    case Severity::Medium:
        return 2;
    case Severity::Low:
        return 1;
    }
    return 0;
}

double gravity(const Finding &finding)
{
    return weight(finding.severity) * finding.confidence;
}

/// What the reader should do first: the gravest, and what this change brought before what was there.
double urgency(const Finding &finding)
{
    return gravity(finding) * (finding.origin == Origin::Existing ? 0.5 : 1) *
           (finding.tier == Tier::Question ? 0.5 : 1);
}

using Group = std::vector<const Finding *>;

std::string lineList(const Group &group)
{
    constexpr std::size_t shown = 5;
    std::string text = group.size() == 1 ? "line " : "lines ";
    for (std::size_t i = 0; i < std::min(group.size(), shown); ++i) {
        if (i > 0)
            text += i + 1 == group.size() ? " and " : ", ";
        text += std::to_string(group[i]->place.lines.begin + 1);
    }
    if (group.size() > shown)
        text += " and " + std::to_string(group.size() - shown) + " more";
    return text;
}

std::string actionOf(const Group &group)
{
    const Finding &first = *group.front();
    const bool question = first.tier == Tier::Question;
    const bool suggested =
        std::all_of(group.begin(), group.end(), [](const Finding *f) { return f->suggestion.has_value(); });
    std::string text = question ? "Check in " : suggested ? "Apply the suggested change in " : "Correct in ";
    text += '`' + first.place.path + "`, " + lineList(group) + ": " + first.title;
    return text.ends_with('?') ? text : text + '.';
}

std::string rationaleOf(const Group &group)
{
    const Finding &first = *group.front();
    std::string text = toText(first.severity);
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
    text +=
        " severity, " + std::to_string(static_cast<int>(first.confidence * 100 + 0.5)) + " % confidence, ";
    text += first.origin == Origin::Introduced ? "introduced by this change"
            : first.origin == Origin::Touched  ? "on lines this change edits"
                                               : "there before this change";
    if (group.size() > 1)
        text += ", " + std::to_string(group.size()) + " places";
    text += '.';
    if (!first.scenario.outcome.empty())
        text += ' ' + first.scenario.outcome;
    return text;
}

std::string effortOf(const Group &group)
{
    const auto suggested = static_cast<std::size_t>(std::count_if(
        group.begin(), group.end(), [](const Finding *f) { return f->suggestion.has_value(); }));
    if (suggested == group.size())
        return group.size() <= 5 ? "S" : "M";
    return group.size() - suggested <= 3 ? "M" : "L";
}

} // namespace

std::vector<Recommendation> makeRecommendations(const std::vector<Finding> &findings)
{
    std::map<std::tuple<std::string, std::string, Tier>, Group> byRuleAndFile;
    for (const Finding &finding : findings)
        byRuleAndFile[{finding.rule, finding.place.path, finding.tier}].push_back(&finding);

    std::vector<Group> groups;
    for (auto &[key, group] : byRuleAndFile) {
        std::sort(group.begin(), group.end(),
                  [](const Finding *a, const Finding *b) { return comesBefore(*a, *b); });
        groups.push_back(std::move(group));
    }
    std::sort(groups.begin(), groups.end(), [](const Group &a, const Group &b) {
        const double first = urgency(*a.front());
        const double second = urgency(*b.front());
        return first != second ? first > second : comesBefore(*a.front(), *b.front());
    });
    groups.resize(std::min(groups.size(), maxRecommendations));

    std::vector<Recommendation> recommendations;
    for (const Group &group : groups) {
        Recommendation recommendation;
        recommendation.rank = static_cast<int>(recommendations.size()) + 1;
        recommendation.action = actionOf(group);
        recommendation.rationale = rationaleOf(group);
        recommendation.effort = effortOf(group);
        for (const Finding *finding : group)
            recommendation.findings.push_back(finding->id);
        recommendations.push_back(std::move(recommendation));
    }
    return recommendations;
}

bool comesBefore(const Finding &a, const Finding &b)
{
    if (a.section != b.section)
        return a.section < b.section;
    if (gravity(a) != gravity(b))
        return gravity(a) > gravity(b);
    return std::tie(a.place.path, a.place.lines.begin, a.place.lines.end, a.rule, a.id) <
           std::tie(b.place.path, b.place.lines.begin, b.place.lines.end, b.rule, b.id);
}

const char *toText(Section section)
{
    switch (section) {
    case Section::Critical:
        return "critical";
    case Section::Concurrency:
        return "concurrency";
    case Section::Performance:
        return "performance";
    case Section::Practices:
        return "practices";
    }
    return "";
}

const char *toHeading(Section section)
{
    switch (section) {
    case Section::Critical:
        return "Critical Issues";
    case Section::Concurrency:
        return "Concurrency Concerns";
    case Section::Performance:
        return "Performance Observations";
    case Section::Practices:
        return "Rust Best Practices";
    }
    return "";
}

const char *toText(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
        return "critical";
    case Severity::High:
        return "high";
    case Severity::Medium:
        return "medium";
    case Severity::Low:
        return "low";
    }
    return "";
}

const char *toText(Tier tier)
{
    return tier == Tier::Finding ? "finding" : "question";
}

const char *toText(Origin origin)
{
    switch (origin) {
    case Origin::Introduced:
        return "introduced";
    case Origin::Touched:
        return "touched";
    case Origin::Existing:
        return "existing";
    }
    return "";
}

const char *toText(Applicability applicability)
{
    return applicability == Applicability::Machine ? "machine" : "proposed";
}

} // namespace review
