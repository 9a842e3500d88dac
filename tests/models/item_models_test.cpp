// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/file_tree_model.h"
#include "models/findings_model.h"
#include "models/path_tree.h"
#include "models/review_lists.h"
#include "review/report.h"
#include "tests/support/scripted_expert.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace models;
using review::Section;
using review::Severity;
using tests::makeFinding;

namespace {

Opened openedWith(const std::vector<std::string> &paths)
{
    Opened opened;
    opened.kind = Opened::Kind::Repository;
    opened.path = "/store";
    for (const std::string &path : paths)
        opened.session.diff.files.push_back(
            {git::FileStatus::Modified, {path, "a", 0100644}, {path, "b", 0100644}, 0});
    return opened;
}

FileFacts factsWith(std::vector<std::string> hunks, git::LineCounts counts)
{
    FileFacts facts;
    facts.known = true;
    facts.counts = counts;
    facts.chosen.resize(hunks.size());
    facts.hunks = std::move(hunks);
    return facts;
}

/// The tree as text, a row a line, children indented.
QString printTree(const QAbstractItemModel &model, const QModelIndex &parent = {}, int depth = 0)
{
    QString text;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        text += QString(depth * 2, QLatin1Char(' ')) + index.data().toString() + QLatin1Char('\n');
        text += printTree(model, index, depth + 1);
    }
    return text;
}

} // namespace

class ItemModelsTest : public QObject {
    Q_OBJECT

private slots:
    void treeMergesFoldersAndPutsThemFirst();
    void hunksOfRustFilesAreChosenAsTheyBecomeKnown();
    void pathIsTheFileThatHasItNow();
    void marksOfFilesNotYetComparedOutliveARefresh();
    void anOutdatedReviewSaysSoUntilItIsRenewed();
    void pathsAreNoMarkup();
    void oneClickOnAFolderChoosesAllBelow();
    void findingsAreInsertedBySeverityAndNeverReset();
    void questionsAreFoldedBelow();
    void dismissedFindingsNoLongerCount();
    void coverageSaysWhatWasSkipped();
    void allFilesKnowWhichOnesChanged();
};

void ItemModelsTest::treeMergesFoldersAndPutsThemFirst()
{
    Workspace workspace;
    FileTreeModel model(workspace, FileTreeModel::Content::Changed);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);

    workspace.open(openedWith({"README", "a/b/c/deep.rs", "src/lib.rs", "src/net/mod.rs", "zeta.rs"}));

    QCOMPARE(printTree(model),
             QStringLiteral("a/b/c\n  deep.rs\nsrc\n  net\n    mod.rs\n  lib.rs\nREADME\nzeta.rs\n"));
    QCOMPARE(model.order(), (std::vector<int>{1, 3, 2, 0, 4}));
    QCOMPARE(model.indexOfFile(3).data().toString(), QStringLiteral("mod.rs"));
}

