// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/expert.h"
#include "tests/support/test_repository.h"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace tests {

/// An expert that tells given findings, one after the other, and may take its time.
class ScriptedExpert : public review::Expert {
public:
    ScriptedExpert(std::vector<review::Finding> findings, std::chrono::milliseconds pause)
        : m_findings(std::move(findings))
        , m_pause(pause)
    {}

    std::string name() const override { return "scripted"; }

    void review(const review::Request &request, review::EventSink &sink, std::stop_token stop) override
    {
        sink.receive(review::PassStarted{name(), review::Pass::Correctness});
        std::size_t done = 0;
        for (const review::Finding &finding : m_findings) {
            if (m_pause.count() > 0)
                std::this_thread::sleep_for(m_pause);
            if (stop.stop_requested()) {
                sink.receive(review::Ended{name(), review::Ended::State::Stopped, "stopped by the reader"});
                return;
            }
            sink.receive(review::FindingClosed{finding});
            sink.receive(review::Progressed{name(), ++done, m_findings.size(), finding.place.path});
        }
        for (const review::ReviewFile &file : request.files)
            sink.receive(review::Coverage{
                file.delta.path(), {}, {0, 1}, review::Coverage::State::Skipped, "told by the test"});
        sink.receive(review::Ended{name(), review::Ended::State::Complete, {}});
    }

private:
    std::vector<review::Finding> m_findings;
    std::chrono::milliseconds m_pause;
};

inline std::function<std::unique_ptr<review::Expert>(const std::string &)>
scripted(std::vector<review::Finding> findings, std::chrono::milliseconds pause = {})
{
    return
        [findings, pause](const std::string &) { return std::make_unique<ScriptedExpert>(findings, pause); };
}

inline review::Finding makeFinding(const std::string &id, review::Section section, review::Severity severity,
                                   std::uint32_t line, const std::string &path = "src/db.rs")
{
    review::Finding finding;
    finding.id = id;
    finding.rule = "double-lock";
    finding.section = section;
    finding.severity = severity;
    finding.confidence = 0.9;
    finding.experts = {"scripted"};
    finding.place = {path, git::Side::New, {line, line + 1}};
    finding.title = "`" + id + "` is locked twice";
    finding.why = "A second lock of the same mutex waits for the first one.";
    return finding;
}

/// A repository whose work tree is at `feature`, which changes src/db.rs and notes.txt and adds
/// src/net/wire.rs.
class ReviewedRepository : public TestRepository {
public:
    static constexpr const char *reviewedText =
        "pub fn get() -> u32 {\n    let value = 2;\n    value\n}\n\npub fn put() {\n    todo!()\n}\n";

    ReviewedRepository()
    {
        write("src/db.rs", "pub fn get() -> u32 {\n    let value = 1;\n    value\n}\n\npub fn put() {}\n");
        write("notes.txt", "first\n");
        write("Cargo.toml", "[package]\nname = \"store\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
        write("README", "unchanged\n");
        commit();
        git({QStringLiteral("checkout"), QStringLiteral("-q"), QStringLiteral("-b"),
             QStringLiteral("feature")});
        write("src/db.rs", reviewedText);
        write("src/net/wire.rs", "pub fn decode(bytes: &[u8]) -> u8 {\n    bytes[0]\n}\n");
        write("notes.txt", "first\nsecond\n");
        commit();
    }

    static review::Finding suggestingFinding()
    {
        review::Finding finding =
            makeFinding("value", review::Section::Critical, review::Severity::Critical, 1);
        finding.suggestion = {"src/db.rs",
                              {1, 2},
                              "    let value = 2;\n",
                              "    let value = 3;\n",
                              review::Applicability::Machine};
        return finding;
    }
};

} // namespace tests
