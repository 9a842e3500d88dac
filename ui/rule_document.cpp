// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rule_document.h"

#include "models/findings_model.h"
#include "review/rules/card_page.h"
#include "ui/rich_text.h"

#include <QCoreApplication>

namespace ui {

namespace {

using review::rules::Card;
using review::rules::CardCase;

QString tr(const char *text)
{
    return QCoreApplication::translate("RuleDocument", text);
}

void addPart(RichText &text, const char *heading, const std::string &markdown)
{
    if (markdown.empty())
        return;
    text.heading(tr(heading));
    text.markdown(markdown);
}

void addCode(RichText &text, const char *heading, const std::string &code)
{
    if (code.empty())
        return;
    text.heading(tr(heading));
    text.code(code);
}

QString caseHeading(const CardCase &shown)
{
    if (shown.kind == CardCase::Kind::Fixed)
        return tr("After the suggestion");
    return shown.marks.empty() ? tr("Case: nothing is found") : tr("Case: found");
}

/// The first case is the example, which stands above.
void addCases(RichText &text, const Card &card)
{
    for (std::size_t i = 1; i < card.cases.size(); ++i) {
        const CardCase &shown = card.cases[i];
        text.heading(caseHeading(shown));
        if (!shown.base.empty()) {
            text.code(shown.base);
            text.muted(tr("becomes"));
        }
        text.code(review::rules::withMarks(card, shown));
    }
}

QStringList addHits(RichText &text, const Card &card, const models::Workspace &workspace)
{
    QStringList ids;
    for (const review::Finding &finding : workspace.session().findings) {
        if (finding.rule != card.id)
            continue;
        if (ids.isEmpty())
            text.heading(tr("In the open review"));
        ids.append(QString::fromStdString(finding.id));
        text.step(int(ids.size()), {}, finding.title, models::toText(finding.place, workspace),
                  int(ids.size()) - 1);
    }
    return ids;
}

} // namespace

QStringList fillRuleDocument(QTextDocument &document, const Card &card, const models::Workspace &workspace,
                             const Theme &theme, const QFont &font)
{
    document.clear();
    RichText text(QTextCursor(&document), theme, font);
    text.title(card.title);
    QString severity = QLatin1String(review::toText(card.severity));
    severity[0] = severity[0].toUpper();
    text.muted(QStringList{QString::fromStdString(card.id),
                           QString::fromUtf8(review::toHeading(card.section)), severity}
                   .join(QStringLiteral("  ·  ")));
    text.muted(tr("Measured: %1").arg(QString::fromStdString(review::rules::precisionText(card))));
    if (card.isTeams())
        text.muted(tr("The team's own rule, from %1").arg(models::toDisplay(card.file)));
    if (!card.summary.empty())
        text.markdown(card.summary);
    const QStringList ids = addHits(text, card, workspace);
    addPart(text, QT_TRANSLATE_NOOP("RuleDocument", "Why it matters"), card.why);
    addPart(text, QT_TRANSLATE_NOOP("RuleDocument", "How it fails"), card.scenario);
    addCode(text, QT_TRANSLATE_NOOP("RuleDocument", "Query"), card.queryText);
    addCode(text, QT_TRANSLATE_NOOP("RuleDocument", "Example"), card.example);
    addCode(text, QT_TRANSLATE_NOOP("RuleDocument", "Instead"), card.instead);
    addPart(text, QT_TRANSLATE_NOOP("RuleDocument", "Not a defect when"), card.dismissal);
    addPart(text, QT_TRANSLATE_NOOP("RuleDocument", "Known limits"), card.limits);
    if (!card.references.empty())
        text.heading(tr("References"));
    for (const review::Reference &reference : card.references)
        text.link(reference.title, reference.url);
    addCases(text, card);
    return ids;
}

} // namespace ui
