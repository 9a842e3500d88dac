// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/job.h"

#include <QCoreApplication>

namespace models {

void Job::start(std::function<void(std::stop_token, const Post &)> work)
{
    const std::uint64_t generation = ++m_generation;
    m_thread.request_stop();
    const Post post = [this, generation, owner = m_owner](std::function<void()> function) {
        QMetaObject::invokeMethod(
            owner,
            [this, generation, function = std::move(function)] {
                if (generation == m_generation)
                    function();
            },
            Qt::QueuedConnection);
    };
    // The new thread waits for the earlier one, so that the GUI thread never does.
    auto run = [this, generation, earlier = std::move(m_thread), work = std::move(work),
                post](std::stop_token stop) mutable {
        if (earlier.joinable())
            earlier.join();
        // Work that was stopped before it began still runs: it is what tells its owner of the end.
        if (generation == m_generation)
            work(stop, post);
    };
    m_thread = std::jthread(std::move(run));
}

void Job::cancel()
{
    ++m_generation;
    m_thread.request_stop();
}

void Job::finish()
{
    if (m_thread.joinable())
        m_thread.join();
    QCoreApplication::sendPostedEvents(m_owner, QEvent::MetaCall);
}

void Job::stopAndWait()
{
    cancel();
    if (m_thread.joinable())
        m_thread.join();
}

} // namespace models
