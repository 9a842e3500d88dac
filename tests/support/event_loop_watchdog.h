// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QTimer>

#include <algorithm>

/// Tells the longest time in which the event loop of its thread could not run: what a reader feels as a
/// stall. Its ticks come each millisecond; begin() and worst() bracket what is watched, which must return to
/// the event loop.
class EventLoopWatchdog {
public:
    EventLoopWatchdog()
    {
        m_ticks.setTimerType(Qt::PreciseTimer);
        m_ticks.setInterval(1);
        QObject::connect(&m_ticks, &QTimer::timeout, &m_ticks, [this] { note(); });
        m_ticks.start();
        begin();
    }

    void begin()
    {
        m_worst = 0;
        m_sinceTick.start();
    }

    /// Milliseconds.
    double worst()
    {
        note();
        return double(m_worst) / 1e6;
    }

private:
    void note()
    {
        m_worst = std::max(m_worst, m_sinceTick.nsecsElapsed());
        m_sinceTick.restart();
    }

    QTimer m_ticks;
    QElapsedTimer m_sinceTick;
    qint64 m_worst = 0;
};
