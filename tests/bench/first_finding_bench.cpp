// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a reviewer waits for after asking for a review of a change:
//     first_finding_bench REPOSITORY RANGE [CACHE]
// prints on one line the milliseconds until the change was listed, the request made, the first finding told
// and the review done, and the number of findings. Each time counts from the one before it.
#include "git/range.h"
#include "git/repository.h"
#include "review/expert.h"
#include "review/request.h"

#include <chrono>
#include <cstdio>
#include <string>

namespace {

using Clock = std::chrono::steady_clock;

/// The milliseconds since the last time it was asked.
class StopWatch {
public:
    double lap()
    {
        const Clock::time_point before = std::exchange(m_last, Clock::now());
        return std::chrono::duration<double, std::milli>(m_last - before).count();
    }

private:
    Clock::time_point m_last = Clock::now();
};

struct FirstFinding : review::EventSink {
    StopWatch &watch;
    double first = 0;
    std::size_t count = 0;

    explicit FirstFinding(StopWatch &started) : watch(started) {}
    void receive(const review::Event &event) override
    {
        if (std::holds_alternative<review::FindingClosed>(event) && count++ == 0)
            first = watch.lap();
    }
};

int fail(const git::Error &error)
{
    std::fprintf(stderr, "%s\n", error.message.c_str());
    return 2;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3)
        return fail({git::ErrorKind::InvalidInput, "first_finding_bench REPOSITORY RANGE [CACHE]"});
    StopWatch watch;
    const auto repository = git::Repository::open(argv[1]);
    if (!repository)
        return fail(repository.error());
    const auto range = git::parseRange(argv[2]);
    const auto diff = range ? repository->diff(*range) : git::Result<git::Diff>(range.error());
    if (!diff)
        return fail(diff.error());
    const double listed = watch.lap();
    const auto request = review::makeRequest(*repository, *diff, {}, review::Extent::Hunks);
    if (!request)
        return fail(request.error());
    const double requested = watch.lap();
    FirstFinding sink(watch);
    review::makeEmbeddedExpert(argc > 3 ? argv[3] : "")->review(*request, sink, {});
    std::printf("%.0f %.0f %.0f %.0f %zu\n", listed, requested, sink.first, watch.lap(), sink.count);
    return 0;
}
