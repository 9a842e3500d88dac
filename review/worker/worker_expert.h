// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/expert.h"
#include "review/worker/child_process.h"
#include "review/worker/worker_protocol.h"

#include <chrono>
#include <optional>
#include <string>

namespace review {

class WorkerReport;

/// A program that speaks the worker protocol, and how much is done for it.
struct WorkerProgram {
    std::string expert; ///< its name in findings and events
    ChildCommand command;
    /// How often it is started again for one request after it died. Each time from the second on it is given
    /// one file less: the one it told of before it died.
    int restarts = 0;
    std::chrono::milliseconds patience{
        30'000}; ///< without a sign of life; a second more for each MiB of texts
};

/// An expert in a process of its own: what it does to itself ends a file's review, never this process. Its
/// findings are checked, told once, and each part of the request is accounted for. The process is started at
/// once, so that it is ready by the time there is a request.
class WorkerExpert : public Expert {
public:
    explicit WorkerExpert(WorkerProgram program);

    std::string name() const override { return m_program.expert; }
    void review(const Request &request, EventSink &sink, std::stop_token stop) override;

private:
    /// Lets one worker review. Gives how it died, in words that follow "the expert"; empty when it answered.
    std::string runWorker(RequestLines lines, std::chrono::milliseconds patience, WorkerReport &report,
                          std::stop_token stop);
    std::optional<git::Result<ChildProcess>> m_started;
    WorkerProgram m_program;
};

/// An expert of this program in a worker process of the same program file, which must know the command
/// `expert NAME [--cache DIR]`. Null for an unknown name.
std::unique_ptr<Expert> makeWorkerExpert(const std::string &name, const std::string &cacheFolder);

} // namespace review
