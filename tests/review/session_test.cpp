// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/missing_texts.h"
#include "review/session.h"
#include "review/session_database.h"
#include "tests/support/random_session.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

using review::Session;

class SessionTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_names = 0;

    std::string newPath()
    {
        return m_folder.filePath(QStringLiteral("review %1.ferriscope").arg(++m_names)).toStdString();
    }

    static QByteArray bytesOf(const std::string &path)
    {
        QFile file(QString::fromStdString(path));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    static void write(const std::string &path, const QByteArray &bytes)
    {
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(file.write(bytes), bytes.size());
    }

    /// The names in the test's folder: a session must leave nothing beside its file.
    QStringList names() const { return QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden); }

    /// A saved session of some size.
    std::string savedSession(unsigned seed = 5)
    {
        const std::string path = newPath();
        tests::RandomSession random(seed);
        Session session = random.session();
        for (int i = 0; i < 40; ++i)
            session.findings.push_back(random.finding());
        const auto saved = review::saveSession(path, session);
        return saved ? path : std::string();
    }

    void expectRefused(const std::string &path, git::ErrorKind kind, const char *words)
    {
        const QByteArray before = bytesOf(path);
        const QStringList namesBefore = names();
        const auto loaded = review::loadSession(path);
        QVERIFY(!loaded);
        QCOMPARE(loaded.error().kind, kind);
        QVERIFY2(QString::fromStdString(loaded.error().message).contains(QLatin1String(words)),
                 loaded.error().message.c_str());
        QVERIFY(loaded.error().message.find(path) != std::string::npos);
        const auto store = review::SessionStore::open(path);
        QVERIFY(!store);
        QCOMPARE(bytesOf(path), before);
        QCOMPARE(names(), namesBefore);
    }

