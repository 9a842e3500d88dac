// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/report.h"

#include "review/html.h"
#include "review/markdown.h"
#include "review/report_text.h"

#include <algorithm>

namespace review {
namespace {

std::string code(const Place &place)
{
    return "<code>" + escapeHtml(toText(place)) + "</code>";
}

/// Writes the page's body from top to bottom, in the order of the Markdown report.
class HtmlWriter {
public:
    explicit HtmlWriter(const Report &report) : m_report(report) {}

    std::string write()
    {
        writeHead();
        for (const Section section : findingSections)
            writeSection(section);
        writeRecommendations();
        return std::move(m_html);
    }

private:
    void list(const char *title, const std::vector<std::string> &items, const char *element = "ul")
    {
        if (items.empty())
            return;
        m_html += "<p class=\"label\">" + std::string(title) + "</p>\n<" + element + ">\n";
        for (const std::string &item : items)
            m_html += "<li>" + item + "</li>\n";
        m_html += "</" + std::string(element) + ">\n";
    }

    static std::vector<std::string> escaped(std::vector<std::string> plain)
    {
        for (std::string &item : plain)
            item = escapeHtml(item);
        return plain;
    }

    void writeHead()
    {
        const Session &session = *m_report.session;
        const Scope &scope = session.scope;
        m_html += "<h1>Review of " + escapeHtml(scope.repository.empty() ? "a change" : scope.repository) +
                  "</h1>\n<table>\n";
        const auto row = [&](const char *name, const std::string &value) {
            if (!value.empty())
                m_html += std::string("<tr><th>") + name + "</th><td>" + escapeHtml(value) + "</td></tr>\n";
        };
        row("Range", scope.range);
        row("Base", scope.base);
        row("Head", scope.head);
        row("Reviewed", scopeText(m_report));
        if (session.createdAt != 0)
            row("Made", timeText(session.createdAt));
        row("State", m_report.incomplete.empty() ? "complete" : "not complete");
        m_html += "</table>\n";
        if (!m_report.incomplete.empty()) {
            m_html += "<div class=\"warning\">\n";
            list("Why this review is not complete", escaped(m_report.incomplete));
            m_html += "</div>\n";
        }
        writeCounts();
        list("Left out", escaped(m_report.leftOut));
        std::vector<std::string> remarks;
        for (const std::string &remark : m_report.remarks)
            remarks.push_back(htmlInline(remark));
        list("Remarks", remarks);
        std::vector<std::string> notes;
        for (std::size_t i = 0; i < m_report.otherNotes.size(); ++i)
            notes.push_back(code(m_report.otherNotePlaces[i]) + ": " +
                            escapeHtml(m_report.otherNotes[i]->text));
        list("Reviewer's notes", notes);
    }

    std::size_t count(Section section, Tier tier) const { return countFindings(m_report, section, tier); }

    void writeCounts()
    {
        m_html += "<table>\n<tr><th>Section</th><th>Findings</th><th>Questions</th></tr>\n";
        for (const Section section : findingSections)
            m_html += std::string("<tr><td>") + toHeading(section) + "</td><td class=\"number\">" +
                      std::to_string(count(section, Tier::Finding)) + "</td><td class=\"number\">" +
                      std::to_string(count(section, Tier::Question)) + "</td></tr>\n";
        m_html += "</table>\n";
    }

    void writeSection(Section section)
    {
        m_html += "<section>\n<h2>" + std::to_string(static_cast<int>(section) + 1) + ". " +
                  toHeading(section) + "</h2>\n";
        if (count(section, Tier::Finding) == 0)
            m_html += std::string("<p>") + emptySectionText(section) +
                      (m_report.incomplete.empty() ? "" : " The review is not complete.") + "</p>\n";
        writeFindings(section, Tier::Finding);
        if (const std::size_t questions = count(section, Tier::Question); questions > 0) {
            m_html += "<details>\n<summary>Questions (" + std::to_string(questions) + ")</summary>\n";
            writeFindings(section, Tier::Question);
            m_html += "</details>\n";
        }
        m_html += "</section>\n";
    }

    void writeFindings(Section section, Tier tier)
    {
        for (const ReportedFinding &reported : m_report.findings) {
            if (reported.finding.section == section && reported.finding.tier == tier)
                writeFinding(reported);
        }
    }

