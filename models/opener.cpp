// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/opener.h"

#include "models/file_source.h"
#include "review/sample.h"

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
    opened.references = repository.references();
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

} // namespace

/// One opening, on the worker's side.
class Opener::Work {
public:
    Work(Opener &opener, std::stop_token stop, const Job::Post &post)
        : m_opener(opener)
        , m_stop(std::move(stop))
        , m_post(post)
    {}

    void openRepository(const QString &path, const git::Range &range) const
    {
        const git::Result<git::Repository> repository = git::Repository::open(path.toStdString());
        if (!repository)
            return fail(repository.error());
        git::Result<Opened> opened = readRepository(*repository, range, m_stop);
        if (!opened)
            return fail(opened.error());
        const git::Diff diff = opened->session.diff;
        hand(std::move(*opened));
        compareAll(diff, [&](std::size_t file) {
            const git::Result<git::FileTexts> texts = repository->texts(diff, diff.files[file]);
            return SourceTexts{texts ? *texts : git::FileTexts{}, {}};
        });
    }

    void openPatch(const QString &path) const
    {
        git::Result<Opened> opened = readPatch(path);
        if (!opened)
            return fail(opened.error());
        const std::shared_ptr<const git::Patch> patch = opened->patch;
        hand(std::move(*opened));
        compareAll(patch->diff, [&](std::size_t file) {
            return SourceTexts{patch->files[file].texts, patch->files[file].excerpts};
        });
    }

    void openSession(const QString &path) const
    {
        git::Result<review::Session> session = review::loadSession(path.toStdString());
        if (!session)
            return fail(session.error());
        Opened opened;
        opened.kind = Opened::Kind::Session;
        opened.path = path.toStdString();
        opened.session = std::move(*session);
        hand(std::move(opened));
        complete();
    }

    void openSample(const QString &folder) const
    {
        // Made once: what the user changed in it since stays.
        if (!QDir(folder).exists() || QDir(folder).isEmpty()) {
            const git::Result<std::string> made = review::makeSampleRepository(folder.toStdString());
            if (!made)
                return fail(made.error());
        }
        const git::Result<git::Range> range = git::parseRange("main...feature");
        openRepository(folder, range ? *range : git::Range{});
    }

private:
    void fail(const git::Error &error) const
    {
        m_post([opener = &m_opener, error] {
            opener->m_comparing = false;
            if (error.kind != git::ErrorKind::Cancelled)
                emit opener->failed(QString::fromStdString(error.message));
        });
    }

    void hand(Opened opened) const
    {
        auto shared = std::make_shared<Opened>(std::move(opened));
        m_post([opener = &m_opener, shared] {
            opener->m_workspace.open(std::move(*shared));
            emit opener->opened();
        });
    }

    void complete() const
    {
        m_post([opener = &m_opener] {
            opener->m_comparing = false;
            emit opener->completed();
        });
    }

    template <typename ReadTexts>
    void compareAll(const git::Diff &diff, const ReadTexts &readTexts) const
    {
        std::vector<std::pair<int, FileFacts>> batch;
        Clock::time_point sent = Clock::now();
        const std::size_t total = diff.files.size();
        for (std::size_t file = 0; file < total && !m_stop.stop_requested(); ++file) {
            const SourceTexts source = readTexts(file);
            batch.emplace_back(int(file),
                               compareTexts(diff.files[file].path(), source.texts, source.excerpts));
            if (Clock::now() - sent < batchTime && file + 1 < total)
                continue;
            m_post([opener = &m_opener, batch = std::exchange(batch, {}), done = int(file) + 1, total] {
                opener->m_workspace.setFacts(batch);
                emit opener->compared(done, int(total));
            });
            sent = Clock::now();
        }
        complete();
    }

    Opener &m_opener;
    std::stop_token m_stop;
    const Job::Post &m_post;
};

Opener::Opener(Workspace &workspace, QObject *parent) : QObject(parent), m_workspace(workspace) {}

void Opener::run(const QString &what, std::function<void(const Work &)> work)
{
    m_comparing = true;
    emit started(what);
    m_job.start([this, work = std::move(work)](std::stop_token stop, const Job::Post &post) {
        work(Work(*this, stop, post));
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
    m_job.cancel();
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
