// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/renames.h"

#include <QTest>

#include <algorithm>

namespace {

/// Files of a hundred lines each, a few of them other after the move; the name says which file it is.
class MovedFiles : public git::RenameContents {
public:
    std::string id(const git::FileSide &side) const override { return side.path; }
    std::optional<std::uint64_t> size(const git::FileSide &side) const override
    {
        return bytes(side)->size();
    }
    std::optional<std::string> bytes(const git::FileSide &side) const override
    {
        const std::size_t slash = side.path.find('/');
        std::string text = "in " + side.path.substr(0, slash) + '\n';
        for (int line = 1; line < 100; ++line)
            text += side.path.substr(slash) + " line " + std::to_string(line) + '\n';
        return text;
    }
};

std::vector<git::FileDelta> movedFiles(int count)
{
    std::vector<git::FileDelta> files;
    for (int i = 0; i < count; ++i) {
        git::FileDelta gone, born;
        gone.status = git::FileStatus::Deleted;
        gone.oldSide = {"old/file" + std::to_string(i), {}, 0100644};
        born.status = git::FileStatus::Added;
        born.newSide = {"new/file" + std::to_string(i), {}, 0100644};
        files.push_back(gone);
        files.push_back(born);
    }
    return files;
}

std::ptrdiff_t renamed(const std::vector<git::FileDelta> &files)
{
    return std::count_if(files.begin(), files.end(),
                         [](const git::FileDelta &file) { return file.status == git::FileStatus::Renamed; });
}

} // namespace

class RenamesTest : public QObject {
    Q_OBJECT

private slots:
    void findsThemAll()
    {
        std::vector<git::FileDelta> files = movedFiles(10);
        QVERIFY(git::findRenames(files, MovedFiles(), {}));
        QCOMPARE(renamed(files), std::ptrdiff_t(10));
        QCOMPARE(files.size(), std::size_t(10));
    }

    void leavesTheRestWhereMemoryEnds()
    {
        std::vector<git::FileDelta> files = movedFiles(10);
        QVERIFY(!git::findRenames(files, MovedFiles(), {}, 500)); // of some hundred chunks a file
        QVERIFY(renamed(files) > 0);
        QVERIFY(renamed(files) < 10);
        QCOMPARE(files.size(), std::size_t(20 - renamed(files))); // the others stay deleted and added
    }
};

QTEST_GUILESS_MAIN(RenamesTest)
#include "renames_test.moc"
