// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/team_cards.h"

#include "review/request_context.h"

#include <algorithm>
#include <string_view>

namespace review {

namespace {

constexpr std::string_view cardFolder = ".ferriscope/rules/";
constexpr std::size_t maxCardBytes = 64 * 1024;

bool isCard(std::string_view path)
{
    return path.starts_with(cardFolder) && path.ends_with(".md") &&
           path.find('/', cardFolder.size()) == std::string_view::npos;
}

bool isRegular(std::uint32_t mode)
{
    return (mode & 0170000) == 0100000;
}

} // namespace

TeamCards readTeamCards(const git::Repository &repository, const git::ResolvedEndpoint &endpoint,
                        std::stop_token stop)
{
    TeamCards read;
    const auto listed = repository.files(endpoint, stop);
    if (!listed) {
        if (listed.error().kind != git::ErrorKind::Cancelled)
            read.problems.push_back("The team's rules were not read: " + listed.error().message);
        return read;
    }
    std::size_t tooMany = 0;
    for (const git::TreeFile &file : *listed) {
        if (!isCard(file.path) || !isRegular(file.mode))
            continue;
        if (read.cards.size() >= maxTeamCards) {
            ++tooMany;
            continue;
        }
        auto text = repository.read(endpoint, file, maxCardBytes);
        if (text)
            read.cards.push_back({file.path, *std::move(text)});
        else
            read.problems.push_back("A card of the team's rules was not read: " + text.error().message);
    }
    if (tooMany > 0)
        read.problems.push_back(counted(tooMany, "card") + " of the team's rules beyond the first " +
                                std::to_string(maxTeamCards) + " were not read.");
    return read;
}

void addTeamCards(Request &request, const git::Repository &repository, const git::Diff &diff,
                  std::stop_token stop)
{
    const auto edits = std::count_if(diff.files.begin(), diff.files.end(), [](const git::FileDelta &delta) {
        return isCard(delta.oldSide.path) || isCard(delta.newSide.path);
    });
    if (edits > 0)
        request.leftOut.push_back("The change edits " + counted(static_cast<std::size_t>(edits), "card") +
                                  " of the team's rules: it was reviewed by those of its base.");
    TeamCards read = readTeamCards(repository, diff.base, stop);
    request.teamCards = std::move(read.cards);
    request.leftOut.insert(request.leftOut.end(), read.problems.begin(), read.problems.end());
}

} // namespace review
