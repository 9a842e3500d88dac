// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/card_trial.h"

#include "git/hunks.h"
#include "review/embedded/embedded_review.h"
#include "review/rules/card_reader.h"

#include <algorithm>
#include <set>

namespace review::embedded {

namespace {

using rules::CardCase;

/// Keeps the findings of a review, silenced ones not among them, and what it says about the rule and the
/// file.
class Findings : public EventSink {
public:
    explicit Findings(const std::string &rule) : m_rule(rule) {}
    void receive(const Event &event) override
    {
        if (const auto *closed = std::get_if<FindingClosed>(&event); closed && closed->silenced.empty())
            found.push_back(closed->finding);
        else if (const auto *part = std::get_if<Coverage>(&event); part && !part->reason.empty())
            remarks.push_back(part->reason);
        else if (const auto *note = std::get_if<Note>(&event);
                 note && note->text.find('`' + m_rule + '`') != std::string::npos)
            remarks.push_back(note->text);
    }

    std::vector<Finding> found;
    std::vector<std::string> remarks;

private:
    const std::string &m_rule;
};

ReviewFile fileOf(const CardCase &tried)
{
    ReviewFile file;
    file.delta.status = tried.base.empty() ? git::FileStatus::Added : git::FileStatus::Modified;
    file.delta.newSide = {tried.path, {}, 0100644};
    file.texts.newKind = git::ContentKind::Text;
    file.texts.newText = tried.code;
    if (!tried.base.empty()) {
        file.delta.oldSide = {tried.path, {}, 0100644};
        file.texts.oldKind = git::ContentKind::Text;
        file.texts.oldText = tried.base;
    }
    if (auto changes = git::diffLines(tried.base, tried.code))
        file.hunks = git::groupHunks(tried.path, *changes, tried.base, tried.code);
    file.chosen.assign(file.hunks.size(), true);
    file.edition = tried.edition;
    return file;
}

/// The lines of the card that hold the lines of a case: hidden ones are not among them.
std::vector<std::uint32_t> linesOf(const CardCase &tried, const git::Lines &card)
{
    std::vector<std::uint32_t> lines;
    for (std::size_t i = tried.line + 1u; i < card.count() && card[i] != "```"; ++i) {
        if (card[i] != "#" && !card[i].starts_with("# "))
            lines.push_back(static_cast<std::uint32_t>(i));
    }
    return lines;
}

class Trial {
public:
    Trial(const rules::Card &card, const std::string &text, std::stop_token stop)
        : m_rule(card.id)
        , m_lines(text)
        , m_stop(std::move(stop))
    {
        if (card.isTeams())
            m_request.teamCards.push_back({card.file, text});
        for (const rules::Card &other : rules::catalogue()) {
            if (other.id != card.id)
                m_request.switchedOff.insert(other.id);
        }
    }

    TriedCase run(const CardCase &tried)
    {
        m_request.files = {fileOf(tried)};
        Findings findings(m_rule);
        EmbeddedReview(m_request, {}, findings, m_stop, Pace::Quick).run();
        std::multiset<std::uint32_t> missing(tried.marks.begin(), tried.marks.end());
        const std::vector<std::uint32_t> lines = linesOf(tried, m_lines);
        const auto lineText = [&](std::uint32_t line) {
            return "line " + std::to_string((line < lines.size() ? lines[line] : tried.line) + 1) + ": ";
        };
        TriedCase result{tried.line, !tried.marks.empty(), {}};
        const auto take = [&](const Place &place, const std::string &title) {
            if (const auto mark = missing.find(place.lines.begin); mark != missing.end())
                missing.erase(mark);
            else
                result.failures.push_back(lineText(place.lines.begin) +
                                          "a finding that no mark expects: " + title);
        };
        for (const Finding &finding : findings.found) {
            take(finding.place, finding.title);
            for (const Place &copy : finding.copies)
                take(copy, finding.title);
        }
        for (const std::uint32_t line : missing)
            result.failures.push_back(lineText(line) + "a finding is marked here, and there is none");
        if (!result.failures.empty()) {
            for (const std::string &remark : findings.remarks)
                result.failures.push_back(lineText(0) + remark);
        }
        return result;
    }

private:
    std::string m_rule;
    git::Lines m_lines;
    std::stop_token m_stop;
    Request m_request;
};

} // namespace

std::vector<TriedCase> tryCard(const rules::Card &card, const std::string &text, std::stop_token stop)
{
    Trial trial(card, text, stop);
    std::vector<TriedCase> results;
    for (const CardCase &tried : card.cases) {
        if (tried.kind == CardCase::Kind::Case && !stop.stop_requested())
            results.push_back(trial.run(tried));
    }
    CardCase instead;
    instead.code = card.instead;
    instead.edition = card.insteadProgram.edition;
    instead.base = card.cases.front().base;
    instead.line = card.insteadLine;
    results.push_back(trial.run(instead));
    return results;
}

} // namespace review::embedded
