// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/expert.h"

#include <cstddef>
#include <functional>
#include <memory>

namespace review {

using MakeExpert = std::function<std::unique_ptr<Expert>(Pace pace)>;

/// The worker's side of the protocol: reads one request from `input`, lets the expert review it, writes its
/// events to `output`, and returns the process's exit status. When `input` closes, whoever asked has gone or
/// wants no more: the review is stopped, and the process ended if that is not enough. Bounds the memory of
/// the process, and lets it leave no core file.
int runWorker(const MakeExpert &makeExpert, int input, int output);

/// The memory that a worker may map for texts of so many bytes.
std::size_t workerMemory(std::size_t textBytes);

} // namespace review
