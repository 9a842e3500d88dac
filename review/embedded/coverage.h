// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/embedded/parsed_sides.h"
#include "review/event.h"
#include "review/request.h"

#include <string>
#include <vector>

namespace review::embedded {

/// What became of each chosen hunk of a file, or of the whole file where the review's extent is whole files
/// or it has no hunks. `stoppedIn` says where the review was stopped; empty when it came to its end.
std::vector<Coverage> makeCoverage(const Request &request, std::size_t file, const ParsedFile &parsed,
                                   const std::string &stoppedIn);

} // namespace review::embedded
