// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_repository.h"
#include "ui/revision_picker.h"

#include <QApplication>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using tests::TestRepository;
using ui::RevisionPicker;

class RevisionPickerTest : public QObject {
    Q_OBJECT

private slots:
    void nameOfABranchAndATagIsNotConfused();
    void whatIsTypedIsTaken();

private:
    git::Endpoint pick(RevisionPicker &picker, const QString &typed);
};

git::Endpoint RevisionPickerTest::pick(RevisionPicker &picker, const QString &typed)
{
    git::Endpoint picked;
    const auto connection = connect(&picker, &RevisionPicker::picked, &picker,
                                    [&](const git::Endpoint &endpoint) { picked = endpoint; });
    picker.click();
    auto *text = picker.findChild<QLineEdit *>();
    QTest::keyClicks(text, typed);
    QTest::keyClick(text, Qt::Key_Return);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    disconnect(connection);
    return picked;
}

void RevisionPickerTest::nameOfABranchAndATagIsNotConfused()
{
    TestRepository repository;
    repository.write("a", "1");
    repository.commit();
    repository.git({QStringLiteral("tag"), QStringLiteral("v1")});
    repository.git(
        {QStringLiteral("checkout"), QStringLiteral("-q"), QStringLiteral("-b"), QStringLiteral("v1")});
    repository.write("a", "2");
    const std::string onBranch = repository.commit();
    const auto opened = git::Repository::open(repository.root());
    QVERIFY(opened);
    RevisionPicker picker(RevisionPicker::Role::Head);
    picker.setReferences(opened->references());
    picker.show();

    const git::Endpoint branch = pick(picker, QStringLiteral("v1 (branch"));
    QCOMPARE(branch.revision, std::string("refs/heads/v1"));
    QCOMPARE(pick(picker, QStringLiteral("v1 (tag")).revision, std::string("refs/tags/v1"));
    QCOMPARE(pick(picker, QStringLiteral("main")).revision, std::string("refs/heads/main"));

    git::Range range;
    range.kind = git::Range::Kind::Two;
    range.base = {git::Endpoint::Kind::Treeish, "refs/tags/v1"};
    range.head = branch;
    const auto diff = opened->diff(range);
    QVERIFY(diff);
    QCOMPARE(diff->head.id, onBranch);
    QCOMPARE(diff->files.size(), std::size_t(1));
    QCOMPARE(diff->head.name, std::string("v1")); // people read the short one
}

void RevisionPickerTest::whatIsTypedIsTaken()
{
    RevisionPicker picker(RevisionPicker::Role::Base);
    picker.setReferences({{"main", "1", "refs/heads/main"}});
    picker.show();
    QCOMPARE(pick(picker, QStringLiteral("HEAD~3")).revision, std::string("HEAD~3"));
}

QTEST_MAIN(RevisionPickerTest)
#include "revision_picker_test.moc"
