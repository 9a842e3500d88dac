// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/own_files.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using models::OwnFiles;

class OwnFilesTest : public QObject {
    Q_OBJECT

private slots:
    void savedReviewAndWhatIsBesideIt();
    void foldersAreOwnAsAWhole();
    void whatIsAboveTheWorkTreeIsNotAllOfIt();
    void linksLeadToTheSameFile();
};

void OwnFilesTest::savedReviewAndWhatIsBesideIt()
{
    const QTemporaryDir tree;
    const OwnFiles own(tree.path().toStdString(), {QString(), tree.filePath(QStringLiteral("x.ferriscope"))});
    for (const char *path : {"x.ferriscope", "x.ferriscope-journal", "x.ferriscope-wal", "x.ferriscope-shm",
                             "x.ferriscope.part", "x.ferriscope.part-journal"})
        QVERIFY2(own.has(path), path);
    for (const char *path : {"x.ferriscope2", "x.ferriscope.rs", "src/x.ferriscope", "src/main.rs"})
        QVERIFY2(!own.has(path), path);
}

void OwnFilesTest::foldersAreOwnAsAWhole()
{
    const QTemporaryDir tree;
    QVERIFY(QDir(tree.path()).mkpath(QStringLiteral(".cache/ferriscope")));
    const OwnFiles own(tree.path().toStdString(), {tree.filePath(QStringLiteral(".cache/ferriscope"))});
    QVERIFY(own.has(".cache/ferriscope/trees-1.sqlite"));
    QVERIFY(!own.has(".cache/ferriscope2/main.rs"));
    QVERIFY(!own.has(".cache/main.rs"));
}

/// As the sample is, which is made in the folder of the program's data.
void OwnFilesTest::whatIsAboveTheWorkTreeIsNotAllOfIt()
{
    const QTemporaryDir data;
    QVERIFY(QDir(data.path()).mkpath(QStringLiteral("sample")));
    const QString tree = data.filePath(QStringLiteral("sample"));
    QVERIFY(!OwnFiles(tree.toStdString(), {data.path(), tree}).has("src/main.rs"));
}

void OwnFilesTest::linksLeadToTheSameFile()
{
    const QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("tree")));
    QVERIFY(QFile::link(folder.filePath(QStringLiteral("tree")), folder.filePath(QStringLiteral("link"))));
    const OwnFiles own(folder.filePath(QStringLiteral("tree")).toStdString(),
                       {folder.filePath(QStringLiteral("link/x.ferriscope"))});
    QVERIFY(own.has("x.ferriscope"));
}

QTEST_GUILESS_MAIN(OwnFilesTest)
#include "own_files_test.moc"
