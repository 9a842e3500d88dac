// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/session_keeper.h"

#include "models/file_source.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>

namespace models {

namespace {

using Store = std::optional<review::SessionStore>;
using Write = std::function<git::Result<void>(Store &, std::stop_token)>;

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

} // namespace

/// The thread that owns the session file.
class SessionKeeper::Writer {
public:
    explicit Writer(SessionKeeper &keeper) : m_keeper(keeper)
    {
        m_thread = std::jthread([this](std::stop_token stop) { run(stop); });
    }

    void add(Write write)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_writes.push_back(std::move(write));
        }
        m_added.notify_one();
    }

private:
    /// Ends when asked to and nothing is left to write.
    void run(std::stop_token stop)
    {
        Store store;
        while (true) {
            Write write;
            {
                std::unique_lock lock(m_mutex);
                m_added.wait(lock, stop, [this] { return !m_writes.empty(); });
                if (m_writes.empty())
                    return;
                write = std::move(m_writes.front());
                m_writes.pop_front();
            }
            const git::Result<void> written = write(store, stop);
            if (!written)
                QMetaObject::invokeMethod(
                    &m_keeper,
                    [keeper = &m_keeper, message = QString::fromStdString(written.error().message)] {
                        emit keeper->failed(message);
                    },
                    Qt::QueuedConnection);
        }
    }

    SessionKeeper &m_keeper;
    std::mutex m_mutex;
    std::condition_variable_any m_added;
    std::deque<Write> m_writes;
    std::jthread m_thread;
};

SessionKeeper::SessionKeeper(Workspace &workspace, const QString &folder, QObject *parent)
    : QObject(parent)
    , m_workspace(workspace)
    , m_folder(folder)
    , m_writer(std::make_unique<Writer>(*this))
{
    follow();
}

SessionKeeper::~SessionKeeper() = default;

/// True: the file is as the workspace is now, or soon will be. False: it was there before and only needs the
/// change.
bool SessionKeeper::begin()
{
    if (m_begun)
        return false;
    m_begun = true;
    const Opened &opened = m_workspace.opened();
    if (opened.kind == Opened::Kind::Session) {
        m_writer->add([path = opened.path](Store &store, std::stop_token) -> git::Result<void> {
            return openStore(store, path);
        });
        return false;
    }
    QDir().mkpath(m_folder);
    m_path = newPath(m_folder, opened);
    m_writer->add([path = m_path.toStdString(),
                   session = opened.session](Store &store, std::stop_token) -> git::Result<void> {
        git::Result<review::SessionStore> file = review::SessionStore::create(path, session);
        if (!file)
            return file.error();
        store.emplace(std::move(*file));
        return {};
    });
    return true;
}

void SessionKeeper::follow()
{
    const auto change = [this](auto write) {
        if (!begin())
            m_writer->add([write](Store &store, std::stop_token stop) -> git::Result<void> {
                return store ? write(*store, stop) : git::Result<void>();
            });
    };
    using review::SessionStore;
    connect(&m_workspace, &Workspace::replaced, this, [this] {
        m_begun = false;
        m_path = m_workspace.opened().kind == Opened::Kind::Session
                     ? QString::fromStdString(m_workspace.opened().path)
                     : QString();
        m_writer->add([](Store &store, std::stop_token) {
            store.reset();
            return git::Result<void>();
        });
    });
    connect(&m_workspace, &Workspace::reviewBegun, this, [this, change] {
        change([session = m_workspace.session()](SessionStore &store, std::stop_token) {
            return store.putScope(session);
        });
    });
    connect(&m_workspace, &Workspace::recorded, this,
            [change, this](const std::vector<review::Event> &events) {
                change([lasting = lastingOnly(events)](SessionStore &store, std::stop_token) {
                    return lasting.empty() ? git::Result<void>() : store.append(lasting);
                });
                if (!events.empty() && std::holds_alternative<review::Ended>(events.back()))
                    change([opened = m_workspace.opened()](SessionStore &store, std::stop_token stop) {
                        return store.putFiles(readMissingTexts(opened, stop));
                    });
            });
    connect(&m_workspace, &Workspace::decided, this, [change, this](const QString &finding) {
        const review::Decision *decision = m_workspace.decision(finding);
        change([finding = finding.toStdString(),
                decision = decision ? std::optional(*decision) : std::nullopt](SessionStore &store,
                                                                               std::stop_token) {
            return store.putDecision(finding, decision ? &*decision : nullptr);
        });
    });
    connect(&m_workspace, &Workspace::appliedChanged, this, [change, this] {
        change([applied = m_workspace.session().applied](SessionStore &store, std::stop_token) {
            return store.putApplied(applied);
        });
    });
    connect(&m_workspace, &Workspace::viewedChanged, this, [change, this](int file) {
        const std::string key = review::viewedKey(m_workspace.diff().files[std::size_t(file)]);
        change([key, viewed = m_workspace.isViewed(file)](SessionStore &store, std::stop_token) {
            return store.putViewed(key, viewed);
        });
    });
    connect(&m_workspace, &Workspace::notePut, this, [change](const review::ReviewerNote &note) {
        change([note](SessionStore &store, std::stop_token) { return store.putReviewerNote(note); });
    });
}

/// After a failed save as `failed`; a file that was not begun is begun by the next change, with everything.
void SessionKeeper::returnTo(const QString &before, const QString &failed)
{
    if (m_path != failed)
        return;
    m_path = before;
    m_begun = !before.isEmpty();
}

void SessionKeeper::saveAs(const QString &path)
{
    m_begun = true;
    const QString before = std::exchange(m_path, path);
    m_writer->add([this, opened = m_workspace.opened(), path,
                   before](Store &store, std::stop_token stop) mutable -> git::Result<void> {
        review::Session &session = opened.session;
        session.files.resize(session.diff.files.size());
        for (std::size_t file = 0; file < session.files.size(); ++file)
            session.files[file].delta = session.diff.files[file];
        for (auto &[file, whole] : readMissingTexts(opened, stop))
            session.files[file] = std::move(whole);
        store.reset();
        git::Result<void> written = replaceWith(session, path.toStdString());
        if (written)
            written = openStore(store, path.toStdString());
        if (!written) {
            // What could not be saved there goes on being saved where it was.
            if (!before.isEmpty())
                static_cast<void>(openStore(store, before.toStdString()));
            QMetaObject::invokeMethod(
                this, [this, path, before] { returnTo(before, path); }, Qt::QueuedConnection);
            return written;
        }
        QMetaObject::invokeMethod(
            this, [this, path] { emit saved(path); }, Qt::QueuedConnection);
        return {};
    });
}

} // namespace models
