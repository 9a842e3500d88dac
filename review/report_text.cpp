// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/report_text.h"

#include "git/display.h"
#include "review/request_context.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <map>
#include <tuple>

namespace review {
namespace {

/// Finds a reviewed file by a side's path, to tell the real lines of a patch.
class RealLines {
public:
    explicit RealLines(const Session &session)
    {
        for (const ReviewFile &file : session.files) {
            if (file.excerpts.empty())
                continue;
            m_old.emplace(file.delta.oldSide.path, &file);
            m_new.emplace(file.delta.newSide.path, &file);
        }
    }

    void apply(git::LineRange &lines, const std::string &path, git::Side side) const
    {
        const auto &files = side == git::Side::Old ? m_old : m_new;
        const auto found = files.find(path);
        if (found == files.end())
            return;
        const git::LineRange shown = lines;
        lines.begin = realLine(*found->second, side, shown.begin);
        lines.end = shown.end > shown.begin ? realLine(*found->second, side, shown.end - 1) + 1 : lines.begin;
    }

    void apply(Place &place) const { apply(place.lines, place.path, place.side); }

    void apply(Finding &finding) const
    {
        apply(finding.place);
        for (Step &step : finding.scenario.steps)
            apply(step.place);
        for (Evidence &evidence : finding.evidence)
            apply(evidence.place);
        if (finding.suggestion)
            apply(finding.suggestion->lines, finding.suggestion->path, git::Side::New);
    }

private:
    std::unordered_map<std::string, const ReviewFile *> m_old;
    std::unordered_map<std::string, const ReviewFile *> m_new;
};

std::vector<Coverage> toRealLines(const Session &session, const RealLines &lines)
{
    std::map<HunkId, bool> isDeletion;
    for (const ReviewFile &file : session.files) {
        for (const git::Hunk &hunk : file.hunks)
            isDeletion[{file.delta.path(), hunk.id}] = hunk.newLines.empty();
    }
    std::vector<Coverage> coverage = session.coverage;
    for (Coverage &part : coverage) {
        const auto hunk = isDeletion.find({part.path, part.hunk});
        const bool isOld = hunk != isDeletion.end() && hunk->second;
        lines.apply(part.lines, part.path, isOld ? git::Side::Old : git::Side::New);
    }
    return coverage;
}

std::string withStop(std::string sentence)
{
    if (!sentence.ends_with('.'))
        sentence += '.';
    return sentence;
}

std::vector<std::string> whyIncomplete(const Session &session)
{
    std::vector<std::string> reasons;
    if (session.ended.empty())
        reasons.push_back("No expert has come to the end of its review.");
    for (const Ended &run : session.ended) {
        if (run.state == Ended::State::Complete)
            continue;
        std::string reason = "The review by " + git::displayName(run.expert) +
                             (run.state == Ended::State::Stopped ? " was stopped" : " failed");
        if (!run.reason.empty())
            reason += ": " + run.reason;
        reasons.push_back(withStop(std::move(reason)));
    }
    const auto failed =
        std::count_if(session.coverage.begin(), session.coverage.end(),
                      [](const Coverage &part) { return part.state == Coverage::State::Failed; });
    if (failed > 0)
        reasons.push_back(counted(static_cast<std::size_t>(failed), "part") +
                          " of the change could not be reviewed.");
    return reasons;
}

/// Skipped and failed parts, those of one file and one reason together: "a.rs, lines 3–9 and 20: …".
std::vector<std::string> coverageSentences(const std::vector<Coverage> &coverage)
{
    struct Group {
        std::string lines;
        std::size_t parts = 0;
    };
    std::vector<std::tuple<std::string, std::string>> order;
    std::map<std::tuple<std::string, std::string>, Group> groups;
    for (const Coverage &part : coverage) {
        if (part.state == Coverage::State::Reviewed && part.reason.empty())
            continue;
        const std::string what =
            std::string(toText(part.state)) + (part.reason.empty() ? "" : ": " + part.reason);
        const auto [group, isNew] = groups.try_emplace({part.path, what});
        if (isNew)
            order.push_back(group->first);
        ++group->second.parts;
        if (!part.hunk.empty()) {
            std::string &lines = group->second.lines;
            lines += (lines.empty() ? "" : ", ") + std::to_string(firstLine(part.lines));
            if (lastLine(part.lines) != firstLine(part.lines))
                lines += "-" + std::to_string(lastLine(part.lines));
        }
    }
    std::vector<std::string> sentences;
    for (const auto &key : order) {
        const Group &group = groups.at(key);
        const std::string where = group.lines.empty() ? "" : ":" + group.lines;
        sentences.push_back(withStop(git::displayName(std::get<0>(key)) + where + ": " + std::get<1>(key)));
    }
    return sentences;
}

std::size_t countDecided(const Session &session, Decision::State state)
{
    return static_cast<std::size_t>(
        std::count_if(session.findings.begin(), session.findings.end(), [&](const Finding &finding) {
            const auto decision = session.decisions.find(finding.id);
            return decision != session.decisions.end() && decision->second.state == state;
        }));
}

/// What of the findings is not open by more than the reviewer's word on each.
std::vector<std::string> decidedRemarks(const Session &session)
{
    std::vector<std::string> remarks;
    if (const std::size_t silenced = countDecided(session, Decision::State::Silenced); silenced > 0)
        remarks.push_back(counted(silenced, "finding") + (silenced == 1 ? " is" : " are") +
                          " silenced by a comment in the code; the authors' reason stands with each.");
    if (const std::size_t off = countDecided(session, Decision::State::SwitchedOff); off > 0)
        remarks.push_back(counted(off, "finding") + (off == 1 ? " is" : " are") +
                          " of rules that the reviewer switched off after this review.");
    return remarks;
}

void countChosen(Report &report)
{
    for (const ReviewFile &file : report.session->files) {
        const auto chosen =
            static_cast<std::size_t>(std::count(file.chosen.begin(), file.chosen.end(), true));
        report.hunks += chosen;
        report.files += chosen > 0;
    }
}

/// A note belongs to the findings whose lines it touches; else it stands for itself.
void spreadNotes(Report &report, const RealLines &lines)
{
    for (const ReviewerNote &note : report.session->reviewerNotes) {
        Place place = note.place;
        lines.apply(place);
        const git::LineRange at{place.lines.begin, std::max(place.lines.end, place.lines.begin + 1)};
        bool taken = false;
        for (ReportedFinding &reported : report.findings) {
            const Place &own = reported.finding.place;
            if (own.path == place.path && own.side == place.side && own.lines.intersects(at)) {
                reported.notes.push_back(&note);
                taken = true;
            }
        }
        if (!taken) {
            report.otherNotes.push_back(&note);
            report.otherNotePlaces.push_back(place);
        }
    }
}

} // namespace

std::vector<Finding> toReportOrder(const Session &session)
{
    const RealLines lines(session);
    std::vector<Finding> findings = session.findings;
    for (Finding &finding : findings)
        lines.apply(finding);
    std::stable_sort(findings.begin(), findings.end(), comesBefore);
    return findings;
}

Report makeReport(const Session &session)
{
    const RealLines lines(session);
    Report report;
    report.session = &session;
    std::vector<Finding> findings = toReportOrder(session);
    std::stable_sort(findings.begin(), findings.end(), [](const Finding &a, const Finding &b) {
        return std::tuple(a.section, a.tier) < std::tuple(b.section, b.tier);
    });
    std::vector<Finding> open;
    std::array<std::size_t, findingSections.size()> numbers{};
    for (Finding &finding : findings) {
        const auto decision = session.decisions.find(finding.id);
        const auto section = static_cast<std::size_t>(finding.section);
        ReportedFinding reported;
        reported.decision = decision == session.decisions.end() ? nullptr : &decision->second;
        reported.number = std::to_string(section + 1) + '.' + std::to_string(++numbers[section]);
        if (reported.isOpen())
            open.push_back(finding);
        reported.finding = std::move(finding);
        report.findings.push_back(std::move(reported));
    }
    report.recommendations = makeRecommendations(open);
    countChosen(report);
    report.coverage = toRealLines(session, lines);
    report.incomplete = whyIncomplete(session);
    report.leftOut = session.leftOut;
    for (std::string &sentence : coverageSentences(report.coverage))
        report.leftOut.push_back(std::move(sentence));
    if (!session.diff.renamesComplete)
        report.leftOut.push_back(
            "Renames were not all looked for: a moved file may show as deleted and added.");
    report.remarks = decidedRemarks(session);
    for (const FindingRejected &rejected : session.rejected)
        report.remarks.push_back(
            withStop("A finding was held back, \u201c" + rejected.title + "\u201d: " + rejected.reason));
    for (const Note &note : session.notes)
        report.remarks.push_back(note.text);
    spreadNotes(report, lines);
    return report;
}

std::vector<std::string> citedNumbers(const Report &report, const Recommendation &recommendation)
{
    const std::vector<std::string> &cited = recommendation.findings;
    std::vector<std::string> numbers;
    for (const ReportedFinding &reported : report.findings) {
        if (reported.isOpen() && std::find(cited.begin(), cited.end(), reported.finding.id) != cited.end())
            numbers.push_back(reported.number);
    }
    return numbers;
}

std::size_t countFindings(const Report &report, Section section, Tier tier)
{
    return static_cast<std::size_t>(
        std::count_if(report.findings.begin(), report.findings.end(), [&](const ReportedFinding &reported) {
            return reported.finding.section == section && reported.finding.tier == tier;
        }));
}

bool isWithin(const Place &inner, const Place &outer)
{
    return inner.path == outer.path && inner.side == outer.side && inner.lines.begin >= outer.lines.begin &&
           inner.lines.end <= outer.lines.end;
}

std::uint32_t firstLine(const git::LineRange &lines)
{
    return lines.begin + 1;
}

std::uint32_t lastLine(const git::LineRange &lines)
{
    return std::max(lines.end, lines.begin + 1);
}

std::string toText(const Place &place)
{
    std::string text = place.path + ':' + std::to_string(firstLine(place.lines));
    if (lastLine(place.lines) != firstLine(place.lines))
        text += '-' + std::to_string(lastLine(place.lines));
    return place.side == git::Side::Old ? text + " (before the change)" : text;
}

double tidyConfidence(double confidence)
{
    if (!(confidence > 0))
        return 0;
    return std::round(std::min(confidence, 1.0) * 1e4) / 1e4;
}

std::string confidenceText(double confidence)
{
    return "confidence " + std::to_string(static_cast<int>(std::round(tidyConfidence(confidence) * 100))) +
           " %";
}

const char *toSentence(Origin origin)
{
    switch (origin) {
    case Origin::Introduced:
        return "introduced by this change";
    case Origin::Touched:
        return "there before, on lines this change edits";
    case Origin::Existing:
        break;
    }
    return "there before this change";
}

std::string statusText(const ReportedFinding &finding)
{
    if (finding.isOpen())
        return "open";
    using State = Decision::State;
    std::string text = "dismissed";
    if (finding.decision->state == State::Applied)
        text = "applied";
    else if (finding.decision->state == State::Silenced)
        text = "silenced in the code";
    else if (finding.decision->state == State::SwitchedOff)
        text = "not to be told: its rule was switched off";
    if (!finding.decision->reason.empty())
        text += ": " + finding.decision->reason;
    return text;
}

const char *emptySectionText(Section section)
{
    switch (section) {
    case Section::Critical:
        return "No correctness problem was found.";
    case Section::Concurrency:
        return "No race, deadlock or synchronization problem was found.";
    case Section::Performance:
        return "No bottleneck was found.";
    case Section::Practices:
        break;
    }
    return "Nothing to improve was found.";
}

std::string scopeText(const Report &report)
{
    std::string text = counted(report.hunks, "hunk") + " in " + counted(report.files, "file");
    if (report.session->extent == Extent::WholeFiles)
        text += ", with every line of these files";
    return text;
}

std::string timeText(std::int64_t seconds)
{
    const std::time_t time = seconds;
    std::tm parts = {};
    char text[64] = "";
    if (!gmtime_r(&time, &parts) || std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts) == 0)
        return "at an unknown time";
    return text;
}

} // namespace review
