// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands.h"
#include "app/console.h"
#include "app/interrupt.h"
#include "app/report_output.h"
#include "app/review_input.h"
#include "app/user_folders.h"
#include "git/display.h"
#include "review/expert.h"
#include "review/missing_texts.h"
#include "review/rule_switches.h"
#include "review/session.h"
#include "review/worker/expert_list.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <optional>

namespace app {
namespace {

using git::Result;
using namespace std::chrono_literals;

/// How long events may wait in memory before they are in the session's file.
constexpr auto saveInterval = 250ms;
/// Keeps what an expert says: in the session, in its file if there is one, and as progress on the terminal.
class Recorder : public review::EventSink {
public:
    Recorder(review::Session &session, std::optional<review::SessionStore> store)
        : m_session(session)
        , m_store(std::move(store))
        , m_saved(std::chrono::steady_clock::now())
    {}

    void receive(const review::Event &event) override
    {
        review::record(m_session, event);
        if (const auto *pass = std::get_if<review::PassStarted>(&event))
            m_pass = review::toText(pass->pass);
        else if (const auto *step = std::get_if<review::Progressed>(&event))
            m_progress.show(std::to_string(step->done) + "/" + std::to_string(step->total) + "  " + m_pass +
                            "  " + step->path);
        if (!m_store)
            return;
        m_unsaved.push_back(event);
        if (std::chrono::steady_clock::now() - m_saved >= saveInterval)
            save();
    }

    /// Writes what is left; returns the first error of all writes.
    Result<void> finish()
    {
        m_progress.clear();
        if (m_store)
            save();
        return m_failure;
    }

private:
    void save()
    {
        if (auto appended = m_store->append(m_unsaved); !appended && m_failure)
            m_failure = appended;
        m_unsaved.clear();
        m_saved = std::chrono::steady_clock::now();
    }

    review::Session &m_session;
    std::optional<review::SessionStore> m_store;
    std::vector<review::Event> m_unsaved;
    std::chrono::steady_clock::time_point m_saved;
    Result<void> m_failure;
    ProgressLine m_progress;
    std::string m_pass;
};

Result<std::vector<std::unique_ptr<review::Expert>>> makeExperts(std::vector<std::string> names,
                                                                 const std::string &folder)
{
    const auto list = review::ExpertList::read(folder);
    if (!list)
        return list.error();
    if (names.empty())
        names = {"embedded"};
    std::vector<std::unique_ptr<review::Expert>> experts;
    for (const std::string &name : names) {
        std::unique_ptr<review::Expert> expert;
        if (const review::WorkerProgram *program = list->program(name))
            expert = std::make_unique<review::WorkerExpert>(*program);
        else
            expert = review::makeExpert(name, cacheFolder());
        if (!expert) {
            std::string known;
            for (const std::string &other : list->names())
                known += (known.empty() ? "" : ", ") + git::displayName(other);
            return git::Error{git::ErrorKind::InvalidInput, "There is no expert named " +
                                                                git::displayName(name) + "; there is " +
                                                                known + "."};
        }
        experts.push_back(std::move(expert));
    }
    return experts;
}

bool reaches(const review::Session &session, review::Severity limit)
{
    return std::any_of(session.findings.begin(), session.findings.end(), [&](const review::Finding &finding) {
        return finding.tier == review::Tier::Finding && finding.severity <= limit &&
               !session.decisions.contains(finding.id);
    });
}

int statusOf(const review::Session &session, const ReviewCommand &command)
{
    if (!session.complete()) {
        printMessage("The review is not complete; the report says what is missing.");
        return NotCompleted;
    }
    return command.failOn && reaches(session, *command.failOn) ? FindingsFound : Done;
}

} // namespace

int runReview(const ReviewCommand &command, const std::string &configFolder)
{
    const Interrupt interrupt;
    auto experts = makeExperts(command.experts, settingsFolder(configFolder));
    if (!experts)
        return fail(experts.error());

    auto input = [&] {
        ProgressLine progress;
        return readInput(command, interrupt.token(), [&](std::size_t done, std::size_t total) {
            progress.show("Reading " + std::to_string(done) + "/" + std::to_string(total) + " files");
        });
    }();
    if (!input)
        return fail(input.error(),
                    input.error().kind == git::ErrorKind::Cancelled ? NotCompleted : WrongInput);

    if (!command.switches.empty()) {
        const auto switches = review::readRuleSwitches(command.switches);
        if (!switches)
            return fail(switches.error());
        input->request.switchedOff = switches->offIn(input->diff.repository);
    }

    // Only what is kept has a date: the same review written twice is the same text.
    review::Session session =
        review::makeSession(input->diff, input->request, command.session.empty() ? 0 : std::time(nullptr));
    std::optional<review::SessionStore> store;
    if (!command.session.empty()) {
        for (auto &[index, file] : review::readMissingTexts(session, input->readFile, interrupt.token()))
            session.files[index] = std::move(file);
        auto created = review::SessionStore::create(command.session, session);
        if (!created)
            return fail(created.error());
        store = *std::move(created);
    }

    Recorder recorder(session, std::move(store));
    for (const auto &expert : *experts)
        review::runExpert(*expert, input->request, recorder, interrupt.token());
    const auto saved = recorder.finish();

    if (auto written = writeReport(session, command.output); !written)
        return fail(written.error(), NotCompleted);
    if (!saved)
        return fail(saved.error(), NotCompleted);
    return statusOf(session, command);
}

} // namespace app
