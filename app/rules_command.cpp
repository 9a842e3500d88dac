// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands.h"
#include "app/console.h"
#include "git/display.h"
#include "git/range.h"
#include "git/repository.h"
#include "review/rules/card_page.h"
#include "review/rules/team_rules.h"
#include "review/team_cards.h"

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
    ordered_json cases = ordered_json::array();
    for (const review::rules::CardCase &each : card.cases) {
        if (each.kind == review::rules::CardCase::Kind::Case)
            cases.push_back({{"code", each.code}, {"marks", each.marks}, {"base", each.base}});
    }
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
            {"references", std::move(references)},
            {"hitsRead", card.hitsRead},
            {"hitsTrue", card.hitsTrue},
            {"file", card.file},
            {"cases", std::move(cases)}};
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
    return list.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

/// The built-in cards, and those of a repository's HEAD; what is wrong with these is said.
git::Result<std::vector<Card>> readCards(const std::string &repository)
{
    std::vector<Card> cards = review::rules::catalogue();
    if (repository.empty())
        return cards;
    const auto opened = git::Repository::open(repository);
    if (!opened)
        return opened.error();
    const auto diff = opened->diff(*git::parseRange("HEAD..HEAD"));
    if (!diff)
        return diff.error();
    const review::TeamCards read = review::readTeamCards(*opened, diff->head);
    const review::rules::TeamRules team = review::rules::readTeamRules(read.cards);
    for (const std::string &problem : read.problems)
        printMessage(problem);
    for (const std::string &mistake : team.mistakes)
        printMessage(mistake);
    cards.insert(cards.end(), team.cards.begin(), team.cards.end());
    std::stable_sort(cards.begin(), cards.end(),
                     [](const Card &a, const Card &b) { return a.section < b.section; });
    return cards;
}

} // namespace

int runRules(const RulesCommand &command)
{
    if (!command.card.empty())
        return runRulesTest(command.card);
    const auto cards = readCards(command.repository);
    if (!cards)
        return fail(cards.error());
    std::string text;
    const auto card =
        std::find_if(cards->begin(), cards->end(), [&](const Card &each) { return each.id == command.rule; });
    if (command.rule.empty()) {
        text = renderList(*cards, command.format);
    } else if (card != cards->end()) {
        text = command.format == Format::Json
                   ? toJson(*card).dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n"
                   : review::rules::renderCard(*card);
    } else {
        return fail({git::ErrorKind::NotFound, "There is no rule " + git::displayName(command.rule) +
                                                   "; `ferriscope rules list` names them."});
    }
    const auto written = writeResult(text, {});
    return written ? Done : fail(written.error(), NotCompleted);
}

} // namespace app
