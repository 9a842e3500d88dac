// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/window_fixture.h"
#include "ui/diff_view.h"
#include "ui/message_bar.h"

#include <QFileDialog>
#include <QPushButton>

using tests::ReviewedRepository;
using tests::WindowFixture;

namespace {

/// The bar that shows a preview; null when there is none.
ui::MessageBar *previewBar(const WindowFixture &fixture)
{
    for (ui::MessageBar *bar : fixture.window.findChildren<ui::MessageBar *>())
        if (bar->isVisible() && (bar->text().startsWith(QStringLiteral("Preview")) ||
                                 bar->text().startsWith(QStringLiteral("This suggestion"))))
            return bar;
    return nullptr;
}

QPushButton *button(const QWidget &parent, const QString &text)
{
    for (QPushButton *button : parent.findChildren<QPushButton *>())
        if (button->text() == text)
            return button;
    return nullptr;
}

} // namespace

class ReviewActionsTest : public QObject {
    Q_OBJECT

private slots:
    void previewIsDecidedByKey_data();
    void previewIsDecidedByKey();
    void closingTheWindowRecordsWhatIsJustApplied();
    void wrongWorkTreeCanBeReplaced();

private:
    bool preview(WindowFixture &fixture);
};

bool ReviewActionsTest::preview(WindowFixture &fixture)
{
    fixture.window.selectFinding(QStringLiteral("value"));
    fixture.command("go.code")->trigger();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_A);
    return QTest::qWaitFor([&] { return previewBar(fixture) != nullptr; });
}

void ReviewActionsTest::previewIsDecidedByKey_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<bool>("applies");
    QTest::newRow("Escape") << int(Qt::Key_Escape) << false;
    QTest::newRow("a again") << int(Qt::Key_A) << true;
    QTest::newRow("Return") << int(Qt::Key_Return) << true;
}

void ReviewActionsTest::previewIsDecidedByKey()
{
    QFETCH(int, key);
    QFETCH(bool, applies);
    WindowFixture fixture({ReviewedRepository::suggestingFinding()});
    QVERIFY(fixture.open());
    QVERIFY(fixture.review());
    QVERIFY(QTest::qWaitForWindowActive(&fixture.window));
    const std::string before = fixture.repository.read("src/db.rs");
    QVERIFY(preview(fixture));
    QVERIFY(previewBar(fixture)->text().contains(QStringLiteral("Return or A applies it, Esc cancels")));
    QCOMPARE(QApplication::focusWidget(), button(*previewBar(fixture), QStringLiteral("Apply")));

    QTest::keyClick(QApplication::focusWidget(), Qt::Key(key));

    QVERIFY(!previewBar(fixture));
    QTRY_COMPARE(fixture.workspace.decision(QStringLiteral("value")) != nullptr, applies);
    QCOMPARE(fixture.repository.read("src/db.rs") != before, applies);
    auto *view = fixture.window.findChild<ui::DiffView *>();
    QVERIFY(view->isAncestorOf(QApplication::focusWidget())); // where it was before
}

void ReviewActionsTest::closingTheWindowRecordsWhatIsJustApplied()
{
    ReviewedRepository repository;
    QTemporaryDir folder;
    models::Settings settings(folder.path(), folder.path());
    {
        models::Workspace workspace;
        ui::MainWindow window(workspace, settings,
                              tests::scripted({ReviewedRepository::suggestingFinding()}));
        window.show();
        QSignalSpy completed(&window, &ui::MainWindow::factsCompleted);
        window.openRepository(repository.path(), *git::parseRange("main...feature"));
        QVERIFY(completed.wait());
        QSignalSpy finished(&window, &ui::MainWindow::reviewFinished);
        window.startReview();
        QVERIFY(finished.count() > 0 || finished.wait());
        window.selectFinding(QStringLiteral("value"));
        window.findChild<QAction *>(QStringLiteral("finding.apply"))->trigger();
        QTRY_VERIFY(button(window, QStringLiteral("Apply")));
        QTest::mouseClick(button(window, QStringLiteral("Apply")), Qt::LeftButton);
    } // at once
    QVERIFY(repository.read("src/db.rs").find("let value = 3;") != std::string::npos);
    const QStringList files = QDir(settings.sessionsFolder()).entryList(QDir::Files);
    QCOMPARE(files.size(), 1);
    const QString path = settings.sessionsFolder() + QLatin1Char('/') + files[0];
    const git::Result<review::Session> saved = review::loadSession(path.toStdString());
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    QCOMPARE(saved->applied.size(), std::size_t(1));
    QCOMPARE(saved->decisions.count("value"), std::size_t(1));
}

void ReviewActionsTest::wrongWorkTreeCanBeReplaced()
{
    WindowFixture fixture({ReviewedRepository::suggestingFinding()});
    QVERIFY(fixture.open());
    QVERIFY(fixture.review());
    QVERIFY(!fixture.command("file.workTree")->isEnabled()); // a repository has its own
    const QString path = fixture.repository.beside(QStringLiteral("a.ferriscope"));
    QVERIFY(bool(review::saveSession(path.toStdString(), fixture.workspace.opened().whole())));
    QSignalSpy opened(&fixture.window, &ui::MainWindow::opened);
    fixture.window.openAny(path);
    QVERIFY(opened.wait());
    const auto answer = [&](const QString &folder) {
        auto *dialog = fixture.window.findChild<QFileDialog *>();
        QVERIFY(dialog);
        emit dialog->fileSelected(folder);
        dialog->close();
        QTRY_VERIFY(!fixture.window.findChild<QFileDialog *>());
    };
    QVERIFY(QDir().mkpath(fixture.repository.beside(QStringLiteral("empty"))));
    fixture.window.selectFinding(QStringLiteral("value"));
    fixture.command("finding.apply")->trigger();
    answer(fixture.repository.beside(QStringLiteral("empty")));
    QTRY_VERIFY(previewBar(fixture));
    QVERIFY(previewBar(fixture)->text().contains(QStringLiteral("can't be applied")));

    QTest::mouseClick(button(*previewBar(fixture), QStringLiteral("Another work tree…")), Qt::LeftButton);
    answer(fixture.repository.path());

    QTRY_VERIFY(previewBar(fixture) && previewBar(fixture)->text().startsWith(QStringLiteral("Preview")));
    QVERIFY(fixture.command("file.workTree")->isEnabled());
}

QTEST_MAIN(ReviewActionsTest)
#include "review_actions_test.moc"
