// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/scripted_expert.h"
#include "ui/commands.h"
#include "ui/finding_detail.h"
#include "ui/finding_document.h"

#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>

using review::Section;
using review::Severity;

class DetailTest : public QObject {
    Q_OBJECT

private slots:
    void tellsEverythingInOrder();
    void hostileTextsStayText();
    void placesAreLinksThatLeadThere();
    void scenarioIsWalkedByKey();

private:
    static review::Finding fullFinding();
    static QStringList links(const QTextDocument &document);
};

review::Finding DetailTest::fullFinding()
{
    review::Finding finding = tests::makeFinding("store", Section::Critical, Severity::Critical, 40);
    finding.item = "impl Store › fn commit";
    finding.scenario = {"deadlock",
                        {{"thread 1", "locks `state`", {"src/db.rs", git::Side::New, {40, 41}}},
                         {"thread 1", "locks `state` again", {"src/db.rs", git::Side::New, {44, 45}}}},
                        "The thread waits for itself."};
    finding.evidence = {{{"src/db.rs", git::Side::New, {40, 41}}, "let a = state.lock();\n"}};
    finding.suggestion = {
        "src/db.rs", {40, 41}, "let a = state.lock();\n", "drop(a);\n", review::Applicability::Proposed};
    finding.example = "drop(a);\n";
    finding.dismissal = "The two locks are different ones.";
    finding.references = {{"Mutex", "https://doc.rust-lang.org/std/sync/struct.Mutex.html"}};
    finding.reproduction = {"fn main() {}\n", "2021", "https://play.rust-lang.org/?code=fn"};
    return finding;
}

QStringList DetailTest::links(const QTextDocument &document)
{
    QStringList found;
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next())
        for (auto part = block.begin(); !part.atEnd(); ++part)
            if (part.fragment().charFormat().isAnchor())
                found.append(part.fragment().charFormat().anchorHref());
    return found;
}

void DetailTest::tellsEverythingInOrder()
{
    QTextDocument document;
    ui::fillFindingDocument(document, fullFinding(), models::Workspace(), ui::themeFor(QPalette()), QFont());

    const QString text = document.toPlainText();
    qsizetype last = -1;
    for (const char *part : {"store is locked twice",
                             "Critical",
                             "90 % sure",
                             "double-lock",
                             "introduced by this change",
                             "src/db.rs:41",
                             "impl Store › fn commit",
                             "A second lock",
                             "How it fails",
                             "thread 1",
                             "locks state again",
                             "waits for itself",
                             "Suggested change",
                             "drop(a);",
                             "What this rests on",
                             "Working code",
                             "Minimal reproduction",
                             "play.rust-lang.org",
                             "Not a defect when",
                             "References",
                             "struct.Mutex.html"}) {
        const qsizetype at = text.indexOf(QString::fromUtf8(part), last + 1);
        QVERIFY2(at > last, part);
        last = at;
    }
}

void DetailTest::hostileTextsStayText()
{
    review::Finding finding = fullFinding();
    finding.title = "<img src=\"file:///etc/passwd\"> `x`";
    finding.why = "<script>alert(1)</script> ![pic](https://evil.example/a.png) [open](file:///etc/passwd) "
                  "[steps](place:0) <a href=\"javascript:x\">y</a>";
    finding.references = {{"local", "file:///etc/passwd"}, {"data", "data:text/html,x"}};
    QTextDocument document;
    ui::fillFindingDocument(document, finding, models::Workspace(), ui::themeFor(QPalette()), QFont());

    QVERIFY(document.toPlainText().contains(QStringLiteral("<script>alert(1)</script>")));
    QVERIFY(document.toPlainText().contains(QStringLiteral("<img src=")));
    const QStringList found = links(document);
    QVERIFY(!found.isEmpty());
    int places = 0;
    for (const QString &link : found) {
        places += link.startsWith(QStringLiteral("place:"));
        QVERIFY2(link.startsWith(QStringLiteral("https://")) || link.startsWith(QStringLiteral("place:")),
                 qPrintable(link));
    }
    QCOMPARE(places, 3); // two steps and one piece of evidence: none from the text
    QVERIFY(!document.toHtml().contains(QStringLiteral("<img")));
}

void DetailTest::placesAreLinksThatLeadThere()
{
    QWidget window;
    ui::Commands commands(&window);
    models::Workspace workspace;
    ui::FindingDetail detail(workspace, commands);
    workspace.open({});
    workspace.record({review::FindingClosed{fullFinding()}});
    detail.showFinding(QStringLiteral("store"));
    QSignalSpy chosen(&detail, &ui::FindingDetail::placeChosen);

    auto *browser = detail.findChild<QTextBrowser *>();
    emit browser->anchorClicked(QUrl(QStringLiteral("place:1")));
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen.at(0).at(0).value<review::Place>().lines.begin, 44u);
    emit browser->anchorClicked(QUrl(QStringLiteral("place:99")));
    emit browser->anchorClicked(QUrl(QStringLiteral("file:///etc/passwd")));
    QCOMPARE(chosen.count(), 1);
    QVERIFY(commands.action("finding.apply")->isEnabled());
}

void DetailTest::scenarioIsWalkedByKey()
{
    QWidget window;
    ui::Commands commands(&window);
    models::Workspace workspace;
    auto *detail = new ui::FindingDetail(workspace, commands, &window);
    workspace.open({});
    workspace.record({review::FindingClosed{fullFinding()}});
    window.show();
    detail->showFinding(QStringLiteral("store"));
    QSignalSpy chosen(detail, &ui::FindingDetail::placeChosen);
    auto *browser = detail->findChild<QTextBrowser *>();
    const auto marked = [browser] {
        const auto marks = browser->extraSelections();
        return marks.isEmpty() ? QString() : marks[0].cursor.selectedText();
    };
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QVERIFY(marked().isEmpty());

    QTest::keyClick(&window, Qt::Key_Period);
    QCOMPARE(chosen.last().at(0).value<review::Place>().lines.begin, 40u);
    QVERIFY2(marked().contains(QStringLiteral("locks state")), qPrintable(marked()));
    QTest::keyClick(&window, Qt::Key_Period);
    QCOMPARE(chosen.last().at(0).value<review::Place>().lines.begin, 44u);
    QVERIFY2(marked().contains(QStringLiteral("locks state again")), qPrintable(marked()));
    QTest::keyClick(&window, Qt::Key_Period); // there is no third
    QCOMPARE(chosen.count(), 2);
    QTest::keyClick(&window, Qt::Key_Comma);
    QCOMPARE(chosen.last().at(0).value<review::Place>().lines.begin, 40u);

    detail->showFinding({});
    QVERIFY(!commands.action("go.nextStep")->isEnabled());
}

QTEST_MAIN(DetailTest)
#include "detail_test.moc"