void ItemModelsTest::hunksOfRustFilesAreChosenAsTheyBecomeKnown()
{
    Workspace workspace;
    FileTreeModel model(workspace, FileTreeModel::Content::Changed);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    workspace.open(openedWith({"src/lib.rs", "notes.txt"}));
    QVERIFY(!model.indexOfFile(0).data(Qt::CheckStateRole).isValid());

    workspace.setFacts({{0, factsWith({"h1", "h2"}, {5, 2})}, {1, factsWith({"h3"}, {1, 0})}});

    QCOMPARE(model.indexOfFile(0).data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
    QCOMPARE(model.indexOfFile(1).data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
    QCOMPARE(model.indexOfFile(0).data(AddedRole).toInt(), 5);
    QCOMPARE(workspace.chosenCount(), 2);
    workspace.choose(Choice::All);
    QCOMPARE(workspace.chosenCount(), 3);
    workspace.chooseHunk(0, QStringLiteral("h1"), false);
    QCOMPARE(model.indexOfFile(0).data(Qt::CheckStateRole).toInt(), int(Qt::PartiallyChecked));
    QVERIFY(workspace.selection().hunks.contains({"src/lib.rs", "h2"}));
    QVERIFY(!workspace.selection().hunks.contains({"src/lib.rs", "h1"}));
}

void ItemModelsTest::pathIsTheFileThatHasItNow()
{
    Workspace workspace;
    Opened opened = openedWith({"a.rs", "z.rs"});
    opened.session.diff.files[0].status = git::FileStatus::Renamed;
    opened.session.diff.files[0].oldSide.path = "z.rs"; // z.rs went to a.rs, and there is a new z.rs
    workspace.open(opened);

    QCOMPARE(workspace.fileIndex("a.rs"), 0);
    QCOMPARE(workspace.fileIndex("z.rs"), 1);
}

void ItemModelsTest::marksOfFilesNotYetComparedOutliveARefresh()
{
    Workspace workspace;
    workspace.open(openedWith({"a.rs", "b.rs"}));
    workspace.setViewed(1, true);

    workspace.refresh(openedWith({"new.rs", "a.rs", "b.rs"}));

    QVERIFY(workspace.isViewed(2));
    QVERIFY(!workspace.isViewed(1));
}

void ItemModelsTest::anOutdatedReviewSaysSoUntilItIsRenewed()
{
    Workspace workspace;
    workspace.open(openedWith({"a.rs"}));
    workspace.record({review::Ended{"embedded", review::Ended::State::Complete, {}}});
    const auto saysSo = [&] {
        return review::renderMarkdown(workspace.opened().whole()).find("changed after this review");
    };

    workspace.refresh(openedWith({"a.rs", "b.rs"}));
    workspace.refresh(openedWith({"a.rs", "b.rs", "c.rs"}));

    const std::size_t said = saysSo();
    QVERIFY(said != std::string::npos);
    QCOMPARE(workspace.session().leftOut.size(), std::size_t(1));
    workspace.renewReview({}, {review::Ended{"embedded", review::Ended::State::Complete, {}}});
    QCOMPARE(saysSo(), std::string::npos);
}

void ItemModelsTest::pathsAreNoMarkup()
{
    Workspace workspace;
    FileTreeModel model(workspace, FileTreeModel::Content::Changed);
    workspace.open(openedWith({"<img src=x>.rs"}));

    const QString toolTip = model.indexOfFile(0).data(Qt::ToolTipRole).toString();

    QVERIFY(toolTip.contains(QStringLiteral("&lt;img")));
    QVERIFY(!toolTip.contains(QStringLiteral("<img")));
}

void ItemModelsTest::oneClickOnAFolderChoosesAllBelow()
{
    Workspace workspace;
    FileTreeModel model(workspace, FileTreeModel::Content::Changed);
    workspace.open(openedWith({"src/a.rs", "src/b.rs", "other.rs"}));
    workspace.setFacts({{0, factsWith({"h1"}, {})}, {1, factsWith({"h2"}, {})}, {2, factsWith({"h3"}, {})}});
    QSignalSpy changed(&workspace, &Workspace::selectionChanged);

    const QModelIndex folder = model.index(0, 0);
    QVERIFY(model.setData(folder, Qt::Unchecked, Qt::CheckStateRole));

    QCOMPARE(changed.count(), 1);
    QCOMPARE(workspace.chosenCount(), 1);
    QCOMPARE(folder.data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
}

void ItemModelsTest::findingsAreInsertedBySeverityAndNeverReset()
{
    Workspace workspace;
    workspace.open(openedWith({"src/db.rs"}));
    FindingsModel model(workspace, Section::Concurrency);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);

    workspace.record({review::FindingClosed{makeFinding("low", Section::Concurrency, Severity::Low, 1)}});
    const QPersistentModelIndex low = model.indexOfFinding(QStringLiteral("low"));
    workspace.record(
        {review::FindingClosed{makeFinding("elsewhere", Section::Critical, Severity::Critical, 2)},
         review::FindingClosed{makeFinding("high", Section::Concurrency, Severity::High, 3)}});

    QCOMPARE(model.ids(), (QStringList{QStringLiteral("high"), QStringLiteral("low")}));
    QCOMPARE(low.row(), 1); // the reader's row moved with its finding
    QCOMPARE(resets.count(), 0);
    QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("high is locked twice"));
    QCOMPARE(model.index(0, 0).data(PlaceTextRole).toString(), QStringLiteral("src/db.rs:4"));
}

void ItemModelsTest::questionsAreFoldedBelow()
{
    Workspace workspace;
    workspace.open(openedWith({"src/db.rs"}));
    FindingsModel model(workspace, Section::Critical);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    review::Finding question = makeFinding("maybe", Section::Critical, Severity::Critical, 1);
    question.tier = review::Tier::Question;

    workspace.record({review::FindingClosed{question}});
    workspace.record({review::FindingClosed{makeFinding("sure", Section::Critical, Severity::Low, 2)}});
    question.id = "maybe2";
    workspace.record({review::FindingClosed{question}});

    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(0, 0).data(FindingIdRole).toString(), QStringLiteral("sure"));
    QCOMPARE(model.index(1, 0).data().toString(), QStringLiteral("Questions (2)"));
    QCOMPARE(model.rowCount(model.index(1, 0)), 2);
    workspace.beginReview({});
    QCOMPARE(model.rowCount(), 0);
}

