// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/opener.h"
#include "models/review_run.h"
#include "tests/support/scripted_expert.h"

#include <QSignalSpy>

namespace tests {

/// A small repository's branch, opened without a window; reviewed when asked to.
struct OpenedReview {
    ReviewedRepository repository;
    models::Workspace workspace;
    models::Opener opener{workspace};
    models::ReviewRun run;

    explicit OpenedReview(std::vector<review::Finding> findings = {ReviewedRepository::suggestingFinding()})
        : run(workspace, scripted(std::move(findings)))
    {}

    bool open(const char *range = "main...feature")
    {
        QSignalSpy completed(&opener, &models::Opener::completed);
        opener.openRepository(repository.path(), *git::parseRange(range));
        return completed.count() > 0 || completed.wait();
    }

    bool review()
    {
        QSignalSpy finished(&run, &models::ReviewRun::finished);
        run.start(QStringLiteral("scripted"));
        return finished.count() > 0 || finished.wait();
    }
};

} // namespace tests
