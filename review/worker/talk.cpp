// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/worker/talk.h"

#include "review/worker/wake.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <poll.h>
#include <unistd.h>

namespace review {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t chunkBytes = 256u << 10;
constexpr std::size_t maxLastWords = 2000;
/// What a child may take to end after its last line: keeping a review in a cache, for example.
constexpr std::chrono::seconds endGrace{5};

/// A child that is gone must cost an error, not this process: SIGPIPE stays away from this thread.
class NoPipeSignal {
public:
    NoPipeSignal()
    {
        sigemptyset(&m_pipe);
        sigaddset(&m_pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &m_pipe, &m_before);
    }
    NoPipeSignal(const NoPipeSignal &) = delete;
    NoPipeSignal &operator=(const NoPipeSignal &) = delete;
    ~NoPipeSignal()
    {
        const timespec now{};
        if (!sigismember(&m_before, SIGPIPE))
            while (sigtimedwait(&m_pipe, nullptr, &now) > 0) {
            }
        pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }

private:
    sigset_t m_pipe;
    sigset_t m_before;
};

class Talker {
public:
    Talker(ChildProcess &child, const Talk &talk, std::string &lastWords)
        : m_child(child)
        , m_talk(talk)
        , m_lastWords(lastWords)
        , m_buffer(chunkBytes, '\0')
        , m_deadline(Clock::now() + talk.patience)
    {}

    TalkEnd run(std::stop_token stop)
    {
        const NoPipeSignal guard;
        const Wake wake;
        const std::stop_callback onStop(stop, [&wake] { wake.wake(); });
        while (!m_end) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_deadline - Clock::now());
            if (left.count() <= 0)
                return m_isStopped ? TalkEnd::Stopped : m_isLast ? TalkEnd::Ended : TalkEnd::Silent;
            const short told = wantsToTell() ? POLLOUT : 0;
            std::array<pollfd, 4> files{
                pollfd{m_isStopped ? -1 : wake.file(), POLLIN, 0}, pollfd{m_child.output(), POLLIN, 0},
                pollfd{m_child.errors(), POLLIN, 0}, pollfd{m_child.input(), told, 0}};
            if (::poll(files.data(), files.size(), static_cast<int>(left.count())) < 0 && errno != EINTR)
                return TalkEnd::Closed;
            if (files[0].revents)
                stopped();
            if (files[2].revents)
                readErrors();
            if (files[1].revents)
                readLines();
            if (files[3].revents & POLLERR)
                m_child.closeInput(); // it reads no more; what it says still counts
            else if (files[3].revents && !m_end)
                tell();
        }
        return *m_end;
    }

private:
    bool wantsToTell()
    {
        if (m_told == m_line.size() && m_child.input() >= 0 && !m_isToldAll) {
            auto line = m_talk.nextLine();
            m_isToldAll = !line;
            m_line = std::move(line).value_or(std::string());
            m_told = 0;
        }
        return m_told < m_line.size();
    }

    void tell()
    {
        const ssize_t count = ::write(m_child.input(), m_line.data() + m_told, m_line.size() - m_told);
        if (count > 0) {
            m_told += static_cast<std::size_t>(count);
            waitAgain();
        } else if (errno != EAGAIN && errno != EINTR) {
            m_child.closeInput();
        }
    }

    void stopped()
    {
        m_isStopped = true;
        m_child.closeInput();
        m_deadline = Clock::now() + stopGrace;
    }

    void waitAgain()
    {
        if (!m_isStopped && !m_isLast)
            m_deadline = Clock::now() + m_talk.patience;
    }

    void readErrors()
    {
        const ssize_t count = ::read(m_child.errors(), m_buffer.data(), m_buffer.size());
        if (count > 0) {
            m_lastWords.append(m_buffer, 0, static_cast<std::size_t>(count));
            if (m_lastWords.size() > maxLastWords)
                m_lastWords.erase(0, m_lastWords.size() - maxLastWords);
        } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
            m_child.closeErrors();
        }
    }

    void readLines()
    {
        const ssize_t count = ::read(m_child.output(), m_buffer.data(), m_buffer.size());
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (count <= 0) {
            readErrors();
            m_end = m_isLast ? TalkEnd::Ended : m_isStopped ? TalkEnd::Stopped : TalkEnd::Closed;
            return;
        }
        std::string_view chunk(m_buffer.data(), static_cast<std::size_t>(count));
        while (!m_end && !chunk.empty()) {
            const std::size_t end = chunk.find('\n');
            m_read.append(chunk.substr(0, end));
            if (m_read.size() > maxLineBytes) {
                m_end = TalkEnd::Wrong;
                return;
            }
            if (end == chunk.npos)
                return;
            chunk.remove_prefix(end + 1);
            takeLine();
        }
    }

    void takeLine()
    {
        waitAgain();
        switch (m_talk.takeLine(m_read)) {
        case Talk::Answer::More:
            break;
        case Talk::Answer::Last:
            m_isLast = true;
            m_child.closeInput();
            m_deadline = m_isStopped ? m_deadline : Clock::now() + endGrace;
            break;
        case Talk::Answer::Wrong:
            m_end = TalkEnd::Wrong;
        }
        m_read.clear();
    }

    ChildProcess &m_child;
    const Talk &m_talk;
    std::string &m_lastWords;
    std::string m_buffer;
    std::string m_read; ///< the beginning of a line
    std::string m_line; ///< being told
    std::size_t m_told = 0;
    bool m_isToldAll = false;
    bool m_isStopped = false;
    bool m_isLast = false;
    Clock::time_point m_deadline;
    std::optional<TalkEnd> m_end;
};

} // namespace

TalkEnd talk(ChildProcess &child, const Talk &talk, std::string &lastWords, std::stop_token stop)
{
    return Talker(child, talk, lastWords).run(std::move(stop));
}

} // namespace review
