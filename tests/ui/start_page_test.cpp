// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/window_fixture.h"
#include "ui/commands.h"
#include "ui/start_page.h"

#include <QAbstractButton>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QListWidget>
#include <QMimeData>

using tests::WindowFixture;

class StartPageTest : public QObject {
    Q_OBJECT

private slots:
    void standsAloneUntilSomethingIsOpen();
    void recentOnesOpenAgain();
    void doubleClickAndEnterOpenOnce();
    void droppedFolderOpens();
    void sampleIsMadeAndOpened();
    void everyButtonHasAName();
};

void StartPageTest::standsAloneUntilSomethingIsOpen()
{
    WindowFixture fixture;
    auto *page = fixture.window.findChild<ui::StartPage *>();
    QVERIFY(page->isVisible());
    for (const QDockWidget *dock : fixture.window.findChildren<QDockWidget *>())
        QVERIFY(!dock->isVisible());

    QVERIFY(fixture.open());
    QVERIFY(!page->isVisible());
    fixture.command("file.close")->trigger();
    QVERIFY(page->isVisible());
    QVERIFY(!fixture.command("session.save")->isEnabled());
}

void StartPageTest::recentOnesOpenAgain()
{
    WindowFixture fixture;
    QVERIFY(fixture.open());
    fixture.command("file.close")->trigger();
    auto *list = fixture.window.findChild<ui::StartPage *>()->findChild<QListWidget *>();
    QCOMPARE(list->count(), 1);
    QCOMPARE(QFileInfo(list->item(0)->text()).canonicalFilePath(),
             QFileInfo(fixture.repository.path()).canonicalFilePath());

    QSignalSpy opened(&fixture.window, &ui::MainWindow::opened);
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(0)).center());
    QVERIFY(opened.wait());
}

void StartPageTest::doubleClickAndEnterOpenOnce()
{
    QTemporaryDir folder;
    models::Settings settings(folder.path(), folder.path());
    settings.addRecent(QStringLiteral("/somewhere/store"));
    QWidget window;
    ui::Commands commands(&window);
    ui::StartPage page(settings, commands);
    page.resize(900, 700);
    page.show();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    QSignalSpy chosen(&page, &ui::StartPage::recentChosen);
    auto *list = page.findChild<QListWidget *>();
    const QPoint place = list->visualItemRect(list->item(0)).center();

    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, place);
    QTest::mouseDClick(list->viewport(), Qt::LeftButton, {}, place);
    QCOMPARE(chosen.count(), 1);

    list->setCurrentRow(0);
    QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(chosen.count(), 2);
}

void StartPageTest::droppedFolderOpens()
{
    WindowFixture fixture;
    QSignalSpy opened(&fixture.window, &ui::MainWindow::opened);
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(fixture.repository.path())});
    QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(&fixture.window, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(&fixture.window, &drop);
    QVERIFY(opened.wait());
}

void StartPageTest::sampleIsMadeAndOpened()
{
    WindowFixture fixture;
    QSignalSpy completed(&fixture.window, &ui::MainWindow::factsCompleted);
    fixture.command("open.sample")->trigger();
    QVERIFY(completed.wait());
    QVERIFY(fixture.workspace.fileCount() > 1);
    QVERIFY(fixture.workspace.chosenCount() > 1);
}

void StartPageTest::everyButtonHasAName()
{
    WindowFixture fixture;
    QVERIFY(fixture.open());
    for (const QAbstractButton *button : fixture.window.findChildren<QAbstractButton *>())
        if (!button->objectName().startsWith(QStringLiteral("qt_")) && button->focusPolicy() != Qt::NoFocus)
            QVERIFY2(!button->text().isEmpty() || !button->accessibleName().isEmpty(),
                     button->metaObject()->className());
}

QTEST_MAIN(StartPageTest)
#include "start_page_test.moc"
