// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/repository.h"
#include "review/request.h"

#include <stop_token>

namespace review {

/// The cards of a repository as one side of a diff has them, in path order, and what could not be read.
struct TeamCards {
    std::vector<TeamCard> cards;
    std::vector<std::string> problems; ///< plain sentences
};
/// Those in `.ferriscope/rules`, at most maxTeamCards. Links are not followed.
TeamCards readTeamCards(const git::Repository &repository, const git::ResolvedEndpoint &endpoint,
                        std::stop_token stop = {});

/// Adds the cards that lie in `.ferriscope/rules` of the diff's base, in path order. What could not be read,
/// and that a change of the cards themselves does not count yet, is said in `leftOut`.
void addTeamCards(Request &request, const git::Repository &repository, const git::Diff &diff,
                  std::stop_token stop);

} // namespace review
