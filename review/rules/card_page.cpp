// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/card_page.h"

#include "git/lines.h"

#include <algorithm>

namespace review::rules {

namespace {

void addPart(std::string &page, const char *heading, const std::string &text)
{
    if (!text.empty())
        page += "\n## " + std::string(heading) + "\n\n" + text + (text.ends_with('\n') ? "" : "\n");
}

/// A team's card may hold anything; a line of back ticks does not end the fence.
std::string fenced(const std::string &code, const char *language)
{
    if (code.empty())
        return {};
    std::string ticks = "```";
    while (code.find(ticks) != std::string::npos)
        ticks += '`';
    return ticks + language + "\n" + code + (code.ends_with('\n') ? "" : "\n") + ticks + "\n";
}

std::string casesText(const Card &card)
{
    std::string text;
    // The first one is the example.
    for (std::size_t i = 1; i < card.cases.size(); ++i) {
        const CardCase &shown = card.cases[i];
        text += text.empty() ? "" : "\n";
        if (shown.kind == CardCase::Kind::Fixed)
            text += "What the suggestion makes of it:\n\n";
        else if (shown.marks.empty())
            text += "Nothing is found here:\n\n";
        else
            text += shown.base.empty() ? "Found:\n\n" : "Found after this change:\n\n";
        if (!shown.base.empty())
            text += fenced(shown.base, "rust") + "\nbecomes\n\n";
        text += fenced(withMarks(card, shown), "rust");
    }
    return text;
}

std::string referencesText(const Card &card)
{
    std::string text;
    for (const Reference &reference : card.references)
        text += "- [" + reference.title + "](" + reference.url + ")\n";
    return text;
}

} // namespace

std::string withMarks(const Card &card, const CardCase &shown)
{
    std::string text;
    const git::Lines lines(shown.code);
    for (std::size_t i = 0; i < lines.count(); ++i) {
        text += lines[i];
        const auto marks = std::count(shown.marks.begin(), shown.marks.end(), i);
        text += marks > 0 ? " //~ " + card.id + "\n" : "\n";
    }
    return text;
}

std::string precisionText(const Card &card)
{
    if (card.hitsRead == 0)
        return "no hit on real code was read yet";
    return std::to_string(card.hitsTrue) + " of " + std::to_string(card.hitsRead) +
           (card.hitsRead == 1 ? " hit" : " hits") + " on real code that " +
           (card.hitsRead == 1 ? "was" : "were") + " read held up";
}

std::string renderCard(const Card &card)
{
    std::string page = "# " + card.title + "\n\n`" + card.id + "` · " + toHeading(card.section) + " · " +
                       toText(card.severity) + "\n\nMeasured: " + precisionText(card) + ".\n";
    if (card.isTeams())
        page += "\nThe team's own rule, from `" + card.file + "`.\n";
    if (!card.summary.empty())
        page += "\n" + card.summary + "\n";
    addPart(page, "Why it matters", card.why);
    addPart(page, "How it fails", card.scenario);
    addPart(page, "Query", fenced(card.queryText, "query"));
    addPart(page, "Example", fenced(card.example, "rust"));
    addPart(page, "Instead", fenced(card.instead, "rust"));
    addPart(page, "When to dismiss it", card.dismissal);
    addPart(page, "Known limits", card.limits);
    addPart(page, "References", referencesText(card));
    addPart(page, "Cases", casesText(card));
    return page;
}

} // namespace review::rules