void ItemModelsTest::dismissedFindingsNoLongerCount()
{
    Workspace workspace;
    FileTreeModel tree(workspace, FileTreeModel::Content::Changed);
    workspace.open(openedWith({"src/db.rs"}));
    FindingsModel model(workspace, Section::Critical);
    workspace.record({review::FindingClosed{makeFinding("one", Section::Critical, Severity::High, 1)},
                      review::FindingClosed{makeFinding("two", Section::Critical, Severity::Low, 2)}});
    QCOMPARE(tree.indexOfFile(0).data(FindingCountRole).toInt(), 2);
    QCOMPARE(tree.indexOfFile(0).data(SeverityRole).toInt(), int(Severity::High));

    workspace.decide(QStringLiteral("one"),
                     review::Decision{review::Decision::State::Dismissed, "by design"});

    QCOMPARE(tree.indexOfFile(0).data(FindingCountRole).toInt(), 1);
    QCOMPARE(tree.indexOfFile(0).data(SeverityRole).toInt(), int(Severity::Low));
    QCOMPARE(model.openCount(), 1);
    QCOMPARE(model.indexOfFinding(QStringLiteral("one")).data(DecisionRole).toInt(), 1);
    QVERIFY(makeRecommendationLines(workspace).size() <= 1);
}

void ItemModelsTest::coverageSaysWhatWasSkipped()
{
    Workspace workspace;
    ReviewListModel model(workspace, makeCoverageLines);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    workspace.open(openedWith({"big.rs"}));

    workspace.record({review::Coverage{"big.rs", {}, {}, review::Coverage::State::Skipped, "too large"},
                      review::Coverage{"fine.rs", "h", {0, 3}, review::Coverage::State::Reviewed, {}},
                      review::Ended{"scripted", review::Ended::State::Stopped, "by you"}});

    QTRY_COMPARE(model.rowCount(), 2);
    QVERIFY(model.index(0).data().toString().contains(QStringLiteral("stopped")));
    QCOMPARE(model.index(1).data(DetailRole).toString(), QStringLiteral("too large"));
}

void ItemModelsTest::allFilesKnowWhichOnesChanged()
{
    Workspace workspace;
    FileTreeModel model(workspace, FileTreeModel::Content::All);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    workspace.open(openedWith({"src/db.rs"}));

    model.setAllFiles({{"src/db.rs", "b", 0100644, 10}, {"src/other.rs", "c", 0100644, 10}});

    QCOMPARE(printTree(model), QStringLiteral("src\n  db.rs\n  other.rs\n"));
    QCOMPARE(model.index(0, 0, model.index(0, 0)).data(FileRole).toInt(), 0);
    QVERIFY(model.treeFile(model.index(1, 0, model.index(0, 0))));
    QVERIFY(!model.treeFile(model.index(0, 0, model.index(0, 0))));
}

QTEST_GUILESS_MAIN(ItemModelsTest)
#include "item_models_test.moc"
