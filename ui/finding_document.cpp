// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/finding_document.h"

#include "models/findings_model.h"
#include "ui/rich_text.h"

namespace ui {

namespace {

QString tr(const char *text)
{
    return QTextDocument::tr(text);
}

QString originText(review::Origin origin)
{
    switch (origin) {
    case review::Origin::Introduced:
        return tr("introduced by this change");
    case review::Origin::Touched:
        return tr("touched by this change");
    case review::Origin::Existing:
        break;
    }
    return tr("was there before");
}

QString verdict(const review::Finding &finding, const review::Decision *decision)
{
    QString severity = QLatin1String(review::toText(finding.severity));
    severity[0] = severity[0].toUpper();
    QStringList parts = {severity, tr("%1 % sure").arg(qRound(finding.confidence * 100)),
                         QString::fromStdString(finding.rule), originText(finding.origin)};
    if (finding.tier == review::Tier::Question)
        parts.prepend(tr("Question"));
    if (decision && decision->state == review::Decision::State::Applied)
        parts.append(tr("applied"));
    if (decision && decision->state == review::Decision::State::Silenced)
        parts.append(tr("silenced in the code: %1").arg(QString::fromStdString(decision->reason)));
    if (decision && decision->state == review::Decision::State::SwitchedOff)
        parts.append(tr("its rule is switched off"));
    if (decision && decision->state == review::Decision::State::Dismissed)
        parts.append(decision->reason.empty()
                         ? tr("dismissed")
                         : tr("dismissed: %1").arg(QString::fromStdString(decision->reason)));
    return parts.join(QStringLiteral("  ·  "));
}

class Writer {
public:
    Writer(RichText &text, const review::Finding &finding, const models::Workspace &workspace,
           const Theme &theme)
        : m_text(text)
        , m_finding(finding)
        , m_workspace(workspace)
        , m_theme(theme)
    {}

    void scenario()
    {
        if (m_finding.scenario.steps.empty() && m_finding.scenario.outcome.empty())
            return;
        m_text.heading(tr("How it fails"));
        int number = 0; // its links are the first: step N leads to place N - 1
        for (const review::Step &step : m_finding.scenario.steps)
            m_text.step(++number, QString::fromStdString(step.actor), step.action,
                        step.place.path.empty() ? QString() : placeText(step.place), target(step.place));
        if (!m_finding.scenario.outcome.empty())
            m_text.markdown(m_finding.scenario.outcome);
    }

    void suggestion()
    {
        if (!m_finding.suggestion)
            return;
        m_text.heading(tr("Suggested change"));
        if (!m_finding.suggestion->original.empty())
            m_text.code(m_finding.suggestion->original, m_theme.removedLine);
        if (!m_finding.suggestion->replacement.empty())
            m_text.code(m_finding.suggestion->replacement, m_theme.addedLine);
    }

    void evidence()
    {
        if (m_finding.evidence.empty() && m_finding.facts.empty())
            return;
        m_text.heading(tr("What this rests on"));
        for (const review::Evidence &evidence : m_finding.evidence)
            m_text.evidence(placeText(evidence.place), evidence.text, target(evidence.place));
        for (const std::string &fact : m_finding.facts)
            m_text.markdown("- " + fact);
    }

    void rest()
    {
        if (!m_finding.example.empty()) {
            m_text.heading(tr("Working code for this kind of defect"));
            m_text.code(m_finding.example);
        }
        if (m_finding.reproduction) {
            m_text.heading(tr("Minimal reproduction"));
            m_text.code(m_finding.reproduction->code);
            if (!m_finding.reproduction->url.empty())
                m_text.link(tr("Playground:").toStdString(), m_finding.reproduction->url);
        }
        if (!m_finding.dismissal.empty()) {
            m_text.heading(tr("Not a defect when"));
            m_text.markdown(m_finding.dismissal);
        }
        if (!m_finding.references.empty())
            m_text.heading(tr("References"));
        for (const review::Reference &reference : m_finding.references)
            m_text.link(reference.title, reference.url);
    }

    std::vector<review::Place> places;

private:
    QString placeText(const review::Place &place) const { return models::toText(place, m_workspace); }
    int target(const review::Place &place)
    {
        places.push_back(place);
        return int(places.size()) - 1;
    }

    RichText &m_text;
    const review::Finding &m_finding;
    const models::Workspace &m_workspace;
    const Theme &m_theme;
};

} // namespace

std::vector<review::Place> fillFindingDocument(QTextDocument &document, const review::Finding &finding,
                                               const models::Workspace &workspace, const Theme &theme,
                                               const QFont &font)
{
    document.clear();
    RichText text(QTextCursor(&document), theme, font);
    text.title(finding.title);
    text.muted(verdict(finding, workspace.decision(QString::fromStdString(finding.id))));
    QString where = models::toText(finding.place, workspace);
    if (!finding.item.empty())
        where += QStringLiteral("  ·  ") + models::toDisplay(finding.item);
    Writer writer(text, finding, workspace, theme);
    text.muted(where);
    text.markdown(finding.why);
    writer.scenario();
    writer.suggestion();
    writer.evidence();
    writer.rest();
    return writer.places;
}

} // namespace ui
