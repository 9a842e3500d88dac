// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/code_page.h"
#include "ui/commands.h"
#include "ui/dock.h"
#include "ui/file_actions.h"
#include "ui/files_panel.h"
#include "ui/main_window.h"
#include "ui/navigator.h"
#include "ui/review_actions.h"
#include "ui/review_bar.h"
#include "ui/review_docks.h"
#include "ui/rules_page.h"
#include "ui/start_page.h"

#include <QStackedWidget>

namespace ui {

/// The window's parts, in the order they are made. Laid out in main_window.cpp, told of each other in
/// main_window_wiring.cpp.
class MainWindow::Private {
public:
    Private(MainWindow *window, models::Workspace &workspace, models::Settings &settings,
            models::ExpertFactory experts);

    void connectOpening();
    void connectFollowing();
    void tellFollowed();
    void holdFollowing();
    void connectMessages();
    void connectReview();
    void connectView();
    void restoreLayout();
    void saveLayout();
    void connectRules();
    void showPage(QWidget *page);
    void showOpened();
    void showRules(const QString &rule);
    void switchRuleOff();
    void chooseFinding(const QString &id);
    void startWaitingReview();
    void showFindingAgain();
    QString keyOf(const char *command) const;
    void askBeforeQuitting();
    void tell(MessageBar::Kind kind, const QString &message);

    MainWindow *q;
    models::Workspace &workspace;
    models::Settings &settings;
    Commands commands{q};
    models::ReviewRun run;
    FileActions files{workspace, settings, commands, q};
    ReviewBar *bar = new ReviewBar(workspace, commands);
    FilesPanel *panel = new FilesPanel(workspace);
    CodePage *code = new CodePage(workspace, commands);
    models::RuleBook book{workspace, settings.configFolder()};
    RulesPage *rules = new RulesPage(workspace, book);
    StartPage *start = new StartPage(settings, commands);
    MessageBar *startMessages = new MessageBar;
    QStackedWidget *stack = new QStackedWidget;
    Dock *filesDock = new Dock(QStringLiteral("dock.files"), tr("Files"), panel, q);
    ReviewDocks docks{workspace, q};
    Navigator navigator{workspace, commands, *panel, *code};
    ReviewActions actions{workspace, commands, *panel, *code, q};
    bool quitsUnsaved = false; ///< the reader said so
    bool reviewWaits = false;  ///< asked for before all files were compared
    bool renewalWaits = false; ///< the same, of a review that a change of the files outdated
    QString followed;          ///< the files that changed; empty once their reading was told
    struct {
        std::string repository;
        git::Range range;
        std::optional<review::Place> place;
        QString finding;
        bool reviewed = false;
    } before;               ///< where the reader was in what was open
    QByteArray shownLayout; ///< of the docks, while the start page hides them
};

} // namespace ui