    void writeFinding(const ReportedFinding &reported)
    {
        const Finding &finding = reported.finding;
        m_html += std::string("<article class=\"") + toText(finding.severity) +
                  (reported.isOpen() ? "" : " closed") + "\" id=\"f" + reported.number + "\">\n<h3>" +
                  reported.number + ' ' + htmlInline(finding.title) + "</h3>\n";
        std::string experts;
        for (const std::string &expert : finding.experts)
            experts += (experts.empty() ? " · by " : ", ") + escapeHtml(expert);
        m_html += "<p class=\"about\">" + code(finding.place) +
                  (finding.item.empty() ? "" : " in <code>" + escapeHtml(finding.item) + "</code>") +
                  "<br><span class=\"severity\">" + toText(finding.severity) + "</span> · " +
                  confidenceText(finding.confidence) + " · <code>" + escapeHtml(finding.rule) + "</code> · " +
                  toSentence(finding.origin) + experts + "<br>Status: " + escapeHtml(statusText(reported)) +
                  "</p>\n";
        m_html += htmlBlocks(finding.why);
        writeScenario(finding.scenario);
        std::vector<std::string> facts;
        for (const std::string &fact : finding.facts)
            facts.push_back(htmlInline(fact));
        list("What this rests on", facts);
        writeCode(finding);
        writeEnd(reported);
        m_html += "</article>\n";
    }

    void writeScenario(const Scenario &scenario)
    {
        std::vector<std::string> steps;
        for (const Step &step : scenario.steps)
            steps.push_back((step.actor.empty() ? "" : "<strong>" + escapeHtml(step.actor) + "</strong> ") +
                            htmlInline(step.action) + " (" + code(step.place) + ")");
        const std::string title =
            "How it fails" + (scenario.kind.empty() ? "" : " (" + escapeHtml(scenario.kind) + ")");
        list(title.c_str(), steps, "ol");
        m_html += htmlBlocks(scenario.outcome);
    }

    void pre(const std::string &label, const std::string &detail, std::string_view text)
    {
        m_html += "<p class=\"label\">" + label + " (" + detail + ")</p>\n<pre><code>" + escapeHtml(text) +
                  "</code></pre>\n";
    }

    void writeCode(const Finding &finding)
    {
        const std::optional<Suggestion> &suggestion = finding.suggestion;
        Place replaced;
        if (suggestion) {
            replaced = {suggestion->path, git::Side::New, suggestion->lines};
            pre("Before", code(replaced), suggestion->original);
        } else {
            writeEvidence(finding, "Before", {});
        }
        if (suggestion && suggestion->replacement.empty())
            m_html += "<p class=\"label\">After (these lines are removed)</p>\n";
        else if (suggestion)
            pre("After",
                suggestion->applicability == Applicability::Machine ? "may be applied as it is"
                                                                    : "proposed: read it before applying",
                suggestion->replacement);
        else if (!finding.example.empty())
            pre("After", "an example for this kind of defect, not this code", finding.example);
        if (suggestion)
            writeEvidence(finding, "Evidence", replaced);
        if (const auto &reproduction = finding.reproduction)
            pre("Minimal reproduction",
                "edition " + escapeHtml(reproduction->edition) +
                    (reproduction->url.empty()
                         ? ""
                         : ", " + htmlLink("run it in the playground", reproduction->url)),
                reproduction->code);
    }

    /// The quoted lines that are not among those shown already.
    void writeEvidence(const Finding &finding, const std::string &label, const Place &shown)
    {
        for (const Evidence &evidence : finding.evidence) {
            if (!isWithin(evidence.place, shown))
                pre(label, code(evidence.place), evidence.text);
        }
    }

    void writeEnd(const ReportedFinding &reported)
    {
        std::vector<std::string> references;
        for (const Reference &reference : reported.finding.references)
            references.push_back(htmlLink(reference.title, reference.url));
        list("References", references);
        if (!reported.finding.dismissal.empty())
            m_html +=
                "<p><strong>A false alarm if</strong> " + htmlInline(reported.finding.dismissal) + "</p>\n";
        for (const ReviewerNote *note : reported.notes)
            m_html += "<p><strong>Reviewer's note</strong> " + escapeHtml(note->text) + "</p>\n";
    }

    void writeRecommendations()
    {
        m_html += "<section>\n<h2>5. Recommendations</h2>\n";
        if (m_report.recommendations.empty())
            m_html += "<p>Nothing is left to be done.</p>\n";
        else
            m_html += "<ol>\n";
        for (const Recommendation &recommendation : m_report.recommendations) {
            m_html += "<li><strong>" + htmlInline(recommendation.action) + "</strong><br>" +
                      htmlInline(recommendation.rationale) + " Effort " + escapeHtml(recommendation.effort) +
                      "; see ";
            std::string numbers;
            for (const std::string &number : citedNumbers(m_report, recommendation))
                numbers +=
                    (numbers.empty() ? "" : ", ") + ("<a href=\"#f" + number + "\">" + number + "</a>");
            m_html += numbers + ".</li>\n";
        }
        m_html += m_report.recommendations.empty() ? "</section>\n" : "</ol>\n</section>\n";
    }

    const Report &m_report;
    std::string m_html;
};

} // namespace

std::string renderHtml(const Session &session)
{
    const Report report = makeReport(session);
    const std::string title = "Review of " + session.scope.repository;
    return withoutWorkflowCommands(htmlPage(title, HtmlWriter(report).write()), "&#58;", "&#91;");
}

} // namespace review
