// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/rule_book.h"
#include "tests/support/window_fixture.h"
#include "ui/finding_detail.h"
#include "ui/rules_page.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTextBrowser>
#include <QTreeView>

using review::Section;
using review::Severity;
using tests::makeFinding;
using tests::WindowFixture;

namespace {

struct Page {
    explicit Page(WindowFixture &fixture) : page(fixture.window.findChild<ui::RulesPage *>()) {}

    QString card() const { return page->findChild<QTextBrowser *>()->toPlainText(); }
    QComboBox *state() const { return page->findChild<QComboBox *>(); }
    void filter(const QString &text) const { page->findChild<QLineEdit *>()->setText(text); }
    bool says(const QString &text) const
    {
        for (const QLabel *label : page->findChildren<QLabel *>())
            if (label->isVisible() && label->text().contains(text))
                return true;
        return false;
    }
    /// Chooses a switch as the reader does.
    void switchTo(review::RuleState wanted) const
    {
        state()->setFocus();
        state()->setCurrentIndex(int(wanted));
        emit state()->activated(int(wanted));
    }

    ui::RulesPage *page;
};

bool listsText(const WindowFixture &fixture, const QString &text)
{
    for (const QAbstractItemView *view : fixture.window.findChildren<QAbstractItemView *>())
        if (view->model())
            for (int row = 0; row < view->model()->rowCount(); ++row)
                if (view->model()->index(row, 0).data().toString().contains(text))
                    return true;
    return false;
}

constexpr const char *teamCard =
    "---\nsection: practices\nseverity: low\n---\n# A value is got\n## Why it matters\nIt is.\n## Query\n"
    "```query\n(function_item name: (identifier) @at)\n```\n## Example\n```rust\nfn get() {} //~ "
    "team/own\n```\n"
    "## Instead\n```rust\nstruct S;\n```\n";

} // namespace

class RulesPageTest : public QObject {
    Q_OBJECT

private slots:
    void isReachedAndLeftByKeys();
    void lettersDoNothingToTheCodeBehindIt();
    void showsTheTeamsCardsAndTheirMistakes();
    void leadsToWhereARuleFires();
    void aSwitchedOffRuleIsNotShownAndSaid();
    void switchesAreKeptForEachRepository();
    void aDamagedFileIsSaidAndLeftAlone();
};

void RulesPageTest::isReachedAndLeftByKeys()
{
    WindowFixture fixture;
    QVERIFY(fixture.open());
    QVERIFY(QTest::qWaitForWindowActive(&fixture.window));
    const Page page(fixture);
    QTest::keyClick(&fixture.window, Qt::Key_R, Qt::ControlModifier);
    QVERIFY(page.page->isVisible());
    QTRY_VERIFY(page.page->findChild<QLineEdit *>()->hasFocus());

    QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("double-lock"));
    QCOMPARE(page.page->rule(), QStringLiteral("double-lock"));
    QVERIFY2(page.card().contains(QStringLiteral("Why it matters")), qPrintable(page.card()));
    QVERIFY(page.card().contains(QStringLiteral("Measured: ")));
    QVERIFY(page.card().contains(QStringLiteral("//~ double-lock")));
    page.filter({});
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Down);
    QVERIFY(page.page->rule() != QStringLiteral("double-lock"));
    page.filter(QStringLiteral("no rule says this"));
    QVERIFY(page.page->rule().isEmpty() && page.card().isEmpty() && !page.state()->isEnabled());

    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QVERIFY(!page.page->isVisible());
    fixture.command("file.close")->trigger();
    fixture.command("rules.show")->trigger(); // without anything open
    QVERIFY(page.page->isVisible());
}

void RulesPageTest::lettersDoNothingToTheCodeBehindIt()
{
    WindowFixture fixture;
    QVERIFY(fixture.open());
    QVERIFY(QTest::qWaitForWindowActive(&fixture.window));
    const int file = fixture.workspace.currentFile();
    const int chosen = fixture.workspace.chosenCount();
    fixture.command("rules.show")->trigger();
    const Page page(fixture);
    for (QWidget *inside : std::initializer_list<QWidget *>{page.page->findChild<QTreeView *>(),
                                                            page.page->findChild<QTextBrowser *>(),
                                                            page.page->findChild<QLineEdit *>()}) {
        inside->setFocus();
        for (const Qt::Key key : {Qt::Key_M, Qt::Key_BracketRight, Qt::Key_Space, Qt::Key_N, Qt::Key_C})
            QTest::keyClick(inside, key);
    }
    QVERIFY(page.page->isVisible());
    QCOMPARE(fixture.workspace.currentFile(), file);
    QCOMPARE(fixture.workspace.chosenCount(), chosen);
    QVERIFY(!fixture.workspace.isViewed(file));

    QTest::keyClick(page.page, Qt::Key_Escape);
    fixture.command("go.code")->trigger();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_M);
    QVERIFY(fixture.workspace.isViewed(file)); // where the code is in sight they do
}

