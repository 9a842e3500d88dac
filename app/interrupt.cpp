// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/interrupt.h"

#include <ctime>
#include <unistd.h>

namespace app {

Interrupt::Interrupt()
{
    sigemptyset(&m_signals);
    sigaddset(&m_signals, SIGINT);
    sigaddset(&m_signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &m_signals, &m_before);
    // A thread that waits for the signals may call anything, unlike a signal handler.
    m_watcher = std::jthread([this](std::stop_token ended) {
        const timespec interval = {0, 50'000'000};
        while (!ended.stop_requested()) {
            if (sigtimedwait(&m_signals, nullptr, &interval) < 0)
                continue;
            if (!m_stop.request_stop())
                _exit(128 + SIGINT);
        }
    });
}

Interrupt::~Interrupt()
{
    m_watcher.request_stop();
    m_watcher.join();
    pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
}

} // namespace app
