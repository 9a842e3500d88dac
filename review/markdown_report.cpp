// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/report.h"

#include "review/markdown.h"
#include "review/report_text.h"
#include "review/request_context.h"

#include <algorithm>

namespace review {
namespace {

/// Writes a report from top to bottom. Blocks are parted by one empty line.
class MarkdownWriter {
public:
    explicit MarkdownWriter(const Report &report) : m_report(report) {}

    std::string write()
    {
        writeHead();
        for (const Section section : findingSections)
            writeSection(section);
        writeRecommendations();
        return std::move(m_text);
    }

private:
    void block(const std::string &text)
    {
        m_text += m_text.empty() ? "" : "\n";
        m_text += text;
        if (!text.ends_with('\n'))
            m_text += '\n';
    }

    void list(const std::string &title, const std::vector<std::string> &items)
    {
        if (items.empty())
            return;
        std::string text;
        for (const std::string &item : items)
            text += "- " + item + '\n';
        block("**" + title + "**");
        block(text);
    }

    static std::vector<std::string> escaped(std::vector<std::string> plain)
    {
        for (std::string &item : plain)
            item = escapeMarkdown(item);
        return plain;
    }

    void writeHead()
    {
        const Session &session = *m_report.session;
        const Scope &scope = session.scope;
        block("# Review of " +
              (scope.repository.empty() ? std::string("a change") : inlineCode(scope.repository)));
        std::string table = "| | |\n|---|---|\n";
        const auto row = [&](const char *name, const std::string &value) {
            table += std::string("| ") + name + " | " + value + " |\n";
        };
        if (!scope.range.empty())
            row("Range", escapeMarkdown(scope.range));
        row("Base", escapeMarkdown(scope.base));
        row("Head", escapeMarkdown(scope.head));
        row("Reviewed", scopeText(m_report));
        if (session.createdAt != 0)
            row("Made", timeText(session.createdAt));
        row("State", m_report.incomplete.empty() ? "complete" : "**not complete**");
        block(table);
        writeCounts();
        list("Why this review is not complete", escaped(m_report.incomplete));
        list("Left out", escaped(m_report.leftOut));
        std::vector<std::string> remarks;
        for (const std::string &remark : m_report.remarks)
            remarks.push_back(safeInline(remark));
        list("Remarks", remarks);
        std::vector<std::string> notes;
        for (std::size_t i = 0; i < m_report.otherNotes.size(); ++i)
            notes.push_back(inlineCode(toText(m_report.otherNotePlaces[i])) + ": " +
                            escapeMarkdown(m_report.otherNotes[i]->text));
        list("Reviewer's notes", notes);
    }

    void writeCounts()
    {
        std::string table = "| Section | Findings | Questions |\n|---|---:|---:|\n";
        for (const Section section : findingSections)
            table += std::string("| ") + toHeading(section) + " | " +
                     std::to_string(count(section, Tier::Finding)) + " | " +
                     std::to_string(count(section, Tier::Question)) + " |\n";
        block(table);
    }

    std::size_t count(Section section, Tier tier) const { return countFindings(m_report, section, tier); }

    void writeSection(Section section)
    {
        block("## " + std::to_string(static_cast<int>(section) + 1) + ". " + toHeading(section));
        const std::size_t questions = count(section, Tier::Question);
        if (count(section, Tier::Finding) == 0)
            block(std::string(emptySectionText(section)) +
                  (m_report.incomplete.empty() ? "" : " The review is not complete."));
        bool isBelowQuestions = false;
        for (const ReportedFinding &reported : m_report.findings) {
            if (reported.finding.section != section)
                continue;
            if (reported.finding.tier == Tier::Question && !isBelowQuestions) {
                block("### Questions (" + std::to_string(questions) + ")");
                isBelowQuestions = true;
            }
            writeFinding(reported, isBelowQuestions ? "#### " : "### ");
        }
    }

    void writeFinding(const ReportedFinding &reported, const std::string &heading)
    {
        const Finding &finding = reported.finding;
        block(heading + reported.number + ' ' + safeInline(finding.title));
        std::string place = inlineCode(toText(finding.place));
        if (!finding.item.empty())
            place += " in " + inlineCode(finding.item);
        std::string experts;
        for (const std::string &expert : finding.experts)
            experts += (experts.empty() ? "" : ", ") + escapeMarkdown(expert);
        block(place + "\\\n**" + toText(finding.severity) + "** · " + confidenceText(finding.confidence) +
              " · " + inlineCode(finding.rule) + " · " + toSentence(finding.origin) +
              (experts.empty() ? "" : " · by " + experts) +
              "\\\nStatus: " + escapeMarkdown(statusText(reported)));
        if (!finding.why.empty())
            block(safeBlocks(finding.why));
        writeScenario(finding.scenario);
        std::vector<std::string> facts;
        for (const std::string &fact : finding.facts)
            facts.push_back(safeInline(fact));
        list("What this rests on", facts);
        writeCode(finding);
        writeReproduction(finding);
        writeEnd(reported);
    }