void RulesPageTest::showsTheTeamsCardsAndTheirMistakes()
{
    WindowFixture fixture;
    fixture.repository.git({QStringLiteral("checkout"), QStringLiteral("-q"), QStringLiteral("main")});
    fixture.repository.write(".ferriscope/rules/own.md", teamCard);
    fixture.repository.write(".ferriscope/rules/bad.md", "nothing");
    fixture.repository.commit();
    fixture.repository.git({QStringLiteral("checkout"), QStringLiteral("-q"), QStringLiteral("feature")});
    fixture.repository.git({QStringLiteral("rebase"), QStringLiteral("-q"), QStringLiteral("main")});
    QVERIFY(fixture.open());
    fixture.command("rules.show")->trigger();
    const Page page(fixture);
    QTRY_VERIFY(page.says(QStringLiteral("bad.md:1: a card starts with")));
    QVERIFY(page.says(QStringLiteral("1 of the team's")));
    page.filter(QStringLiteral("team/own"));
    QVERIFY(page.card().contains(QStringLiteral(".ferriscope/rules/own.md")));
    QVERIFY(page.card().contains(QStringLiteral("(function_item name: (identifier) @at)")));
}

void RulesPageTest::leadsToWhereARuleFires()
{
    WindowFixture fixture({makeFinding("first", Section::Critical, Severity::High, 1)});
    QVERIFY(fixture.open());
    QVERIFY(fixture.review());
    fixture.window.selectFinding(QStringLiteral("first"));
    fixture.command("finding.rule")->trigger();
    const Page page(fixture);
    QVERIFY(page.page->isVisible());
    QCOMPARE(page.page->rule(), QStringLiteral("double-lock"));
    QVERIFY(page.card().contains(QStringLiteral("src/db.rs:2")));
    emit page.page->findChild<QTextBrowser *>()->anchorClicked(QUrl(QStringLiteral("place:0")));
    QVERIFY(!page.page->isVisible());
    QCOMPARE(fixture.window.findChild<ui::FindingDetail *>()->finding(), QStringLiteral("first"));
}

void RulesPageTest::aSwitchedOffRuleIsNotShownAndSaid()
{
    auto other = makeFinding("other", Section::Critical, Severity::High, 2);
    other.rule = "static-mut";
    WindowFixture fixture({makeFinding("first", Section::Critical, Severity::High, 1), other});
    QVERIFY(fixture.open());
    QVERIFY(fixture.review());
    QVERIFY(listsText(fixture, QStringLiteral("first is locked twice")));

    fixture.window.selectFinding(QStringLiteral("first"));
    fixture.command("finding.ruleOff")->trigger();
    QAbstractButton *here = nullptr;
    for (QAbstractButton *each : fixture.window.findChildren<QAbstractButton *>())
        if (each->text().remove(QLatin1Char('&')) == QStringLiteral("For This Repository"))
            here = each;
    QVERIFY(here);
    here->click();
    QTRY_VERIFY(!listsText(fixture, QStringLiteral("first is locked twice")));
    QVERIFY(listsText(fixture, QStringLiteral("other is locked twice")));
    QVERIFY(listsText(fixture, QStringLiteral("Not shown: 1 finding of double-lock")));
    QCOMPARE(fixture.workspace.switchedOff(), std::set<std::string>{"double-lock"});

    const Page page(fixture);
    fixture.command("rules.show")->trigger();
    page.page->showRule(QStringLiteral("double-lock"));
    QCOMPARE(page.state()->currentIndex(), int(review::RuleState::OffHere));
    QVERIFY(page.says(QStringLiteral("1 switched off here")));
    page.switchTo(review::RuleState::On);
    QVERIFY(listsText(fixture, QStringLiteral("first is locked twice")));
    QVERIFY(fixture.workspace.switchedOff().empty());
}

void RulesPageTest::switchesAreKeptForEachRepository()
{
    WindowFixture fixture;
    QVERIFY(fixture.open());
    const std::string folder = fixture.settings.configFolder().toStdString();
    const std::string here = fixture.workspace.diff().repository;
    models::RuleBook book(fixture.workspace, fixture.settings.configFolder());
    book.setState(QStringLiteral("double-lock"), review::RuleState::OffHere);
    book.setState(QStringLiteral("static-mut"), review::RuleState::OffEverywhere);
    const auto kept = review::readRuleSwitches(folder);
    QVERIFY(kept.hasValue());
    QCOMPARE(kept->offIn(here), (std::set<std::string>{"double-lock", "static-mut"}));
    QCOMPARE(kept->offIn("/elsewhere"), std::set<std::string>{"static-mut"});
    book.setState(QStringLiteral("double-lock"), review::RuleState::OffEverywhere);
    book.setState(QStringLiteral("static-mut"), review::RuleState::On);
    QCOMPARE(review::readRuleSwitches(folder)->offIn("/elsewhere"), std::set<std::string>{"double-lock"});
}

void RulesPageTest::aDamagedFileIsSaidAndLeftAlone()
{
    WindowFixture fixture;
    QVERIFY(fixture.open());
    QDir().mkpath(fixture.settings.configFolder());
    QFile file(fixture.settings.configFolder() + QStringLiteral("/rules.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{ mine }");
    file.close();
    models::RuleBook book(fixture.workspace, fixture.settings.configFolder());
    QSignalSpy failed(&book, &models::RuleBook::failed);
    book.setState(QStringLiteral("double-lock"), review::RuleState::OffHere);
    QCOMPARE(failed.count(), 1);
    QVERIFY(failed.front().front().toString().contains(QStringLiteral("rules.json")));
    QCOMPARE(book.state(QStringLiteral("double-lock")), review::RuleState::On);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("{ mine }"));
}

QTEST_MAIN(RulesPageTest)
#include "rules_page_test.moc"
