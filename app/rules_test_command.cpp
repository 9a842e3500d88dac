// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands.h"
#include "app/console.h"
#include "app/interrupt.h"
#include "git/display.h"
#include "review/embedded/card_trial.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace app {
namespace {

using review::rules::Card;

constexpr std::uintmax_t maxFileBytes = 1u << 20;

git::Result<std::string> readCardFile(const std::string &file)
{
    std::error_code failure;
    const std::uintmax_t size = std::filesystem::file_size(file, failure);
    if (failure)
        return git::Error{git::ErrorKind::NotFound,
                          "Cannot read the card " + git::displayName(file) + ": " + failure.message()};
    if (size > maxFileBytes)
        return git::Error{git::ErrorKind::InvalidInput,
                          "The card " + git::displayName(file) + " is larger than 1 MiB."};
    std::ifstream stream(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (!stream.good() && !stream.eof())
        return git::Error{git::ErrorKind::Io, "Cannot read the card " + git::displayName(file) + "."};
    return text;
}

/// The built-in rule of the same name, when the file lies in a section's folder; null for a team's card.
const Card *builtInOf(const std::filesystem::path &file)
{
    std::string id = file.stem().string();
    std::replace(id.begin(), id.end(), '_', '-');
    const Card *card = review::rules::findCard(id);
    const bool isThere = card && file.parent_path().filename() == review::toText(card->section);
    return isThere ? card : nullptr;
}

git::Result<Card> parse(const std::string &file, const std::string &text)
{
    if (const Card *builtIn = builtInOf(std::filesystem::absolute(file)))
        return review::rules::parseCard(
            {builtIn->id, review::toText(builtIn->section), text, builtIn->check});
    return review::rules::parseTeamCard(file, text);
}

} // namespace

int runRulesTest(const std::string &file)
{
    const Interrupt interrupt;
    const auto text = readCardFile(file);
    if (!text)
        return fail(text.error());
    const auto card = parse(file, *text);
    if (!card)
        return fail(card.error());
    const auto cases = review::embedded::tryCard(*card, *text, interrupt.token());
    if (interrupt.token().stop_requested())
        return fail({git::ErrorKind::Cancelled, "Running the cases was stopped."}, NotCompleted);
    std::size_t failed = 0;
    std::string told;
    for (const review::embedded::TriedCase &tried : cases) {
        failed += tried.failures.empty() ? 0 : 1;
        for (const std::string &failure : tried.failures)
            told += file + ", " + failure + "\n";
    }
    const auto marked =
        std::count_if(cases.begin(), cases.end(), [](const auto &each) { return each.isMarked; });
    told += card->id + ": " + std::to_string(cases.size()) + " cases, " + std::to_string(marked) +
            " with findings; " + (failed == 0 ? "all as marked" : std::to_string(failed) + " failed") + "\n";
    const auto written = writeResult(told, {});
    if (!written)
        return fail(written.error(), NotCompleted);
    return failed == 0 ? Done : FindingsFound;
}

} // namespace app
