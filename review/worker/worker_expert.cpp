// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/worker/worker_expert.h"

#include "git/display.h"
#include "review/event_json.h"
#include "review/worker/talk.h"
#include "review/worker/worker_report.h"

#include <algorithm>
#include <utility>

namespace review {

namespace {

/// Files that one review goes on without; more than these are no accident of a few files.
constexpr int maxRestarts = 8;
/// Of one worker: no review tells so much, and a window must not be made to hold it.
constexpr std::size_t maxEvents = 1'000'000;
constexpr std::size_t maxSaidBytes = 300;

/// The last line that a program wrote to its standard error, for people.
std::string lastLine(std::string words)
{
    while (!words.empty() && words.back() == '\n')
        words.pop_back();
    if (const std::size_t end = words.rfind('\n'); end != words.npos)
        words.erase(0, end + 1);
    words.resize(std::min(words.size(), maxSaidBytes));
    return git::displayName(words);
}

/// Leaves out what a worker died of; false when that can't be known or was left out before. Says so.
bool exclude(const Request &request, const std::string &path, const std::string &death, Excluded &excluded,
             WorkerReport &report)
{
    const std::string shown = "`" + git::displayName(path) + "`";
    const auto isAt = [&](const ReviewFile &file) { return file.delta.path() == path; };
    const auto wasAt = [&](const ReviewFile &file) { return file.delta.oldSide.path == path; };
    auto file = std::find_if(request.files.begin(), request.files.end(), isAt);
    if (file == request.files.end())
        file = std::find_if(request.files.begin(), request.files.end(), wasAt);
    if (!path.empty() && file != request.files.end()) {
        report.coverage().take(
            {file->delta.path(), {}, {}, Coverage::State::Failed, "the expert " + death + " here"});
        report.note(shown + " was not analysed: the expert " + death + " while it was at it.");
        return excluded.paths.emplace(file->delta.path(), death).second;
    }
    const bool isContext = std::any_of(request.context.begin(), request.context.end(),
                                       [&](const ContextFile &context) { return context.path == path; });
    if (isContext) {
        report.note("The types of " + shown + ", which surrounds the change, are not known: the expert " +
                    death + " while it was at it.");
        return excluded.paths.emplace(path, death).second;
    }
    if (!path.empty() || request.context.empty() || std::exchange(excluded.allContext, true))
        return false;
    report.note("The types of the files around the change are not known: the expert " + death +
                " while it was at all of them.");
    return true;
}

} // namespace

WorkerExpert::WorkerExpert(WorkerProgram program)
    : m_started(ChildProcess::start(program.command))
    , m_program(std::move(program))
{}

void WorkerExpert::review(const Request &request, EventSink &sink, std::stop_token stop)
{
    WorkerReport report(request, sink, m_program.expert);
    Excluded excluded;
    Pace pace = Pace::Quick;
    const std::chrono::seconds more(textBytes(request) >> 20);
    for (int workers = 0;; ++workers) {
        const std::string death =
            runWorker(RequestLines(request, excluded, pace), m_program.patience + more, report, stop);
        const std::optional<Ended> &ended = report.ended();
        if (stop.stop_requested() && (!ended || ended->state != Ended::State::Complete)) {
            report.end(Ended::State::Stopped, "stopped by the user", Coverage::State::Skipped,
                       "the review was stopped");
            return;
        }
        if (death.empty()) {
            report.end(ended->state, ended->reason, Coverage::State::Failed,
                       "the expert did not say what became of it");
            return;
        }
        const bool goesOn = workers < m_program.restarts &&
                            (pace == Pace::Quick || exclude(request, report.path(), death, excluded, report));
        if (!goesOn) {
            report.end(Ended::State::Failed, "it " + death, Coverage::State::Failed, "the expert " + death);
            return;
        }
        if (pace == Pace::Quick)
            report.note("The expert " + death + " and began again, with care.");
        pace = Pace::Careful;
        report.restart();
    }
}

std::string WorkerExpert::runWorker(RequestLines lines, std::chrono::milliseconds patience,
                                    WorkerReport &report, std::stop_token stop)
{
    git::Result<ChildProcess> child =
        m_started ? *std::exchange(m_started, std::nullopt) : ChildProcess::start(m_program.command);
    if (!child)
        return "could not begin: " + child.error().message;

    std::size_t events = 0;
    const Talk conversation{[&] { return lines.next(); },
                            [&](std::string_view line) {
                                const std::optional<Event> event = eventOf(line);
                                if (!event || ++events > maxEvents)
                                    return Talk::Answer::Wrong;
                                report.take(*event);
                                return report.ended() ? Talk::Answer::Last : Talk::Answer::More;
                            },
                            patience};
    std::string words;
    const TalkEnd end = talk(*child, conversation, words, stop);
    const std::string status = child->end();
    const std::string said = words.empty() ? "" : ", saying: " + lastLine(std::move(words));
    if (report.ended()) {
        // A command says itself why it fails; what this program's own expert stumbles over is taken from it.
        const bool fails = report.ended()->state == Ended::State::Failed && m_program.restarts > 0;
        return fails ? "failed (" + report.ended()->reason + ")" : "";
    }
    switch (end) {
    case TalkEnd::Silent:
        return "gave no sign of life for " + std::to_string(patience.count() / 1000) + " seconds" + said;
    case TalkEnd::Wrong:
        return "said what is no event of its protocol" + said;
    default:
        return "ended with " + status + said;
    }
}

std::unique_ptr<Expert> makeWorkerExpert(const std::string &name, const std::string &cacheFolder)
{
    const std::vector<std::string> known = expertNames();
    if (std::find(known.begin(), known.end(), name) == known.end())
        return nullptr;
    WorkerProgram program;
    program.expert = name;
    // Not by its path: that may be another program's after an upgrade.
    program.command = {"/proc/self/exe", {"ferriscope", "expert", name}, false};
    if (!cacheFolder.empty())
        program.command.arguments.insert(program.command.arguments.end(), {"--cache", cacheFolder});
    program.restarts = maxRestarts;
    return std::make_unique<WorkerExpert>(std::move(program));
}

} // namespace review
