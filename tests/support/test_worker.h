// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/worker/worker.h"
#include "review/worker/worker_expert.h"
#include "tests/support/rule_bench.h"
#include "tests/support/small_review.h"

#include <QCoreApplication>
#include <QTest>

#include <chrono>
#include <csignal>
#include <cstring>
#include <dirent.h>
#include <map>
#include <thread>
#include <unistd.h>

namespace tests {

/// An expert that finds one thing in each file, and does to its process what a file's text says: `crash`,
/// `abort`, `throw`, `hang`, `garbage`, `endless`, `lie`. Says as a note what it inherited.
class BreakingExpert : public review::Expert {
public:
    explicit BreakingExpert(review::Pace pace) : m_pace(pace) {}
    std::string name() const override { return "breaking"; }

    void review(const review::Request &request, review::EventSink &sink, std::stop_token) override
    {
        sink.receive(review::PassStarted{name(), review::Pass::Correctness});
        sink.receive(review::Note{name(), inherited()});
        for (const review::ContextFile &file : request.context)
            workOn(file.path, file.text, sink);
        for (const review::ReviewFile &file : request.files) {
            const std::string &path = file.delta.path();
            workOn(path, file.texts.newText, sink);
            sink.receive(review::FindingClosed{finding(path, file.texts.newText)});
        }
        for (const review::ReviewFile &file : request.files)
            sink.receive(review::Coverage{file.delta.path(), file.hunks.front().id, {}, {}, {}});
        sink.receive(review::Ended{name(), review::Ended::State::Complete, {}});
    }

private:
    void workOn(const std::string &path, const std::string &text, review::EventSink &sink)
    {
        if (m_pace == review::Pace::Careful)
            sink.receive(review::FileBegun{name(), path});
        const auto says = [&](const char *word) { return text.find(word) != std::string::npos; };
        if (says("crash"))
            std::raise(SIGKILL); // as the kernel does it when memory is short; no sanitizer reports on it
        if (says("throw"))
            throw std::bad_alloc();
        while (says("hang"))
            std::this_thread::sleep_for(std::chrono::seconds(1));
        while (says("endless"))
            (void)!::write(STDOUT_FILENO, std::string(65'536, 'x').data(), 65'536);
        if (says("garbage"))
            (void)!::write(STDOUT_FILENO, "{\"event\":\"FindingClosed\"\n", 25);
        if (m_pace == review::Pace::Careful)
            sink.receive(review::FileBegun{name(), {}});
    }

    /// All with the same id, as an expert may do that counts from one in each process.
    static review::Finding finding(const std::string &path, const std::string &text)
    {
        review::Finding finding = deadlock();
        finding.place = {path, git::Side::New, {0, 1}};
        finding.evidence = {{finding.place, text.substr(0, text.find('\n') + 1)}};
        finding.scenario.steps.clear();
        finding.suggestion = review::Suggestion{path, {0, 1}, finding.evidence[0].text, "", {}};
        if (text.find("lie") != std::string::npos)
            finding.evidence[0].text = "not there\n";
        if (text.find("misfit") != std::string::npos)
            finding.suggestion->original = "not there\n";
        return finding;
    }

    static std::string inherited()
    {
        std::string text = "files:";
        DIR *folder = ::opendir("/proc/self/fd");
        while (const dirent *entry = folder ? ::readdir(folder) : nullptr) {
            if (entry->d_name[0] != '.' && std::stoi(entry->d_name) != ::dirfd(folder))
                text += std::string(" ") + entry->d_name;
        }
        if (folder)
            ::closedir(folder);
        return text + (std::getenv("HOME") ? "; a home" : "; no home");
    }

    review::Pace m_pace;
};

/// The test program as a worker.
inline int runTestWorker(const std::string &name)
{
    return review::runWorker(
        [&](review::Pace pace) -> std::unique_ptr<review::Expert> {
            if (name == "embedded")
                return review::makeEmbeddedExpert({}, pace);
            return std::make_unique<BreakingExpert>(pace);
        },
        STDIN_FILENO, STDOUT_FILENO);
}

inline review::WorkerProgram testProgram(const std::string &expert)
{
    return {expert, {"/proc/self/exe", {"worker", "expert", expert}, false}, 8, std::chrono::seconds(60)};
}

/// One new file of one line for each text, and the same as context.
inline review::Request requestOf(const std::map<std::string, std::string> &files,
                                 const std::map<std::string, std::string> &context = {})
{
    review::Request request;
    for (const auto &[path, text] : files)
        request.files.push_back(reviewFile(path, {}, text));
    for (const auto &[path, text] : context)
        request.context.push_back({path, text, "2021"});
    return request;
}

inline EventLog review(const review::Request &request, review::WorkerProgram program,
                       std::stop_token stop = {})
{
    EventLog log;
    review::WorkerExpert(std::move(program)).review(request, log, std::move(stop));
    return log;
}

/// A test program that is its own worker.
template <typename Suite>
int runSuite(int argc, char **argv)
{
    if (argc == 3 && std::strcmp(argv[1], "expert") == 0)
        return runTestWorker(argv[2]);
    QCoreApplication application(argc, argv);
    Suite suite;
    return QTest::qExec(&suite, argc, argv);
}

} // namespace tests