    void writeScenario(const Scenario &scenario)
    {
        if (scenario.steps.empty() && scenario.outcome.empty())
            return;
        block("**How it fails**" + (scenario.kind.empty() ? "" : " (" + escapeMarkdown(scenario.kind) + ")"));
        std::string steps;
        for (std::size_t i = 0; i < scenario.steps.size(); ++i) {
            const Step &step = scenario.steps[i];
            steps += std::to_string(i + 1) + ". " +
                     (step.actor.empty() ? "" : "**" + escapeMarkdown(step.actor) + "** ") +
                     safeInline(step.action) + " (" + inlineCode(toText(step.place)) + ")\n";
        }
        if (!steps.empty())
            block(steps);
        if (!scenario.outcome.empty())
            block(safeBlocks(scenario.outcome));
    }

    void code(const std::string &label, const std::string &detail, std::string_view text)
    {
        block("**" + label + "** (" + detail + ")");
        block(fencedCode(text, "rust"));
    }

    void writeCode(const Finding &finding)
    {
        const std::optional<Suggestion> &suggestion = finding.suggestion;
        Place replaced;
        if (suggestion) {
            replaced = {suggestion->path, git::Side::New, suggestion->lines};
            code("Before", inlineCode(toText(replaced)), suggestion->original);
        } else {
            writeEvidence(finding, "Before", {});
        }
        if (suggestion && suggestion->replacement.empty())
            block("**After** (these lines are removed)");
        else if (suggestion)
            code("After",
                 suggestion->applicability == Applicability::Machine ? "may be applied as it is"
                                                                     : "proposed: read it before applying",
                 suggestion->replacement);
        else if (!finding.example.empty())
            code("After", "an example for this kind of defect, not this code", finding.example);
        if (suggestion)
            writeEvidence(finding, "Evidence", replaced);
    }

    /// The quoted lines that are not among those shown already.
    void writeEvidence(const Finding &finding, const std::string &label, const Place &shown)
    {
        for (const Evidence &evidence : finding.evidence) {
            if (!isWithin(evidence.place, shown))
                code(label, inlineCode(toText(evidence.place)), evidence.text);
        }
    }

    void writeReproduction(const Finding &finding)
    {
        if (!finding.reproduction)
            return;
        const Reproduction &reproduction = *finding.reproduction;
        code(
            "Minimal reproduction",
            "edition " + escapeMarkdown(reproduction.edition) +
                (reproduction.url.empty() ? "" : ", " + linkTo("run it in the playground", reproduction.url)),
            reproduction.code);
    }

    void writeEnd(const ReportedFinding &reported)
    {
        const Finding &finding = reported.finding;
        std::vector<std::string> references;
        for (const Reference &reference : finding.references)
            references.push_back(linkTo(reference.title, reference.url));
        list("References", references);
        if (!finding.dismissal.empty())
            block("**A false alarm if** " + safeInline(finding.dismissal));
        for (const ReviewerNote *note : reported.notes)
            block("**Reviewer's note** " + escapeMarkdown(note->text));
    }

    void writeRecommendations()
    {
        block("## 5. Recommendations");
        if (m_report.recommendations.empty())
            block("Nothing is left to be done.");
        std::string text;
        for (const Recommendation &recommendation : m_report.recommendations) {
            std::string numbers;
            for (const std::string &number : citedNumbers(m_report, recommendation))
                numbers += (numbers.empty() ? "" : ", ") + number;
            text += std::to_string(recommendation.rank) + ". **" + safeInline(recommendation.action) +
                    "**\\\n   " + safeInline(recommendation.rationale) + " Effort " +
                    escapeMarkdown(recommendation.effort) + "; see " + numbers + ".\n";
        }
        if (!text.empty())
            block(text);
    }

    const Report &m_report;
    std::string m_text;
};

} // namespace

std::string renderMarkdown(const Session &session)
{
    const Report report = makeReport(session);
    return withoutWorkflowCommands(MarkdownWriter(report).write(), "\\:", "\\[");
}

} // namespace review
