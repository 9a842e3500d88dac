// SPDX-License-Identifier: GPL-3.0-or-later
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
