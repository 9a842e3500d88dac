// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/window_fixture.h"
#include "ui/command_palette.h"
#include "ui/commands.h"
#include "ui/finding_detail.h"

#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QTreeView>

using review::Section;
using review::Severity;
using tests::makeFinding;
using tests::WindowFixture;

class KeysTest : public QObject {
    Q_OBJECT

private slots:
    void noKeyHasTwoMeanings();
    void filesFollowOneAnother();
    void findingsFollowOneAnotherAcrossFiles();
    void markingViewedGoesOn();
    void spaceChoosesTheHunk();
    void typingInTheFilterGivesNoCommand();
    void allCommandsCanBeFound();
};

void KeysTest::noKeyHasTwoMeanings()
{
    QWidget window;
    ui::Commands commands(&window);
    QSet<QString> seen;
    for (const ui::Commands::Command &command : commands.all())
        for (const QKeySequence &key : command.action->shortcuts()) {
            QVERIFY2(!seen.contains(key.toString()), qPrintable(key.toString()));
            seen.insert(key.toString());
        }
    for (const char *key : {"n", "p", "Shift+N", "Shift+P", "[", "]", "m", "Space", "Ctrl+Return", "a", "d",
                            "?", "Ctrl+Shift+P", "Ctrl+F", "Ctrl+O", "Ctrl+S", "Ctrl+Z"})
        QVERIFY2(seen.contains(QKeySequence(QLatin1String(key)).toString()), key);
}

void KeysTest::filesFollowOneAnother()
{
    WindowFixture fixture;
    QVERIFY(fixture.open());
    QVERIFY(QTest::qWaitForWindowActive(&fixture.window));
    const auto current = [&] {
        return fixture.workspace.diff().files[std::size_t(fixture.workspace.currentFile())].path();
    };
    QCOMPARE(current(), std::string("src/net/wire.rs")); // folders first

    QTest::keyClick(&fixture.window, Qt::Key_BracketRight);
    QCOMPARE(current(), std::string("src/db.rs"));
    QTest::keyClick(&fixture.window, Qt::Key_BracketRight);
    QCOMPARE(current(), std::string("notes.txt"));
    QTest::keyClick(&fixture.window, Qt::Key_BracketRight);
    QCOMPARE(current(), std::string("notes.txt")); // the last one
    QTest::keyClick(&fixture.window, Qt::Key_BracketLeft);
    QCOMPARE(current(), std::string("src/db.rs"));
}

void KeysTest::findingsFollowOneAnotherAcrossFiles()
{
    WindowFixture fixture({makeFinding("db2", Section::Practices, Severity::Low, 5),
                           makeFinding("wire", Section::Critical, Severity::High, 1, "src/net/wire.rs"),
                           makeFinding("db1", Section::Critical, Severity::High, 1)});
    QVERIFY(fixture.open());
    QVERIFY(fixture.review());
    QVERIFY(QTest::qWaitForWindowActive(&fixture.window));
    auto *detail = fixture.window.findChild<ui::FindingDetail *>();
    QStringList visited;
    for (int press = 0; press < 4; ++press) {
        QTest::keyClick(&fixture.window, Qt::Key_N, Qt::ShiftModifier);
        visited.append(detail->finding());
    }
    QCOMPARE(visited, (QStringList{QStringLiteral("wire"), QStringLiteral("db1"), QStringLiteral("db2"),
                                   QStringLiteral("wire")}));
    QTest::keyClick(&fixture.window, Qt::Key_P, Qt::ShiftModifier);
    QCOMPARE(detail->finding(), QStringLiteral("db2"));
}

void KeysTest::markingViewedGoesOn()
{
    WindowFixture fixture;
    QVERIFY(fixture.open());
    QVERIFY(QTest::qWaitForWindowActive(&fixture.window));
    const int first = fixture.workspace.currentFile();

    QTest::keyClick(&fixture.window, Qt::Key_M);

    QVERIFY(fixture.workspace.isViewed(first));
    QVERIFY(fixture.workspace.currentFile() != first);
}

void KeysTest::spaceChoosesTheHunk()
{
    WindowFixture fixture;
    QVERIFY(fixture.open());
    QVERIFY(QTest::qWaitForWindowActive(&fixture.window));
    const int chosen = fixture.workspace.chosenCount();
    fixture.command("go.code")->trigger();

    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
    QCOMPARE(fixture.workspace.chosenCount(), chosen - 1);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
    QCOMPARE(fixture.workspace.chosenCount(), chosen);
}

void KeysTest::typingInTheFilterGivesNoCommand()
{
    WindowFixture fixture;
    QVERIFY(fixture.open());
    QVERIFY(QTest::qWaitForWindowActive(&fixture.window));
    const int file = fixture.workspace.currentFile();
    QTest::keyClick(&fixture.window, Qt::Key_K, Qt::ControlModifier);
    auto *filter = qobject_cast<QLineEdit *>(QApplication::focusWidget());
    QVERIFY(filter);

    QTest::keyClicks(filter, QStringLiteral("notes]m"));
    QCOMPARE(filter->text(), QStringLiteral("notes]m"));
    QCOMPARE(fixture.workspace.currentFile(), file);
    QVERIFY(!fixture.workspace.isViewed(file));
}

void KeysTest::allCommandsCanBeFound()
{
    WindowFixture fixture;
    QVERIFY(fixture.open());
    fixture.command("view.commands")->trigger();
    auto *palette = fixture.window.findChild<ui::CommandPalette *>();
    QVERIFY(palette);
    auto *filter = palette->findChild<QLineEdit *>();
    QTest::keyClicks(filter, QStringLiteral("choose all"));
    QCOMPARE(palette->findChild<QListView *>()->model()->rowCount(), 1);
    const int before = fixture.workspace.chosenCount();
    QTest::keyClick(filter, Qt::Key_Return);
    QVERIFY(fixture.workspace.chosenCount() > before);

    fixture.command("help.keys")->trigger();
    auto *keys = fixture.window.findChild<ui::KeyPage *>();
    QVERIFY(keys);
    bool named = false;
    for (const QLabel *label : keys->findChildren<QLabel *>())
        named = named || label->text() == QStringLiteral("Next Change");
    QVERIFY(named);
}

QTEST_MAIN(KeysTest)
#include "keys_test.moc"
