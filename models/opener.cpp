// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/opener.h"

#include "models/file_source.h"
#include "review/sample.h"

#include <QDateTime>
#include <QDir>
#include <QFile>

#include <chrono>

namespace models {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds batchTime{40};
constexpr qint64 maxPatchBytes = qint64(64) << 20;

git::Result<std::string> readFile(const QString &path)
{
    QFile file(path);
    const std::string shown = QDir::toNativeSeparators(path).toStdString();
    if (!file.open(QIODevice::ReadOnly))
        return git::Error{git::ErrorKind::NotFound,
                          "Cannot read " + shown + ": " + file.errorString().toStdString() + "."};
    const QByteArray bytes = file.read(maxPatchBytes + 1); // a pipe does not tell its size
    if (bytes.size() > maxPatchBytes)
        return git::Error{git::ErrorKind::InvalidInput,
                          shown + " is larger than 64 MiB; split the patch and open its parts."};
    return bytes.toStdString();
}

git::Result<Opened> readRepository(const git::Repository &repository, const git::Range &range,
                                   std::stop_token stop)
{
    Opened opened;
    opened.kind = Opened::Kind::Repository;
    opened.path = repository.path();
    opened.range = range;
    opened.workTree = repository.workTree();
    opened.headName = repository.headName();
    opened.warnings = repository.warnings();
    git::Result<git::Diff> diff = repository.diff(range, {}, stop);
    if (!diff)
        return diff.error();
    opened.session.diff = std::move(*diff);
    return opened;
}

git::Result<Opened> readPatch(const QString &path)
{
    const git::Result<std::string> bytes = readFile(path);
    if (!bytes)
        return bytes.error();
    git::Result<git::Patch> patch = git::parsePatch(*bytes, path.toStdString());
    if (!patch)
        return patch.error();
    Opened opened;
    opened.kind = Opened::Kind::Patch;
    opened.path = path.toStdString();
    opened.session.diff = patch->diff;
    opened.patch = std::make_shared<const git::Patch>(std::move(*patch));
    return opened;
}

using ReadTexts = std::function<SourceTexts(std::size_t)>;

/// Of a repository: keeps it open, for one thread.
ReadTexts makeReader(const git::Diff &diff, git::Repository opened)
{
    return
        [repository = std::make_shared<const git::Repository>(std::move(opened)), &diff](std::size_t file) {
            git::Result<git::FileTexts> texts = repository->texts(diff, diff.files[file]);
            return SourceTexts{texts ? std::move(*texts) : git::FileTexts{}, {}};
        };
}

} // namespace

/// One opening, on the worker's side.
class Opener::Work {
public:
    Work(Opener &opener, std::stop_token stop, const Job::Post &post, Arrival arrival = Arrival::New)
        : m_opener(opener)
        , m_stop(std::move(stop))
        , m_post(post)
        , m_arrival(arrival)
    {}

    void openRepository(const QString &path, const git::Range &range, const std::string &warning = {}) const
    {
        const git::Result<git::Repository> repository = git::Repository::open(path.toStdString());
        if (!repository)
            return fail(repository.error());
        git::Result<Opened> opened = readRepository(*repository, range, m_stop);
        if (opened && !warning.empty())
            opened->warnings.push_back(warning);
        hand(std::move(opened));
    }

    void openPatch(const QString &path) const { hand(readPatch(path)); }

    void openSession(const QString &path) const
    {
        git::Result<review::Session> session = review::loadSession(path.toStdString());
        if (!session)
            return fail(session.error());
        Opened opened;
        opened.kind = Opened::Kind::Session;
        opened.path = path.toStdString();
        opened.files =
            std::make_shared<const std::vector<review::ReviewFile>>(std::exchange(session->files, {}));
        opened.session = std::move(*session);
        hand(std::move(opened));
    }

    void openSample(const QString &folder) const
    {
        // What the user did in it since it was made stays.
        std::string warning;
        const git::Result<review::SampleState> state = review::lookAtSample(folder.toStdString(), m_stop);
        if (state && *state == review::SampleState::Earlier) {
            // Work of a kind that nobody looked for, a stash perhaps, is then not lost.
            const QString kept = folder + QStringLiteral("-before-") +
                                 QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd-HHmmss");
            if (!QDir().rename(folder, kept))
                return fail({git::ErrorKind::Io, "The sample of an earlier version in " +
                                                     folder.toStdString() +
                                                     " could not be moved aside. Delete that folder."});
            warning =
                "The sample is new; that of an earlier version was moved to " + kept.toStdString() + ".";
        } else if (state && *state == review::SampleState::Used)
            warning = "The sample in " + folder.toStdString() +
                      " was changed, or is of another version: it is shown as it is. Delete that folder to "
                      "get the sample anew.";
        if (!QDir(folder).exists() || QDir(folder).isEmpty()) {
            const git::Result<std::string> made = review::makeSampleRepository(folder.toStdString());
            if (!made)
                return fail(made.error());
        }
        const git::Result<git::Range> range = git::parseRange("main...feature");
        openRepository(folder, range ? *range : git::Range{}, warning);
    }

private:
    void fail(const git::Error &error) const
    {
        m_post([opener = &m_opener, error] {
            opener->m_opening = false;
            opener->m_refreshing = false;
            if (error.kind != git::ErrorKind::Cancelled)
                emit opener->failed(QString::fromStdString(error.message));
        });
    }

