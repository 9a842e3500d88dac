// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/session_writer.h"

#include <utility>

namespace models {

namespace {

constexpr std::chrono::seconds pauseBeforeRetry{5};

} // namespace

SessionWriter::SessionWriter(QObject *parent) : QObject(parent)
{
    m_thread = std::jthread([this](std::stop_token stop) { run(stop); });
}

SessionWriter::~SessionWriter()
{
    m_thread.request_stop();
    m_thread.join();
}

void SessionWriter::add(Write write)
{
    {
        const std::lock_guard lock(m_mutex);
        m_entries.push_back({std::move(write), m_review});
    }
    m_changed.notify_one();
}

void SessionWriter::addWhole(Write write, std::function<void(const git::Result<void> &)> done)
{
    {
        const std::lock_guard lock(m_mutex);
        m_whole = {std::move(write), std::move(done), m_entries.size()};
    }
    m_changed.notify_one();
}

void SessionWriter::close()
{
    {
        const std::lock_guard lock(m_mutex);
        ++m_review;
        m_retryNow = true;
        m_entries.push_back({[](Store &store, std::stop_token) {
                                 store.reset();
                                 return git::Result<void>();
                             },
                             m_review});
    }
    m_changed.notify_one();
}

void SessionWriter::retry()
{
    {
        const std::lock_guard lock(m_mutex);
        m_retryNow = true;
    }
    m_changed.notify_one();
}

void SessionWriter::tell(std::function<void()> function)
{
    QMetaObject::invokeMethod(this, std::move(function), Qt::QueuedConnection);
}

/// False: the end.
bool SessionWriter::waitForWork(std::unique_lock<std::mutex> &lock, std::stop_token stop)
{
    const auto hasWork = [this] { return m_whole || !m_entries.empty(); };
    if (m_failing)
        m_changed.wait_for(lock, stop, pauseBeforeRetry, [this] { return m_whole || m_retryNow; });
    else
        m_changed.wait(lock, stop, hasWork);
    m_retryNow = false;
    return hasWork() || !stop.stop_requested();
}

void SessionWriter::run(std::stop_token stop)
{
    while (true) {
        std::unique_lock lock(m_mutex);
        if (!waitForWork(lock, stop))
            return;
        const bool whole = m_whole.has_value();
        const bool first = !whole && !m_entries.empty();
        lock.unlock();
        if (whole)
            writeWhole(stop);
        else if (first)
            writeFirst(stop);
    }
}

void SessionWriter::writeWhole(std::stop_token stop)
{
    std::unique_lock lock(m_mutex);
    const Whole whole = *std::exchange(m_whole, std::nullopt);
    lock.unlock();
    const git::Result<void> written = whole.write(m_store, stop);
    tell([done = whole.done, written] { done(written); });
    if (!written)
        return;
    lock.lock();
    m_entries.erase(m_entries.begin(), m_entries.begin() + std::ptrdiff_t(whole.instead));
    endFailing();
}

/// A whole that was added meanwhile counted this entry.
void SessionWriter::dropFirst()
{
    m_entries.pop_front();
    if (m_whole && m_whole->instead > 0)
        --m_whole->instead;
    if (m_entries.empty())
        endFailing();
    else
        m_retryNow = true; // the next one, at once
}

void SessionWriter::endFailing()
{
    if (std::exchange(m_failing, false))
        tell([this] { emit caughtUp(); });
}

void SessionWriter::writeFirst(std::stop_token stop)
{
    std::unique_lock lock(m_mutex);
    const Entry entry = m_entries.front();
    lock.unlock();
    const git::Result<void> written = entry.write(m_store, stop);
    lock.lock();
    if (written) {
        dropFirst();
        return;
    }
    const QString reason = QString::fromStdString(written.error().message);
    if (written.error().kind == git::ErrorKind::InvalidInput) {
        tell([this, reason] { emit gaveUp(reason); });
        dropFirst(); // it will never be written
        return;
    }
    if (entry.review != m_review || stop.stop_requested()) {
        // Another review has begun, and waits for its turn.
        tell([this, reason] { emit gaveUp(reason); });
        while (!m_entries.empty() && m_entries.front().review == entry.review)
            dropFirst();
        endFailing();
        return;
    }
    m_failing = true;
    tell([this, reason] { emit waiting(reason); });
}

} // namespace models
