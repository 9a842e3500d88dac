// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/report.h"

#include "review/markdown.h"
#include "review/report_text.h"

#include <nlohmann/json.hpp>

namespace review {
namespace {

using Json = nlohmann::ordered_json; // keys in the order of the schema's page

Json toArray(const auto &values, auto toJson)
{
    Json array = Json::array();
    for (const auto &value : values)
        array.push_back(toJson(value));
    return array;
}

const char *toText(git::Side side)
{
    return side == git::Side::New ? "new" : "old";
}

Json toJson(const Step &step)
{
    return {{"actor", step.actor},
            {"action", step.action},
            {"path", step.place.path},
            {"side", toText(step.place.side)},
            {"line", firstLine(step.place.lines)}};
}

Json toJson(const Evidence &evidence)
{
    return {{"path", evidence.place.path},
            {"side", toText(evidence.place.side)},
            {"startLine", firstLine(evidence.place.lines)},
            {"endLine", lastLine(evidence.place.lines)},
            {"text", evidence.text}};
}

Json toJson(const std::optional<Suggestion> &suggestion)
{
    if (!suggestion)
        return nullptr;
    return {{"path", suggestion->path},
            {"startLine", firstLine(suggestion->lines)},
            {"endLine", lastLine(suggestion->lines)},
            {"original", suggestion->original},
            {"replacement", suggestion->replacement},
            {"applicability", toText(suggestion->applicability)}};
}

Json toJson(const std::optional<Reproduction> &reproduction)
{
    if (!reproduction)
        return nullptr;
    return {{"code", reproduction->code}, {"edition", reproduction->edition}, {"url", reproduction->url}};
}

Json toJson(const Scenario &scenario)
{
    return {{"kind", scenario.kind},
            {"steps", toArray(scenario.steps, [](const Step &step) { return toJson(step); })},
            {"outcome", scenario.outcome}};
}

/// The authors' reason; null for what no comment silences.
Json silencedBy(const ReportedFinding &reported)
{
    const bool isSilenced = reported.decision && reported.decision->state == Decision::State::Silenced;
    return isSilenced ? Json(reported.decision->reason) : Json();
}

Json toJson(const ReportedFinding &reported)
{
    const Finding &finding = reported.finding;
    const auto evidence = [](const Evidence &value) { return toJson(value); };
    const auto place = [](const Place &value) {
        return Json{{"path", value.path},
                    {"side", toText(value.side)},
                    {"startLine", firstLine(value.lines)},
                    {"endLine", lastLine(value.lines)}};
    };
    const auto reference = [](const Reference &value) {
        return Json{{"title", value.title}, {"url", value.url}};
    };
    return {{"id", finding.id},
            {"section", toText(finding.section)},
            {"tier", toText(finding.tier)},
            {"severity", toText(finding.severity)},
            {"confidence", tidyConfidence(finding.confidence)},
            {"rule", finding.rule},
            {"experts", finding.experts},
            {"origin", toText(finding.origin)},
            {"path", finding.place.path},
            {"side", toText(finding.place.side)},
            {"startLine", firstLine(finding.place.lines)},
            {"endLine", lastLine(finding.place.lines)},
            {"item", finding.item},
            {"title", finding.title},
            {"why", finding.why},
            {"scenario", toJson(finding.scenario)},
            {"evidence", toArray(finding.evidence, evidence)},
            {"copies", toArray(finding.copies, place)},
            {"suggestion", toJson(finding.suggestion)},
            {"references", toArray(finding.references, reference)},
            {"reproduction", toJson(finding.reproduction)},
            {"silenced", silencedBy(reported)}};
}

Json toJson(const Recommendation &recommendation)
{
    return {{"rank", recommendation.rank},
            {"action", recommendation.action},
            {"rationale", recommendation.rationale},
            {"effort", recommendation.effort},
            {"findings", recommendation.findings}};
}

Json toJson(const Coverage &part)
{
    return {{"path", part.path},
            {"hunk", part.hunk},
            {"startLine", firstLine(part.lines)},
            {"endLine", lastLine(part.lines)},
            {"state", toText(part.state)},
            {"reason", part.reason}};
}

/// A commit or tree by its id, for programs; anything else by its name.
std::string endpoint(const git::ResolvedEndpoint &end, const std::string &name)
{
    return end.id.empty() ? name : end.id;
}

} // namespace

std::string renderJson(const Session &session)
{
    const Report report = makeReport(session);
    const auto finding = [](const ReportedFinding &reported) { return toJson(reported); };
    const auto recommendation = [](const Recommendation &value) { return toJson(value); };
    const auto coverage = [](const Coverage &part) { return toJson(part); };
    const Json json = {{"schema", "ferriscope.review/1"},
                       {"complete", session.complete()},
                       {"scope",
                        {{"repository", session.scope.repository},
                         {"base", endpoint(session.diff.base, session.scope.base)},
                         {"head", endpoint(session.diff.head, session.scope.head)},
                         {"files", report.files},
                         {"hunks", report.hunks}}},
                       {"findings", toArray(report.findings, finding)},
                       {"recommendations", toArray(report.recommendations, recommendation)},
                       {"coverage", toArray(report.coverage, coverage)}};
    const std::string text = json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
    return withoutWorkflowCommands(text, ":", "\\u005b");
}

} // namespace review