private slots:
    void comesBackEqual()
    {
        for (unsigned seed = 1; seed <= 150; ++seed) {
            const Session session = tests::RandomSession(seed).session();
            const std::string path = newPath();
            const auto saved = review::saveSession(path, session);
            QVERIFY2(saved.hasValue(), saved ? "" : saved.error().message.c_str());
            const QByteArray bytes = bytesOf(path);
            const auto loaded = review::loadSession(path);
            QVERIFY2(loaded.hasValue(),
                     qPrintable(QStringLiteral("seed %1: %2")
                                    .arg(seed)
                                    .arg(QString::fromStdString(loaded ? "" : loaded.error().message))));
            QVERIFY2(*loaded == session, qPrintable(QStringLiteral("seed %1").arg(seed)));
            QCOMPARE(bytesOf(path), bytes);
        }
        QCOMPARE(names().size(), m_names);
    }

    void growsWhileTheReviewRuns()
    {
        tests::RandomSession random(11);
        Session session = random.session();
        const std::string path = newPath();
        {
            auto store = review::SessionStore::create(path, session);
            QVERIFY(store);
            for (int i = 0; i < 30; ++i) {
                const std::vector<review::Event> events = random.list(4, [&] { return random.event(); });
                for (const review::Event &event : events)
                    review::record(session, event);
                QVERIFY(store->append(events));
            }
            const review::Finding finding = random.finding();
            review::record(session, review::FindingClosed{finding});
            QVERIFY(store->append({review::FindingClosed{finding}}));
            session.decisions[finding.id] = {review::Decision::State::Dismissed, "by design"};
            QVERIFY(store->putDecision(finding.id, &session.decisions[finding.id]));
            session.reviewerNotes.push_back({"n1", finding.place, "look here"});
            QVERIFY(store->putReviewerNote(session.reviewerNotes.back()));
            QVERIFY(store->putViewed("gone", true));
            QVERIFY(store->putViewed("gone", false));
            QVERIFY(store->putViewed("kept", true));
            session.viewed.insert("kept");
            session.applied = {{finding.id, "a.rs", "before\n", "after\n", false}};
            QVERIFY(store->putApplied(session.applied));
            session.files.push_back(random.file());
            QVERIFY(store->putFiles({{session.files.size() - 1, session.files.back()}}));
            // Others read it while it is open.
            const auto meanwhile = review::loadSession(path);
            QVERIFY(meanwhile);
            QVERIFY(*meanwhile == session);
        }
        auto store = review::SessionStore::open(path);
        QVERIFY(store);
        for (const auto &[id, decision] : std::exchange(session.decisions, {}))
            QVERIFY(store->putDecision(id, nullptr));
        session.reviewerNotes.front().text = "rewritten";
        QVERIFY(store->putReviewerNote(session.reviewerNotes.front()));
        QVERIFY(store->putReviewerNote({session.reviewerNotes.back().id, {}, ""}));
        session.reviewerNotes.pop_back();
        session.reviewerNotes.insert(session.reviewerNotes.end(), {"n2", {}, "last"});
        QVERIFY(store->putReviewerNote(session.reviewerNotes.back()));
        const auto loaded = review::loadSession(path);
        QVERIFY(loaded);
        QVERIFY(*loaded == session);
    }

    void aNewRunDropsTheOldOne()
    {
        tests::RandomSession random(3);
        Session first = random.session();
        first.findings.push_back(random.finding());
        const std::string path = newPath();
        auto store = review::SessionStore::create(path, first);
        QVERIFY(store);
        Session second = random.session();
        QVERIFY(store->putScope(second));
        const auto loaded = review::loadSession(path);
        QVERIFY(loaded);
        QVERIFY(loaded->findings.empty() && loaded->coverage.empty() && loaded->ended.empty());
        QVERIFY(loaded->files == second.files);
        QVERIFY(loaded->diff == second.diff);
        QVERIFY(loaded->scope == second.scope);
        QVERIFY(loaded->decisions == first.decisions);
        QVERIFY(loaded->applied == first.applied);
    }

    void replacesNoFile()
    {
        const std::string path = newPath();
        write(path, "mine");
        const auto saved = review::saveSession(path, Session());
        QVERIFY(!saved);
        QCOMPARE(saved.error().kind, git::ErrorKind::Conflict);
        QCOMPARE(bytesOf(path), QByteArray("mine"));
        QFile::remove(QString::fromStdString(path));
        // A journal without its file would be rolled back into a new one.
        write(path + "-journal", "left over");
        QCOMPARE(review::saveSession(path, Session()).error().kind, git::ErrorKind::Conflict);
        QFile::remove(QString::fromStdString(path + "-journal"));
        QVERIFY(review::saveSession(path, Session()));
        QVERIFY(!review::saveSession("/nowhere/at/all.ferriscope", Session()));
    }

    void writesNothingThatCouldNotBeOpened()
    {
        tests::RandomSession random(3);
        Session session = random.session();
        session.findings = {random.finding()};
        session.findings[0].why = std::string(17 << 20, 'x');
        const std::string path = newPath();
        const auto saved = review::saveSession(path, session);
        QVERIFY(!saved);
        QCOMPARE(saved.error().kind, git::ErrorKind::InvalidInput);
        QVERIFY(!QFile::exists(QString::fromStdString(path)));
    }

    void refusesMoreTextThanCanBeOpened()
    {
        const std::string path = newPath();
        auto store = review::SessionStore::create(path, {});
        QVERIFY(store);
        review::ReviewFile file;
        file.texts.oldText = std::string(32 << 20, 'x'); // stored once, however many files hold it
        file.texts.newText = file.texts.oldText;
        git::Result<void> put;
        std::size_t count = 0;
        for (; put && count < 17; ++count)
            put = store->putFiles({{count, file}});
        QVERIFY(!put);
        QCOMPARE(count, std::size_t(17)); // of 64 MiB each: a GiB is as much as a session may hold
        QCOMPARE(put.error().kind, git::ErrorKind::InvalidInput);
        QVERIFY(put.error().message.find("1024 MiB") != std::string::npos);
        QVERIFY(store->putViewed("kept", true)); // what else happens goes on being saved
    }

    void readsTheTextsThatAreMissing()
    {
        Session session;
        session.files.resize(1);
        session.files[0].texts.newKind = git::ContentKind::Text;
        session.diff.files.resize(4);
        const auto read = [&](std::size_t index) -> git::Result<review::ReviewFile> {
            if (index == 1)
                return git::Error{git::ErrorKind::NotFound, "gone"};
            const std::size_t size = index == 2 ? 10 : review::maxShownTextBytes;
            return review::makeShownFile(
                session.diff.files[index],
                {git::ContentKind::Absent, git::ContentKind::Text, {}, std::string(size, '\n')});
        };
        const review::IndexedFiles missing = review::readMissingTexts(session, read, {});
        QCOMPARE(missing.size(), std::size_t(1)); // the first is there, the second gone, the last too large
        QCOMPARE(missing.begin()->first, std::size_t(2));
        const review::ReviewFile &file = missing.begin()->second;
        QCOMPARE(file.hunks.size(), std::size_t(1));
        QCOMPARE(file.chosen, std::vector<bool>{false});
    }

    void refusesWhatIsNoSession()
    {
        QCOMPARE(review::loadSession(newPath()).error().kind, git::ErrorKind::NotFound);
        const std::string path = newPath();
        write(path, "");
        expectRefused(path, git::ErrorKind::Parse, "empty");
        write(path, "fn main() {}\n");
        expectRefused(path, git::ErrorKind::Parse, "no Ferriscope session");
        QFile::remove(QString::fromStdString(path));
        QDir().mkdir(QString::fromStdString(path));
        QCOMPARE(review::loadSession(path).error().kind, git::ErrorKind::Parse);

        const std::string foreign = newPath();
        write(foreign, "");
        {
            auto database = review::Database::open(foreign, review::Database::Access::ReadWrite, foreign);
            QVERIFY(database);
            QVERIFY(database->run("CREATE TABLE bookmark(url TEXT)"));
        }
        expectRefused(foreign, git::ErrorKind::Parse, "another program");
    }

    void refusesANewerVersion()
    {
        const std::string path = savedSession();
        QByteArray bytes = bytesOf(path);
        bytes[63] = 2; // user_version
        write(path, bytes);
        expectRefused(path, git::ErrorKind::InvalidInput, "newer Ferriscope");
    }

    void refusesATableThatIsNotOurs()
    {
        const std::string path = savedSession();
        {
            auto database = review::Database::open(path, review::Database::Access::ReadWrite, path);
            QVERIFY(database);
            QVERIFY(database->run("CREATE TRIGGER t AFTER INSERT ON finding BEGIN DELETE FROM finding; END"));
        }
        expectRefused(path, git::ErrorKind::Parse, "tables");
    }

    void refusesAValueThatWasTamperedWith()
    {
        for (const char *change :
             {"UPDATE finding SET data = '{}' WHERE position = 3", "UPDATE finding SET data = '['",
              "UPDATE decision SET state = 9", "UPDATE file SET old_text = 12345", "DELETE FROM review",
              "UPDATE file SET position = position + 10"}) {
            tests::RandomSession random(8);
            Session session = random.session();
            session.findings = {random.finding(), random.finding(), random.finding()};
            session.decisions["x"] = {};
            session.files = {random.file(), random.file()};
            const std::string path = newPath();
            QVERIFY(review::saveSession(path, session));
            {
                auto database = review::Database::open(path, review::Database::Access::ReadWrite, path);
                QVERIFY(database);
                QVERIFY(database->run(change));
            }
            const QByteArray before = bytesOf(path);
            const auto loaded = review::loadSession(path);
            QVERIFY2(!loaded, change);
            QCOMPARE(loaded.error().kind, git::ErrorKind::Parse);
            QVERIFY(loaded.error().message.find("damaged") != std::string::npos);
            QCOMPARE(bytesOf(path), before);
        }
    }

    void survivesDamage()
    {
        const std::string path = savedSession();
        const QByteArray good = bytesOf(path);
        const auto expected = review::loadSession(path);
        QVERIFY(expected);
        std::mt19937 random(42);
        int refused = 0;
        for (int i = 0; i < 400; ++i) {
            QByteArray bytes = good;
            if (i % 4 == 0)
                bytes.truncate(static_cast<qsizetype>(random() % static_cast<unsigned>(good.size())));
            for (unsigned flips = i % 4 == 0 ? 0 : 1 + random() % 20; flips > 0; --flips) {
                const auto at = static_cast<qsizetype>(random() % static_cast<unsigned>(good.size()));
                bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
            }
            write(path, bytes);
            const auto loaded = review::loadSession(path);
            refused += !loaded;
            QVERIFY2(loaded.hasValue() || !loaded.error().message.empty(), qPrintable(QString::number(i)));
            QCOMPARE(bytesOf(path), bytes);
            if (i % 4 == 0)
                QVERIFY(!loaded);
        }
        QVERIFY(refused > 150);
        QVERIFY(!QFile::exists(QString::fromStdString(path + "-journal")));
    }

    void ignoresAJournalThatNamesAnotherFile()
    {
        const std::string path = savedSession();
        // What SQLite would delete when it follows such a journal.
        const std::string victim = newPath();
        write(victim, "precious");
        const QByteArray magic("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", 8);
        write(path + "-journal", magic + QByteArray(1024, 'x') + QByteArray::fromStdString(victim) + magic);
        const QByteArray before = bytesOf(path);
        QVERIFY(!review::loadSession(path));
        QVERIFY(!review::SessionStore::open(path));
        QCOMPARE(bytesOf(path), before);
        QCOMPARE(bytesOf(victim), QByteArray("precious"));
    }

    void loseNothingWhenKilled()
    {
        int recovered = 0;
        for (int round = 0; round < 50; ++round) {
            const std::string path = newPath();
            QVERIFY(review::saveSession(path, Session()));
            int acknowledgements[2];
            QCOMPARE(pipe(acknowledgements), 0);
            const pid_t writer = fork();
            if (writer == 0) {
                auto store = review::SessionStore::open(path);
                for (int i = 0; store; ++i) {
                    review::Finding finding;
                    finding.id = std::to_string(i);
                    finding.why = std::string(static_cast<std::size_t>(i % 7) * 9000, 'w'); // several pages
                    if (!store->append({review::FindingClosed{finding}}))
                        break;
                    if (::write(acknowledgements[1], &i, sizeof i) != sizeof i)
                        break;
                }
                _exit(0);
            }
            ::close(acknowledgements[1]);
            QTest::qWait(15 + round * 7 % 40);
            kill(writer, SIGKILL);
            waitpid(writer, nullptr, 0);
            int last = -1;
            for (int i = 0; ::read(acknowledgements[0], &i, sizeof i) == sizeof i;)
                last = i;
            ::close(acknowledgements[0]);

            recovered += QFile::exists(QString::fromStdString(path + "-journal"));
            const QByteArray before = bytesOf(path);
            const QByteArray journal = bytesOf(path + "-journal");
            const auto loaded = review::loadSession(path);
            QVERIFY2(loaded.hasValue(), loaded ? "" : loaded.error().message.c_str());
            QCOMPARE(bytesOf(path), before);
            QCOMPARE(bytesOf(path + "-journal"), journal);
            QVERIFY2(static_cast<int>(loaded->findings.size()) > last,
                     qPrintable(QStringLiteral("round %1: %2 acknowledged, %3 there")
                                    .arg(round)
                                    .arg(last + 1)
                                    .arg(loaded->findings.size())));
            for (std::size_t i = 0; i < loaded->findings.size(); ++i)
                QCOMPARE(loaded->findings[i].id, std::to_string(i));
            // And it goes on from there.
            auto store = review::SessionStore::open(path);
            QVERIFY(store);
            QVERIFY(store->append({review::Note{"embedded", "again"}}));
            QCOMPARE(review::loadSession(path)->findings.size(), loaded->findings.size());
            QVERIFY(!QFile::exists(QString::fromStdString(path + "-journal")));
        }
        qInfo("%d of 50 kills left a journal", recovered);
    }

    void isCompleteOnlyWhenAllRunsAre()
    {
        Session session;
        QVERIFY(!session.complete());
        review::record(session, review::Ended{"embedded", review::Ended::State::Complete, {}});
        QVERIFY(session.complete());
        review::record(session,
                       review::Coverage{"a.rs", {}, {}, review::Coverage::State::Skipped, "not Rust"});
        QVERIFY(session.complete());
        review::record(session,
                       review::Coverage{"b.rs", {}, {}, review::Coverage::State::Failed, "too large"});
        QVERIFY(!session.complete());
    }

    void aViewedMarkFallsWithTheContent()
    {
        git::FileDelta delta{git::FileStatus::Modified, {"a.rs", "11", 0100644}, {"a.rs", "22", 0100644}, 0};
        const std::string key = review::viewedKey(delta);
        delta.newSide.id = "33";
        QVERIFY(review::viewedKey(delta) != key);
    }

    void holdsALargeReview()
    {
        tests::RandomSession random(1);
        Session session;
        for (int i = 0; i < 500; ++i)
            session.findings.push_back(random.finding());
        for (int i = 0; i < 200; ++i) {
            review::ReviewFile file = random.file();
            for (std::string *text : {&file.texts.oldText, &file.texts.newText}) {
                text->clear();
                while (text->size() < 50'000)
                    text->append("line ").append(std::to_string(random.number(1u << 30))).append("\n");
            }
            session.files.push_back(std::move(file));
        }
        const std::string path = newPath();
        QElapsedTimer timer;
        timer.start();
        QVERIFY(review::saveSession(path, session));
        const qint64 saved = timer.restart();
        const auto loaded = review::loadSession(path);
        const qint64 read = timer.restart();
        QVERIFY(loaded && *loaded == session);
        qInfo("500 findings, 200 pairs: %.1f MB, saved in %lld ms, loaded in %lld ms",
              double(bytesOf(path).size()) / 1e6, saved, read);
    }
};

QTEST_GUILESS_MAIN(SessionTest)
#include "session_test.moc"
