// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/worker/worker.h"

#include "review/event_json.h"
#include "review/worker/wake.h"
#include "review/worker/worker_protocol.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace review {

namespace {

constexpr int wrongRequest = 2;
/// What a stopped review may take to end, before the process is ended.
constexpr int stopMs = 2000;

bool writeAll(int file, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(file, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR)
            return false;
        bytes.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    return true;
}

class LineSink : public EventSink {
public:
    explicit LineSink(int file) : m_file(file) {}
    void receive(const Event &event) override { (void)writeAll(m_file, toLine(event) + '\n'); }

private:
    int m_file; // who no longer reads it closes the input too, which stops the review
};

/// Ends the review once the input closes; nothing is said on it after the request.
void watch(int input, const Wake &done, std::stop_source &review)
{
    std::array<pollfd, 2> files{pollfd{done.file(), POLLIN, 0}, pollfd{input, POLLIN, 0}};
    while (::poll(files.data(), files.size(), -1) < 0 && errno == EINTR) {
    }
    if (files[0].revents)
        return;
    review.request_stop();
    if (::poll(files.data(), 1, stopMs) == 0)
        ::_exit(wrongRequest);
}

/// Reads up to the end of the request; an error says what is wrong.
git::Result<void> readRequest(int input, RequestReader &reader)
{
    std::string chunk(256u << 10, '\0');
    std::string line;
    while (true) {
        const ssize_t count = ::read(input, chunk.data(), chunk.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return git::Error{git::ErrorKind::Cancelled, "The request ends before its \"Review\"."};
        std::string_view rest(chunk.data(), static_cast<std::size_t>(count));
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            line.append(rest.substr(0, end));
            if (end == rest.npos)
                break;
            rest.remove_prefix(end + 1);
            const git::Result<bool> isWhole = reader.take(line);
            if (!isWhole)
                return isWhole.error();
            if (*isWhole)
                return {};
            line.clear();
        }
    }
}

void bound([[maybe_unused]] std::size_t memory)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // these map more than any machine has
    const rlimit limit{memory, memory};
    (void)::setrlimit(RLIMIT_AS, &limit);
#endif
}

} // namespace

std::size_t workerMemory(std::size_t textBytes)
{
    return (std::size_t(1) << 30) + 32 * textBytes;
}

int runWorker(const MakeExpert &makeExpert, int input, int output)
{
    std::signal(SIGPIPE, SIG_IGN);
    (void)::prctl(PR_SET_DUMPABLE, 0);
    (void)::prctl(PR_SET_NAME, "ferriscope");
    RequestReader reader;
    LineSink sink(output);
    if (const auto read = readRequest(input, reader); !read) {
        sink.receive(Ended{"worker", Ended::State::Failed, read.error().message});
        return wrongRequest;
    }
    bound(workerMemory(textBytes(reader.request())));

    const std::unique_ptr<Expert> expert = makeExpert(reader.pace());
    const Wake done;
    std::stop_source stop;
    const std::jthread watcher([&] { watch(input, done, stop); });
    runExpert(*expert, reader.request(), sink, stop.get_token());
    done.wake();
    return 0;
}

} // namespace review
