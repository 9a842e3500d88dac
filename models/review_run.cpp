// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/review_run.h"

#include "review/missing_texts.h"

#include <algorithm>

namespace models {

namespace {

constexpr int deliveryMs = 20;

git::Result<review::Request> makeRequestOf(const Opened &opened, const review::Selection &selection,
                                           std::stop_token stop, const review::Progress &progress)
{
    if (opened.kind == Opened::Kind::Patch)
        return review::makeRequest(*opened.patch, selection);
    const git::Result<git::Repository> repository = git::Repository::open(opened.path);
    if (!repository)
        return repository.error();
    return review::makeRequest(*repository, opened.session.diff, selection, review::Extent::Hunks, stop,
                               progress);
}

/// A saved review holds its own texts: reviewing it again needs nothing else.
review::Request makeRequestOfSaved(const Opened &opened, const review::Selection &selection)
{
    review::Request request;
    request.scope = opened.session.scope;
    request.extent = opened.session.extent;
    request.leftOut.push_back("Only the texts kept in the saved review were read; the files around them and "
                              "the team's rules were not.");
    for (review::ReviewFile file : *opened.files) {
        bool any = false;
        file.chosen.resize(file.hunks.size());
        for (std::size_t hunk = 0; hunk < file.hunks.size(); ++hunk) {
            file.chosen[hunk] = selection.hunks.contains({file.delta.path(), file.hunks[hunk].id});
            any = any || file.chosen[hunk];
        }
        if (any)
            request.files.push_back(std::move(file));
    }
    return request;
}

/// The file that the reader looks at is reviewed before the rest. `current`: as Workspace::currentFile.
void putFirst(const Opened &opened, int current, review::Request &request)
{
    if (current < 0)
        return;
    const git::FileDelta &shown = opened.session.diff.files[static_cast<std::size_t>(current)];
    std::stable_partition(request.files.begin(), request.files.end(),
                          [&](const review::ReviewFile &file) { return file.delta == shown; });
}

/// What the window keeps of the request, beside the texts that an earlier review had.
BegunReview makeBegun(const Opened &opened, const review::Request &request)
{
    review::Session session = review::makeSession(opened.session.diff, request, 0);
    if (opened.files)
        for (std::size_t file = 0; file < std::min(session.files.size(), opened.files->size()); ++file)
            if (!review::hasTexts(session.files[file]))
                session.files[file] = (*opened.files)[file];
    return {session.scope, session.extent, session.leftOut,
            std::make_shared<const std::vector<review::ReviewFile>>(std::move(session.files))};
}

/// The end of an expert that could not go on; null if there is none.
const review::Ended *failureIn(const std::vector<review::Event> &events)
{
    for (const review::Event &event : events)
        if (const auto *ended = std::get_if<review::Ended>(&event);
            ended && ended->state == review::Ended::State::Failed)
            return ended;
    return nullptr;
}

} // namespace

/// Where the expert's thread leaves its events and the GUI thread collects them.
class ReviewRun::Mailbox : public review::EventSink {
public:
    void setWake(std::function<void()> wake) { m_wake = std::move(wake); }

    void receive(const review::Event &event) override
    {
        bool first = false;
        {
            const std::lock_guard lock(m_mutex);
            first = m_events.empty();
            m_events.push_back(event);
        }
        if (first)
            m_wake();
    }

    std::vector<review::Event> take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_events, {});
    }

private:
    std::function<void()> m_wake;
    std::mutex m_mutex;
    std::vector<review::Event> m_events;
};

ReviewRun::ReviewRun(Workspace &workspace, ExpertFactory experts, QObject *parent)
    : QObject(parent)
    , m_workspace(workspace)
    , m_experts(std::move(experts))
{
    m_delivery.setSingleShot(true);
    m_delivery.setInterval(deliveryMs);
    connect(&m_delivery, &QTimer::timeout, this, &ReviewRun::deliver);
    connect(&m_workspace, &Workspace::replaced, this, &ReviewRun::abandon);
    connect(&m_workspace, &Workspace::refreshed, this, &ReviewRun::abandon);
}

