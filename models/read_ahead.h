// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/job.h"
#include "models/workspace.h"
#include "review/expert.h"

#include <QObject>

#include <functional>
#include <memory>

namespace models {

/// Lets an expert review a comparison for nobody as soon as it is open, so that a review that is asked for
/// later finds everything read, and the answer too where it is the usual one: all Rust, in the files' order.
/// Works off the GUI thread at a low priority, one comparison at a time, and ends as soon as a review begins
/// or something else is opened. Tells nothing of what it finds.
class ReadAhead : public QObject {
    Q_OBJECT

public:
    using MakeExpert = std::function<std::unique_ptr<review::Expert>()>;
    /// The expert should keep what it reads, and be a process of its own.
    ReadAhead(Workspace &workspace, MakeExpert makeExpert, QObject *parent = nullptr);

signals:
    void finished(); ///< all was read

private:
    void start();

    Workspace &m_workspace;
    MakeExpert m_makeExpert;
    Job m_job{this};
};

} // namespace models
