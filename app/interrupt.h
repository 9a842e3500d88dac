// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace app {

/// While it lives, Ctrl+C and SIGTERM request a stop instead of ending the program; a second one ends it.
/// Make it before other threads start: they inherit the blocked signals.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt &) = delete;
    Interrupt &operator=(const Interrupt &) = delete;

    std::stop_token token() const { return m_stop.get_token(); }

private:
    sigset_t m_signals;
    sigset_t m_before;
    std::stop_source m_stop;
    std::jthread m_watcher;
};

} // namespace app
