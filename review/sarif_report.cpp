// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/report.h"

#include "review/markdown.h"
#include "review/report_text.h"
#include "review/rules/card.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <map>

namespace review {
namespace {

using Json = nlohmann::ordered_json;

/// Code scanning services take no more from one run.
constexpr std::size_t maxResults = 25'000;

const char *toLevel(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
    case Severity::High:
        return "error";
    case Severity::Medium:
        return "warning";
    case Severity::Low:
        break;
    }
    return "note";
}

int weightOf(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
        return 100;
    case Severity::High:
        return 75;
    case Severity::Medium:
        return 50;
    case Severity::Low:
        break;
    }
    return 25;
}

/// The words that code scanning services sort rules by.
const char *toProblemSeverity(Severity severity)
{
    return severity == Severity::Low ? "recommendation" : toLevel(severity);
}

const char *toPrecision(double confidence)
{
    return confidence >= 0.9    ? "very-high"
           : confidence >= 0.75 ? "high"
           : confidence >= 0.5  ? "medium"
                                : "low";
}

/// "let-underscore-lock" as "LetUnderscoreLock".
std::string toPascalCase(std::string_view id)
{
    std::string name;
    bool upper = true;
    for (const char c : id) {
        if (c == '-' || c == '_') {
            upper = true;
            continue;
        }
        name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        upper = false;
    }
    return name;
}

/// A path as a relative address: everything but unreserved characters and slashes is percent-encoded.
std::string toUri(std::string_view path)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string uri;
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isPlain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                             std::string_view("-._~/").find(c) != std::string_view::npos;
        if (isPlain) {
            uri += c;
        } else {
            uri += '%';
            uri += digits[byte >> 4];
            uri += digits[byte & 15];
        }
    }
    return uri;
}

Json toArtifact(const std::string &path)
{
    return {{"uri", toUri(path)}, {"uriBaseId", "%SRCROOT%"}};
}

/// The artifact is the file as it is after the change: a place before the change has no lines there. It says
/// them in its message and properties, where no viewer takes them for the new file's.
Json toLocation(const Place &place, std::string message = {})
{
    const Json lines = {{"startLine", firstLine(place.lines)}, {"endLine", lastLine(place.lines)}};
    Json location = {{"physicalLocation", {{"artifactLocation", toArtifact(place.path)}}}};
    if (place.side == git::Side::New) {
        location["physicalLocation"]["region"] = lines;
    } else {
        message += (message.empty() ? "" : ": ") + toText(place);
        location["properties"] = {{"side", "old"}};
        location["properties"].update(lines);
    }
    if (!message.empty())
        location["message"] = {{"text", message}};
    return location;
}

Json toRule(const std::string &id, Severity severity)
{
    Json rule = {{"id", id}, {"name", toPascalCase(id)}};
    Json tags = Json::array({"rust"});
    const rules::Card *card = rules::findCard(id);
    if (card) {
        rule["shortDescription"] = {{"text", card->title}};
        rule["fullDescription"] = {{"text", card->summary}};
        rule["help"] = {{"text", card->why}, {"markdown", card->why}};
        if (!card->references.empty())
            rule["helpUri"] = card->references.front().url;
        tags.push_back(toText(card->section));
        severity = card->severity;
    }
    rule["defaultConfiguration"] = {{"level", toLevel(severity)}};
    rule["properties"] = {{"tags", std::move(tags)}, {"problem.severity", toProblemSeverity(severity)}};
    if (card)
        rule["properties"]["precision"] = toPrecision(card->confidence);
    return rule;
}

/// One thread flow for each actor of the scenario; the order between them is the number of the step.
Json toCodeFlows(const Scenario &scenario)
{
    std::vector<std::string> actors;
    std::map<std::string, Json> flows;
    int order = 0;
    for (const Step &step : scenario.steps) {
        const auto [flow, isNew] = flows.try_emplace(step.actor, Json::array());
        if (isNew)
            actors.push_back(step.actor);
        flow->second.push_back(
            {{"location", toLocation(step.place, step.action)}, {"executionOrder", ++order}});
    }
    Json threads = Json::array();
    for (const std::string &actor : actors) {
        Json thread = Json::object();
        if (!actor.empty())
            thread["message"] = {{"text", actor}};
        thread["locations"] = flows[actor];
        threads.push_back(std::move(thread));
    }
    return Json::array({{{"threadFlows", std::move(threads)}}});
}

