// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands.h"
#include "app/console.h"
#include "git/display.h"
#include "review/rules/card.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>

namespace app {
namespace {

using nlohmann::ordered_json;
using review::rules::Card;

std::string padded(std::string text, std::size_t width)
{
    if (text.size() < width)
        text.append(width - text.size(), ' ');
    return text;
}

std::string listAsText(const std::vector<Card> &cards)
{
    std::size_t widest = 0;
    for (const Card &card : cards)
        widest = std::max(widest, card.id.size());
    std::string text;
    std::string_view heading;
    for (const Card &card : cards) {
        if (heading != review::toHeading(card.section)) {
            text +=
                (heading.empty() ? "" : "\n") + std::string(heading = review::toHeading(card.section)) + "\n";
        }
        text += "  " + padded(card.id, widest + 2) + padded(review::toText(card.severity), 10) + card.title +
                "\n";
    }
    return text;
}

std::string listAsMarkdown(const std::vector<Card> &cards)
{
    std::string text = "| Rule | Section | Severity | What it finds |\n|---|---|---|---|\n";
    for (const Card &card : cards) {
        std::string title = card.title;
        for (std::size_t bar = title.find('|'); bar != title.npos; bar = title.find('|', bar + 2))
            title.insert(bar, "\\");
        text += "| `" + card.id + "` | " + review::toText(card.section) + " | " +
                review::toText(card.severity) + " | " + title + " |\n";
    }
    return text;
}

ordered_json toJson(const Card &card)
{
    ordered_json references = ordered_json::array();
    for (const review::Reference &reference : card.references)
        references.push_back({{"title", reference.title}, {"url", reference.url}});
    return {{"id", card.id},
            {"section", review::toText(card.section)},
            {"severity", review::toText(card.severity)},
            {"title", card.title},
            {"summary", card.summary},
            {"why", card.why},
            {"scenario", card.scenario},
            {"example", card.example},
            {"instead", card.instead},
            {"limits", card.limits},
            {"dismissal", card.dismissal},
            {"references", std::move(references)}};
}

void addPart(std::string &page, const char *heading, const std::string &text)
{
    if (!text.empty())
        page += "\n## " + std::string(heading) + "\n\n" + text + (text.ends_with('\n') ? "" : "\n");
}

std::string fenced(const std::string &code)
{
    return code.empty() ? "" : "```rust\n" + code + (code.ends_with('\n') ? "" : "\n") + "```\n";
}

/// A card as a page to read; Markdown is its text form too.
std::string asMarkdown(const Card &card)
{
    std::string page = "# " + card.title + "\n\n`" + card.id + "` · " + review::toHeading(card.section) +
                       " · " + review::toText(card.severity) + "\n";
    if (!card.summary.empty())
        page += "\n" + card.summary + "\n";
    addPart(page, "Why it matters", card.why);
    addPart(page, "How it fails", card.scenario);
    addPart(page, "Example", fenced(card.example));
    addPart(page, "Instead", fenced(card.instead));
    addPart(page, "When to dismiss it", card.dismissal);
    addPart(page, "Known limits", card.limits);
    std::string references;
    for (const review::Reference &reference : card.references)
        references += "- [" + reference.title + "](" + reference.url + ")\n";
    addPart(page, "References", references);
    return page;
}

std::string renderList(const std::vector<Card> &cards, Format format)
{
    if (format == Format::Markdown)
        return listAsMarkdown(cards);
    if (format != Format::Json)
        return listAsText(cards);
    ordered_json list = ordered_json::array();
    for (const Card &card : cards)
        list.push_back(toJson(card));
    return list.dump(2) + "\n";
}

} // namespace

int runRules(const RulesCommand &command)
{
    std::string text;
    if (command.rule.empty()) {
        text = renderList(review::rules::catalogue(), command.format);
    } else if (const Card *card = review::rules::findCard(command.rule)) {
        text = command.format == Format::Json ? toJson(*card).dump(2) + "\n" : asMarkdown(*card);
    } else {
        return fail({git::ErrorKind::NotFound, "There is no rule " + git::displayName(command.rule) +
                                                   "; `ferriscope rules list` names them."});
    }
    const auto written = writeResult(text, {});
    return written ? Done : fail(written.error(), NotCompleted);
}

} // namespace app
