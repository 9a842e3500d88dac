// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaObject>
#include <QObject>

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>
#include <utility>

namespace models {

/// Runs one piece of work at a time off the GUI thread; the latest start wins. Results come back on the
/// owner's thread through `post`; those of an earlier start are dropped. Destroying it stops and joins: no
/// result meets a dead object. Owned as a last member.
class Job {
public:
    explicit Job(QObject *owner) : m_owner(owner) {}
    Job(const Job &) = delete;
    Job &operator=(const Job &) = delete;
    ~Job() { stopAndWait(); }

    /// Hands a function to the owner's thread, unless this start was replaced or stopped.
    using Post = std::function<void(std::function<void()>)>;
    void start(std::function<void(std::stop_token, const Post &)> work);
    /// Asks the work to end; what it already posted still arrives.
    void stop() { m_thread.request_stop(); }
    /// Asks the work to end; nothing of it arrives any more. Does not wait.
    void cancel();
    /// Waits for the end of the work and delivers what it posted, before returning. Blocks the owner's
    /// thread.
    void finish();
    void stopAndWait();

private:
    QObject *m_owner;
    std::atomic<std::uint64_t> m_generation = 0;
    std::jthread m_thread;
};

} // namespace models
