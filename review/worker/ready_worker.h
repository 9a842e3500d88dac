// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/expert.h"

#include <memory>
#include <string>
#include <utility>

namespace review {

/// Keeps one worker of the default expert that has started and waits, so that a review need not wait for the
/// start of a process.
class ReadyWorker {
public:
    explicit ReadyWorker(std::string cacheFolder) : m_cacheFolder(std::move(cacheFolder)) {}

    /// Starts one unless one waits already. Costs a millisecond.
    void prepare();
    /// See makeWorkerExpert.
    std::unique_ptr<Expert> make(const std::string &name);

private:
    std::string m_cacheFolder;
    std::unique_ptr<Expert> m_ready;
};

} // namespace review