    void hand(git::Result<Opened> opened) const
    {
        if (!opened)
            return fail(opened.error());
        auto diff = std::make_shared<const git::Diff>(opened->session.diff);
        m_post([opener = &m_opener, diff, shared = std::make_shared<Opened>(std::move(*opened)),
                arrival = m_arrival] { opener->take(std::move(*shared), diff, arrival); });
    }

    Opener &m_opener;
    std::stop_token m_stop;
    const Job::Post &m_post;
    Arrival m_arrival;
};

Opener::Opener(Workspace &workspace, QObject *parent) : QObject(parent), m_workspace(workspace)
{
    m_openings.start([](const std::stop_token &, const Job::Post &) { git::Repository::prepare(); });
}

void Opener::run(const QString &what, std::function<void(const Work &)> work)
{
    m_opening = true;
    m_refreshing = false;
    emit started(what);
    m_openings.start([this, work = std::move(work)](std::stop_token stop, const Job::Post &post) {
        work(Work(*this, stop, post));
    });
}

void Opener::refresh()
{
    const Opened &opened = m_workspace.opened();
    if (m_opening || opened.kind != Opened::Kind::Repository)
        return;
    m_refreshing = true;
    m_openings.start([this, path = QString::fromStdString(opened.path),
                      range = opened.range](std::stop_token stop, const Job::Post &post) {
        Work(*this, stop, post, Arrival::Again).openRepository(path, range);
    });
}

void Opener::take(Opened opened, const std::shared_ptr<const git::Diff> &diff, Arrival arrival)
{
    m_opening = false;
    m_refreshing = false;
    m_comparisons.cancel();
    if (arrival == Arrival::New)
        m_workspace.open(std::move(opened));
    else
        m_workspace.refresh(std::move(opened));
    compare(diff, arrival);
    if (arrival == Arrival::New)
        emit this->opened();
    else
        emit refreshed();
}

void Opener::compare(const std::shared_ptr<const git::Diff> &diff, Arrival arrival)
{
    const Opened &opened = m_workspace.opened();
    m_comparing = true;
    m_comparisons.start([this, diff, kind = opened.kind, path = opened.path, patch = opened.patch,
                         arrival](std::stop_token stop, const Job::Post &post) {
        ReadTexts readTexts;
        if (kind == Opened::Kind::Repository) {
            git::Result<git::Repository> repository = git::Repository::open(path);
            if (!repository)
                return post([this, message = QString::fromStdString(repository.error().message)] {
                    m_comparing = false;
                    emit failed(message);
                });
            // Thousands of branches take as long as the list of files, which did not wait for them.
            post([this, references = repository->references()] { m_workspace.setReferences(references); });
            readTexts = makeReader(*diff, std::move(*repository));
        } else if (kind == Opened::Kind::Patch) {
            readTexts = [patch](std::size_t file) {
                return SourceTexts{patch->files[file].texts, patch->files[file].excerpts};
            };
        }
        std::vector<std::pair<int, FileFacts>> batch;
        Clock::time_point sent = Clock::now();
        const std::size_t total = readTexts ? diff->files.size() : 0; // a saved review knows its hunks
        for (std::size_t file = 0; file < total && !stop.stop_requested(); ++file) {
            const SourceTexts source = readTexts(file);
            batch.emplace_back(int(file),
                               compareTexts(diff->files[file].path(), source.texts, source.excerpts));
            if (Clock::now() - sent < batchTime && file + 1 < total)
                continue;
            post([this, batch = std::exchange(batch, {}), done = int(file) + 1, total, arrival] {
                m_workspace.setFacts(batch);
                if (arrival == Arrival::New)
                    emit compared(done, int(total));
            });
            sent = Clock::now();
        }
        post([this] {
            m_comparing = false;
            emit completed();
        });
    });
}

void Opener::openRepository(const QString &path, const git::Range &range)
{
    run(path, [path, range](const Work &work) { work.openRepository(path, range); });
}

void Opener::openPatch(const QString &path)
{
    run(path, [path](const Work &work) { work.openPatch(path); });
}

void Opener::openSession(const QString &path)
{
    run(path, [path](const Work &work) { work.openSession(path); });
}

void Opener::openSample(const QString &folder)
{
    run(tr("the sample"), [folder](const Work &work) { work.openSample(folder); });
}

void Opener::close()
{
    m_openings.cancel();
    m_comparisons.cancel();
    m_opening = false;
    m_refreshing = false;
    m_comparing = false;
    m_workspace.close();
}

FileFacts compareTexts(const std::string &path, const git::FileTexts &texts,
                       const std::vector<git::PatchedFile::Excerpt> &excerpts)
{
    FileFacts facts;
    facts.known = true;
    if (!texts.comparable())
        return facts;
    const git::Result<std::vector<git::Hunk>> hunks = git::diffHunks(path, texts, excerpts);
    if (!hunks)
        return facts;
    for (const git::Hunk &hunk : *hunks) {
        const git::LineCounts counts = git::countLines(hunk.changes);
        facts.counts.added += counts.added;
        facts.counts.removed += counts.removed;
        facts.hunks.push_back(hunk.id);
    }
    facts.chosen.resize(facts.hunks.size());
    return facts;
}

} // namespace models
