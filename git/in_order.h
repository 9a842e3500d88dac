// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace git {

/// Calls `work(0)` … `work(count - 1)` on this thread and one more (unless `threads` is 1), and `take(i,
/// result)` on this thread, in order, each as soon as those before it are there. This thread begins with the
/// first. An exception of `work` ends all and is thrown again here.
template <typename Work, typename Take>
void workInOrder(std::size_t count, const Work &work, const Take &take, unsigned threads = 2)
{
    std::mutex mutex;
    std::condition_variable arrived;
    std::vector<std::optional<decltype(work(std::size_t()))>> results(count);
    std::exception_ptr failure;
    std::atomic<std::size_t> next = 0;
    const auto workOnNext = [&] {
        const std::size_t i = next++;
        if (i >= count)
            return false;
        try {
            auto result = work(i);
            const std::lock_guard lock(mutex);
            results[i] = std::move(result);
        } catch (...) {
            const std::lock_guard lock(mutex);
            failure = std::current_exception();
            next = count;
        }
        arrived.notify_one();
        return true;
    };

    std::size_t taken = 0;
    const auto takeReady = [&](std::unique_lock<std::mutex> &lock) {
        while (!failure && taken < count && results[taken]) {
            auto result = *std::exchange(results[taken], std::nullopt);
            lock.unlock();
            take(taken++, std::move(result));
            lock.lock();
        }
    };
    bool more = count > 0 && workOnNext();
    std::jthread helper;
    if (count > 1 && threads > 1)
        helper = std::jthread([&] {
            while (workOnNext()) {
            }
        });
    while (more) {
        {
            std::unique_lock lock(mutex);
            takeReady(lock);
        }
        more = workOnNext();
    }
    std::unique_lock lock(mutex);
    while (!failure && taken < count) {
        arrived.wait(lock, [&] { return failure || results[taken]; });
        takeReady(lock);
    }
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace git