ReviewRun::~ReviewRun() = default;

/// What was opened is another thing now: results about the old one have no place left.
void ReviewRun::abandon()
{
    if (!m_running)
        return;
    m_job.cancel();
    m_mailbox = std::make_shared<Mailbox>();
    finish();
}

void ReviewRun::start(const QString &expertName)
{
    run(expertName, false);
}

void ReviewRun::renew()
{
    run(m_expert, true);
}

void ReviewRun::run(const QString &expertName, bool renews)
{
    std::shared_ptr<review::Expert> expert = m_experts(expertName.toStdString());
    if (!expert) {
        emit failed(tr("There is no expert named \"%1\".").arg(expertName));
        return;
    }
    m_expert = expertName;
    m_running = true;
    m_renews = renews;
    m_pass.clear();
    m_mailbox = std::make_shared<Mailbox>();
    if (!renews) {
        emit started();
        emit progressed(tr("Reading the code"), 0, 0);
    }
    m_job.start([this, renews, opened = m_workspace.opened(), current = m_workspace.currentFile(), expert,
                 mailbox = m_mailbox, selection = m_workspace.selection(),
                 switchedOff = m_workspace.switchedOff()](std::stop_token stop, const Job::Post &post) {
        mailbox->setWake([this, renews, post] {
            if (renews)
                return; // its events are taken at the end
            post([this] {
                if (!m_delivery.isActive())
                    m_delivery.start();
            });
        });
        const review::Progress progress = [this, renews, post](std::size_t done, std::size_t total) {
            if (!renews)
                post([this, done, total] { emit progressed(tr("Reading the code"), int(done), int(total)); });
        };
        git::Result<review::Request> request = opened.kind == Opened::Kind::Session
                                                   ? makeRequestOfSaved(opened, selection)
                                                   : makeRequestOf(opened, selection, stop, progress);
        // Stopped while reading: nothing was reviewed, and what an earlier review found stays.
        if (!request || stop.stop_requested()) {
            const bool stopped = request || request.error().kind == git::ErrorKind::Cancelled;
            post([this, message = stopped ? QString() : QString::fromStdString(request.error().message)] {
                finish();
                if (!message.isEmpty())
                    emit failed(message);
            });
            return;
        }
        request->switchedOff = switchedOff;
        putFirst(opened, current, *request);
        const BegunReview begun = makeBegun(opened, *request);
        if (!renews)
            post([this, begun] { m_workspace.beginReview(begun); });
        review::runExpert(*expert, *request, *mailbox, stop);
        post([this, renews, begun, whole = !stop.stop_requested()] {
            const std::vector<review::Event> renewed =
                renews ? m_mailbox->take() : std::vector<review::Event>();
            const review::Ended *failure = failureIn(renewed);
            if (renews && whole && !failure)
                m_workspace.renewReview(begun, renewed);
            deliver();
            finish();
            if (failure)
                emit failed(tr("What changed could not be reviewed again: %1")
                                .arg(QString::fromStdString(failure->reason)));
        });
    });
}

void ReviewRun::stop()
{
    if (!m_running)
        return;
    m_job.stop();
    if (!m_renews)
        emit progressed(tr("Stopping"), 0, 0);
}

void ReviewRun::deliver()
{
    m_delivery.stop();
    const std::vector<review::Event> events = m_mailbox->take();
    if (events.empty())
        return;
    m_workspace.record(events);
    reportProgress(events);
}

void ReviewRun::reportProgress(const std::vector<review::Event> &events)
{
    const review::Progressed *latest = nullptr;
    for (const review::Event &event : events) {
        if (const auto *pass = std::get_if<review::PassStarted>(&event))
            m_pass = QString::fromUtf8(review::toText(pass->pass));
        else if (const auto *progress = std::get_if<review::Progressed>(&event))
            latest = progress;
    }
    if (latest)
        emit progressed(m_pass, int(latest->done), int(latest->total));
}

void ReviewRun::finish()
{
    m_running = false;
    emit finished();
}

} // namespace models
