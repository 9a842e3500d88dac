// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/session_keeper.h"

#include "models/file_source.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <filesystem>

namespace models {

namespace {

using review::SessionStore;
using Store = SessionWriter::Store;

std::vector<review::Event> lastingOnly(const std::vector<review::Event> &events)
{
    std::vector<review::Event> lasting;
    for (const review::Event &event : events)
        if (!std::holds_alternative<review::Progressed>(event) &&
            !std::holds_alternative<review::PassStarted>(event))
            lasting.push_back(event);
    return lasting;
}

QString newPath(const QString &folder, const Opened &opened)
{
    QString name = QFileInfo(QString::fromStdString(opened.path)).completeBaseName();
    name.replace(QLatin1Char('/'), QLatin1Char('-'));
    const QString when = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss-zzz"));
    return QStringLiteral("%1/%2-%3.ferriscope")
        .arg(folder, when, name.isEmpty() ? QStringLiteral("review") : name);
}

git::Result<void> openStore(Store &store, const std::string &path)
{
    git::Result<review::SessionStore> file = review::SessionStore::open(path);
    if (!file)
        return file.error();
    store.emplace(std::move(*file));
    return {};
}

git::Result<void> replaceWith(const review::Session &session, const std::string &path)
{
    const QString part = QString::fromStdString(path) + QStringLiteral(".part");
    QFile::remove(part);
    if (const git::Result<void> written = review::saveSession(part.toStdString(), session); !written)
        return written;
    // At once: a crash in between leaves the old file or the new one.
    std::error_code failure;
    std::filesystem::rename(part.toStdString(), path, failure);
    if (failure)
        return git::Error{git::ErrorKind::Io, "Cannot write " + path + ". Choose another folder."};
    return {};
}

/// With both sides of each file, as far as they can be read.
review::Session withAllTexts(const Opened &opened, std::stop_token stop)
{
    review::Session session = opened.whole();
    session.files.resize(session.diff.files.size());
    for (std::size_t file = 0; file < session.files.size(); ++file)
        session.files[file].delta = session.diff.files[file];
    for (auto &[file, whole] : readMissingTexts(opened, stop))
        session.files[file] = std::move(whole);
    return session;
}

} // namespace

SessionKeeper::SessionKeeper(Workspace &workspace, const QString &folder, QObject *parent)
    : QObject(parent)
    , m_workspace(workspace)
    , m_folder(folder)
{
    connect(&m_writer, &SessionWriter::waiting, this, [this](const QString &reason) {
        m_waiting = true;
        emit waiting(reason);
    });
    connect(&m_writer, &SessionWriter::caughtUp, this, &SessionKeeper::endWaiting);
    connect(&m_writer, &SessionWriter::gaveUp, this, &SessionKeeper::failed);
    connect(&m_workspace, &Workspace::replaced, this, [this] {
        m_start.reset();
        m_path = m_workspace.opened().kind == Opened::Kind::Session
                     ? QString::fromStdString(m_workspace.opened().path)
                     : QString();
        m_writer.close();
        endWaiting();
    });
    followReview();
    followReviewer();
}

void SessionKeeper::endWaiting()
{
    if (std::exchange(m_waiting, false))
        emit caughtUp();
}

/// Says how the file is begun by whatever is written first.
void SessionKeeper::prepare()
{
    const Opened &opened = m_workspace.opened();
    if (opened.kind == Opened::Kind::Session) {
        m_start =
            std::make_shared<Start>([path = opened.path](Store &store) { return openStore(store, path); });
        return;
    }
    m_path = newPath(m_folder, opened);
    m_start = std::make_shared<Start>([folder = m_folder, path = m_path.toStdString(), opened,
                                       made = std::make_shared<bool>(false)](Store &store) {
        if (*made)
            return openStore(store, path);
        QDir().mkpath(folder);
        git::Result<review::SessionStore> file = review::SessionStore::create(path, opened.whole());
        if (!file)
            return git::Result<void>(file.error());
        *made = true;
        store.emplace(std::move(*file));
        return git::Result<void>();
    });
}

/// True: the file soon will be as the workspace is now. False: it was there before, or is made from an
/// earlier state, and needs the change.
bool SessionKeeper::begin()
{
    if (m_start)
        return false;
    prepare();
    return m_workspace.opened().kind != Opened::Kind::Session;
}

void SessionKeeper::change(Change write)
{
    const bool whole = begin();
    m_writer.add(
        [write = whole ? Change() : std::move(write), start = m_start](Store &store, std::stop_token stop) {
            if (!store)
                if (const git::Result<void> started = (*start)(store); !started)
                    return started;
            return write ? write(*store, stop) : git::Result<void>();
        });
}

/// What the review finds.
void SessionKeeper::followReview()
{
    connect(&m_workspace, &Workspace::reviewBegun, this, &SessionKeeper::putScope);
    connect(&m_workspace, &Workspace::recorded, this, [this](const std::vector<review::Event> &events) {
        append(events);
        if (!events.empty() && std::holds_alternative<review::Ended>(events.back()))
            addTexts();
    });
    // What a review is about to replace stays in the file until it does.
    connect(&m_workspace, &Workspace::refreshed, this, [this] {
        if (m_start && !m_workspace.isReviewOutdated())
            putScope();
    });
    connect(&m_workspace, &Workspace::reviewRenewed, this, [this](const std::vector<review::Event> &events) {
        const bool wasBegun = m_start != nullptr;
        putScope();
        if (wasBegun)
            append(events); // a new file is made of the workspace, which has them
        addTexts();
    });
}

void SessionKeeper::putScope()
{
    change([opened = m_workspace.opened()](SessionStore &store, std::stop_token) {
        return store.putScope(opened.whole());
    });
}

void SessionKeeper::append(const std::vector<review::Event> &events)
{
    const std::vector<review::Event> lasting = lastingOnly(events);
    if (!lasting.empty())
        change([lasting](SessionStore &store, std::stop_token) { return store.append(lasting); });
}

/// Of the files that the review did not read.
void SessionKeeper::addTexts()
{
    change([opened = m_workspace.opened()](SessionStore &store, std::stop_token stop) {
        return store.putFiles(readMissingTexts(opened, stop));
    });
}

/// What the reviewer does.
void SessionKeeper::followReviewer()
{
    connect(&m_workspace, &Workspace::decided, this, [this](const QString &finding) {
        const review::Decision *decision = m_workspace.decision(finding);
        change([finding = finding.toStdString(),
                decision = decision ? std::optional(*decision) : std::nullopt](SessionStore &store,
                                                                               std::stop_token) {
            return store.putDecision(finding, decision ? &*decision : nullptr);
        });
    });
    connect(&m_workspace, &Workspace::appliedChanged, this, [this] {
        change([applied = m_workspace.session().applied](SessionStore &store, std::stop_token) {
            return store.putApplied(applied);
        });
    });
    connect(&m_workspace, &Workspace::viewedChanged, this, [this](int file) {
        if (m_workspace.viewedKey(file).empty())
            return; // told again with its key
        change([key = m_workspace.viewedKey(file), viewed = m_workspace.isViewed(file)](
                   SessionStore &store, std::stop_token) { return store.putViewed(key, viewed); });
    });
    connect(&m_workspace, &Workspace::notePut, this, [this](const review::ReviewerNote &note) {
        change([note](SessionStore &store, std::stop_token) { return store.putReviewerNote(note); });
    });
}

void SessionKeeper::saveAs(const QString &path)
{
    if (!m_start)
        prepare();
    const QString before = std::exchange(m_path, path);
    const auto write = [opened = m_workspace.opened(), path = path.toStdString(),
                        start = m_start](Store &store, std::stop_token stop) {
        const review::Session session = withAllTexts(opened, stop);
        store.reset();
        git::Result<void> written = replaceWith(session, path);
        if (written)
            written = openStore(store, path);
        // What can't be saved there goes on being saved where it was: the next change starts it.
        if (written)
            *start = [path](Store &store) { return openStore(store, path); };
        return written;
    };
    m_writer.addWhole(write, [this, path, before](const git::Result<void> &written) {
        if (written) {
            endWaiting();
            emit saved(path);
            return;
        }
        if (m_path == path)
            m_path = before;
        emit failed(QString::fromStdString(written.error().message));
    });
}

} // namespace models
