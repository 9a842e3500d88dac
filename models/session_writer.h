// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/session.h"

#include <QObject>
#include <QString>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace models {

/// The thread that owns the session file. Writes in the order of asking; one that fails stays the first and
/// is tried again, so that nothing of a review is left out. Destroying it writes the rest, trying each once.
class SessionWriter : public QObject {
    Q_OBJECT

public:
    using Store = std::optional<review::SessionStore>;
    using Write = std::function<git::Result<void>(Store &, std::stop_token)>;

    explicit SessionWriter(QObject *parent = nullptr);
    ~SessionWriter() override;

    void add(Write write);
    /// Comes first, and once it succeeded takes the place of all that was still to be written: it holds the
    /// whole. When it fails, `failed` tells it and what was to be written stays.
    void addWhole(Write write, std::function<void(const git::Result<void> &)> done);
    /// Closes the file: the next review begins. What can't be written of the last one is then given up, and
    /// `gaveUp` says so.
    void close();
    void retry(); ///< now, not after the usual pause

signals:
    void waiting(const QString &reason); ///< a write failed and is tried again
    void caughtUp();                     ///< after waiting: nothing waits any more
    void gaveUp(const QString &reason);

private:
    struct Entry {
        Write write;
        std::uint64_t review = 0;
    };
    struct Whole {
        Write write;
        std::function<void(const git::Result<void> &)> done;
        std::size_t instead = 0; ///< how many of the entries it takes the place of
    };
    void run(std::stop_token stop);
    bool waitForWork(std::unique_lock<std::mutex> &lock, std::stop_token stop);
    void writeWhole(std::stop_token stop);
    void writeFirst(std::stop_token stop);
    void dropFirst();  ///< the lock is held
    void endFailing(); ///< the lock is held
    void tell(std::function<void()> function);

    std::mutex m_mutex; ///< of what follows, except m_store
    std::condition_variable_any m_changed;
    std::deque<Entry> m_entries;
    std::optional<Whole> m_whole;
    std::uint64_t m_review = 0; ///< counts the reviews
    bool m_failing = false;
    bool m_retryNow = false;
    Store m_store; ///< the thread's own
    std::jthread m_thread;
};

} // namespace models
