// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/command_line.h"
#include "git/diff.h"
#include "review/missing_texts.h"
#include "review/request.h"

#include <stop_token>

namespace app {

/// What a review starts from, read from a repository, a patch or the sample.
struct ReviewInput {
    git::Diff diff;
    review::Request request;
    /// Reads a file of the diff that the request does not hold, by its index: a saved review shows all of
    /// them.
    review::ReadFile readFile;
};

/// Reads the command's input. Things a careful reviewer should know about the repository go to standard
/// error.
git::Result<ReviewInput> readInput(const ReviewCommand &command, std::stop_token stop,
                                   const review::Progress &progress);

} // namespace app
