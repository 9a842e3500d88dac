// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/repository_writer.h"
#include "review/sample.h"
#include "tests/support/test_repository.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

class SampleTest : public QObject {
    Q_OBJECT

private:
    QByteArray git(const QString &repository, const QStringList &arguments)
    {
        const tests::GitResult result = tests::runGit(repository, arguments);
        if (!result.ok())
            qFatal("git %s: %s", qPrintable(arguments.join(' ')), result.messages.c_str());
        return QByteArray::fromStdString(result.output);
    }

private slots:
    void gitAgreesWithTheRepository()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath("new/kvstore");
        const auto made = review::makeSampleRepository(path.toStdString());
        QVERIFY2(made, made ? "" : made.error().message.c_str());
        QCOMPARE(QString::fromStdString(*made), path);

        git(path, {"fsck", "--strict"});
        QCOMPARE(git(path, {"status", "--porcelain"}), QByteArray());
        QCOMPARE(git(path, {"branch", "--show-current"}), QByteArray("feature\n"));
        QCOMPARE(git(path, {"rev-list", "--count", "main..feature"}), QByteArray("1\n"));
        QVERIFY(git(path, {"diff", "--name-only", "main", "feature"}).contains(".rs\n"));
    }

    void filesAreThoseOfTheProject()
    {
        const QTemporaryDir folder;
        const auto made = review::makeSampleRepository(folder.filePath("r").toStdString());
        QVERIFY(made);
        QVERIFY(!review::sampleFiles().empty());
        for (const review::SampleFile &file : review::sampleFiles()) {
            const QString name =
                QString::fromStdString(std::string(file.branch) + "/" + std::string(file.path));
            QFile source(QStringLiteral(FERRISCOPE_SOURCE_DIR "/resources/sample/") + name);
            QVERIFY2(source.open(QIODevice::ReadOnly), qPrintable(name));
            const QString branch = file.branch == "base" ? "main" : "feature";
            const QString path = QString::fromStdString(std::string(file.path));
            QCOMPARE(git(folder.filePath("r"), {"show", branch + ":" + path}), source.readAll());
        }
    }

    void idsAreTheSameEachTime()
    {
        const QTemporaryDir folder;
        QVERIFY(review::makeSampleRepository(folder.filePath("a").toStdString()));
        QVERIFY(review::makeSampleRepository(folder.filePath("b").toStdString()));
        const QStringList ids = {"rev-parse", "main", "feature"};
        QCOMPARE(git(folder.filePath("a"), ids), git(folder.filePath("b"), ids));
    }

    void whatSomebodyDidInItIsTold()
    {
        using State = review::SampleState;
        const QTemporaryDir folder;
        const QString path = folder.filePath("r");
        const auto look = [&] { return *review::lookAtSample(path.toStdString()); };
        QVERIFY(!review::lookAtSample(path.toStdString()));
        QVERIFY(review::makeSampleRepository(path.toStdString()));
        QVERIFY(look() == State::Present);
        QFile own(path + "/notes.md");
        QVERIFY(own.open(QIODevice::WriteOnly));
        QVERIFY(look() == State::Present); // the branches are

        git(path, {"add", "-A"});
        git(path, {"commit", "-q", "-m", "Mine"});
        QVERIFY(look() == State::Used);
        git(path, {"reset", "-q", "--soft", "HEAD~2"});
        git(path, {"commit", "-q", "-m", "Instead"});
        QVERIFY(look() == State::Used);
    }

    void anUntouchedOneOfAnotherVersionIsKnown()
    {
        using State = review::SampleState;
        const QTemporaryDir folder;
        const QString path = folder.filePath("r");
        QVERIFY(git::createRepository(path.toStdString(),
                                      {{"main", "Store", {{"src/lib.rs", "pub fn old() {}\n"}}},
                                       {"feature", "Serve", {{"src/lib.rs", "pub fn older() {}\n"}}}}));
        const auto look = [&] { return *review::lookAtSample(path.toStdString()); };
        QVERIFY(look() == State::Earlier);

        QFile changed(path + "/src/lib.rs");
        QVERIFY(changed.open(QIODevice::Append) && changed.write("// mine\n") > 0);
        changed.close();
        QVERIFY(look() == State::Used);
        git(path, {"checkout", "-q", "."});
        QVERIFY(look() == State::Earlier);
        git(path, {"branch", "mine"});
        QVERIFY(look() == State::Used);
    }

    void aFolderInUseIsLeftAlone()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath("mine"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto made = review::makeSampleRepository(folder.path().toStdString());
        QVERIFY(!made);
        QVERIFY(made.error().kind == git::ErrorKind::Conflict);
        QCOMPARE(QDir(folder.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot), QStringList("mine"));
    }
};

QTEST_GUILESS_MAIN(SampleTest)
#include "sample_test.moc"