/// Whole lines: from the first one's start to the start of the line after the last, if there is one.
Json toFix(const Suggestion &suggestion)
{
    const char *what = suggestion.applicability == Applicability::Machine
                           ? "May be applied as it is"
                           : "Proposed: read it before applying";
    Json region = {{"startLine", suggestion.lines.begin + 1}};
    if (suggestion.original.ends_with('\n'))
        region.update({{"startColumn", 1}, {"endLine", suggestion.lines.end + 1}, {"endColumn", 1}});
    else
        region["endLine"] = lastLine(suggestion.lines);
    const Json replacement = {{"deletedRegion", region},
                              {"insertedContent", {{"text", suggestion.replacement}}}};
    return {{"description", {{"text", what}}},
            {"artifactChanges", Json::array({{{"artifactLocation", toArtifact(suggestion.path)},
                                              {"replacements", Json::array({replacement})}}})}};
}

Json toResult(const ReportedFinding &reported, std::size_t ruleIndex)
{
    const Finding &finding = reported.finding;
    const double confidence = tidyConfidence(finding.confidence);
    std::string message = finding.title;
    if (!finding.scenario.outcome.empty())
        message += "\n\n" + finding.scenario.outcome;
    Json result = {{"ruleId", finding.rule},
                   {"ruleIndex", ruleIndex},
                   {"level", toLevel(finding.severity)},
                   {"rank", std::round(weightOf(finding.severity) * confidence * 10) / 10},
                   {"message", {{"text", message}, {"markdown", safeBlocks(message)}}},
                   {"locations", Json::array({toLocation(finding.place)})}};
    Json related = Json::array();
    for (const Evidence &evidence : finding.evidence) {
        if (evidence.place != finding.place)
            related.push_back(toLocation(evidence.place));
    }
    if (!related.empty())
        result["relatedLocations"] = std::move(related);
    if (!finding.scenario.steps.empty())
        result["codeFlows"] = toCodeFlows(finding.scenario);
    if (finding.suggestion)
        result["fixes"] = Json::array({toFix(*finding.suggestion)});
    result["partialFingerprints"] = {{"contextHash/v1", finding.id}};
    result["baselineState"] = finding.origin == Origin::Introduced ? "new" : "unchanged";
    const bool isSilenced = !reported.isOpen() && reported.decision->state == Decision::State::Silenced;
    if (!reported.isOpen())
        result["suppressions"] = Json::array({{{"kind", isSilenced ? "inSource" : "external"},
                                               {"status", "accepted"},
                                               {"justification", statusText(reported)}}});
    result["properties"] = {{"section", toText(finding.section)},
                            {"tier", toText(finding.tier)},
                            {"confidence", confidence},
                            {"facts", finding.facts}};
    return result;
}

} // namespace

std::string renderSarif(const Session &session)
{
    const Report report = makeReport(session);
    std::map<std::string, std::size_t> indexes;
    Json rules = Json::array();
    Json results = Json::array();
    Json notifications = Json::array();
    for (const ReportedFinding &reported : report.findings) {
        const auto [index, isNew] = indexes.try_emplace(reported.finding.rule, indexes.size());
        if (isNew)
            rules.push_back(toRule(reported.finding.rule, reported.finding.severity));
        if (results.size() < maxResults)
            results.push_back(toResult(reported, index->second));
    }
    const auto notify = [&](const std::string &text, const char *level) {
        notifications.push_back({{"level", level}, {"message", {{"text", text}}}});
    };
    for (const std::string &reason : report.incomplete)
        notify(reason, "error");
    for (const std::string &sentence : report.leftOut)
        notify(sentence, "note");
    if (report.findings.size() > maxResults)
        notify(std::to_string(report.findings.size() - maxResults) + " more findings were left out.",
               "warning");
    const Json driver = {{"name", "Ferriscope"}, {"rules", std::move(rules)}};
    const Json invocation = {{"executionSuccessful", session.complete()},
                             {"toolExecutionNotifications", std::move(notifications)}};
    const Json run = {{"tool", {{"driver", driver}}},
                      {"columnKind", "utf16CodeUnits"},
                      {"invocations", Json::array({invocation})},
                      {"results", std::move(results)}};
    const Json json = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                       {"version", "2.1.0"},
                       {"runs", Json::array({run})}};
    const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
    return withoutWorkflowCommands(text, ":", "\\u005b");
}

} // namespace review
