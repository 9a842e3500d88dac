// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands.h"

#include <QMenu>
#include <QMenuBar>
#include <QWidget>

namespace ui {

namespace {

struct Row {
    const char *id;
    Menu menu;
    const char *text;
    const char *keys; ///< several are parted by a space
    bool separatorBefore = false;
};

constexpr Row rows[] = {
    {"open.repository", Menu::File, QT_TRANSLATE_NOOP("Commands", "Open Repository…"), "Ctrl+O"},
    {"open.session", Menu::File, QT_TRANSLATE_NOOP("Commands", "Open Saved Review…"), "Ctrl+Shift+O"},
    {"open.patch", Menu::File, QT_TRANSLATE_NOOP("Commands", "Open Patch…"), ""},
    {"open.sample", Menu::File, QT_TRANSLATE_NOOP("Commands", "Open the Sample"), ""},
    {"file.reload", Menu::File, QT_TRANSLATE_NOOP("Commands", "Reload"), "F5"},
    {"file.follow", Menu::File, QT_TRANSLATE_NOOP("Commands", "Follow Changes of the Work Tree"), ""},
    {"file.close", Menu::File, QT_TRANSLATE_NOOP("Commands", "Back to the Start Page"), "Ctrl+W"},
    {"file.workTree", Menu::File, QT_TRANSLATE_NOOP("Commands", "Choose the Work Tree…"), ""},
    {"session.save", Menu::File, QT_TRANSLATE_NOOP("Commands", "Save Review As…"), "Ctrl+S", true},
    {"report.export", Menu::File, QT_TRANSLATE_NOOP("Commands", "Export Report…"), "Ctrl+E"},
    {"report.copy", Menu::File, QT_TRANSLATE_NOOP("Commands", "Copy Report as Markdown"), "Ctrl+Shift+C"},
    {"file.quit", Menu::File, QT_TRANSLATE_NOOP("Commands", "Quit"), "Ctrl+Q", true},

    {"edit.undo", Menu::Edit, QT_TRANSLATE_NOOP("Commands", "Undo the Applied Suggestion"), "Ctrl+Z"},
    {"edit.redo", Menu::Edit, QT_TRANSLATE_NOOP("Commands", "Redo the Applied Suggestion"), "Ctrl+Shift+Z"},
    {"edit.find", Menu::Edit, QT_TRANSLATE_NOOP("Commands", "Find in File"), "Ctrl+F", true},
    {"edit.filter", Menu::Edit, QT_TRANSLATE_NOOP("Commands", "Filter Files"), "Ctrl+K"},
    {"note.add", Menu::Edit, QT_TRANSLATE_NOOP("Commands", "Add Note…"), "c", true},

    {"view.commands", Menu::View, QT_TRANSLATE_NOOP("Commands", "All Commands…"), "Ctrl+Shift+P"},
    {"view.layout", Menu::View, QT_TRANSLATE_NOOP("Commands", "Restore the Default Layout"), ""},
    {"view.system", Menu::View, QT_TRANSLATE_NOOP("Commands", "Colours of the System"), "", true},
    {"view.light", Menu::View, QT_TRANSLATE_NOOP("Commands", "Light Colours"), ""},
    {"view.dark", Menu::View, QT_TRANSLATE_NOOP("Commands", "Dark Colours"), ""},
    {"view.contrast", Menu::View, QT_TRANSLATE_NOOP("Commands", "High Contrast"), ""},

    {"review.run", Menu::Review, QT_TRANSLATE_NOOP("Commands", "Review Chosen Hunks"),
     "Ctrl+Return Ctrl+Enter"},
    {"review.stop", Menu::Review, QT_TRANSLATE_NOOP("Commands", "Stop"), "Ctrl+."},
    {"choose.hunk", Menu::Review, QT_TRANSLATE_NOOP("Commands", "Choose or Drop This Hunk"), "Space", true},
    {"choose.file", Menu::Review, QT_TRANSLATE_NOOP("Commands", "Choose or Drop This File"), "Shift+Space"},
    {"choose.rust", Menu::Review, QT_TRANSLATE_NOOP("Commands", "Choose Rust Only"), "Ctrl+Shift+R"},
    {"choose.all", Menu::Review, QT_TRANSLATE_NOOP("Commands", "Choose All Hunks"), "Ctrl+Shift+A"},
    {"choose.none", Menu::Review, QT_TRANSLATE_NOOP("Commands", "Choose None"), ""},
    {"finding.apply", Menu::Review, QT_TRANSLATE_NOOP("Commands", "Apply Suggestion…"), "a", true},
    {"preview.close", Menu::Review, QT_TRANSLATE_NOOP("Commands", "Close the Preview"), "Esc"},
    {"finding.patch", Menu::Review, QT_TRANSLATE_NOOP("Commands", "Save Suggestion as Patch…"), ""},
    {"finding.dismiss", Menu::Review, QT_TRANSLATE_NOOP("Commands", "Dismiss or Reopen Finding…"), "d"},
    {"rules.show", Menu::Review, QT_TRANSLATE_NOOP("Commands", "Rules…"), "Ctrl+R", true},
    {"finding.rule", Menu::Review, QT_TRANSLATE_NOOP("Commands", "Show the Finding's Rule"), "r"},
    {"finding.ruleOff", Menu::Review, QT_TRANSLATE_NOOP("Commands", "Switch the Finding's Rule Off…"), ""},
    {"file.viewed", Menu::Review, QT_TRANSLATE_NOOP("Commands", "Mark Viewed and Go On"), "m", true},

    {"go.nextChange", Menu::Go, QT_TRANSLATE_NOOP("Commands", "Next Change"), "n"},
    {"go.previousChange", Menu::Go, QT_TRANSLATE_NOOP("Commands", "Previous Change"), "p"},
    {"go.nextFinding", Menu::Go, QT_TRANSLATE_NOOP("Commands", "Next Finding"), "Shift+N"},
    {"go.previousFinding", Menu::Go, QT_TRANSLATE_NOOP("Commands", "Previous Finding"), "Shift+P"},
    {"go.nextStep", Menu::Go, QT_TRANSLATE_NOOP("Commands", "Next Step of How It Fails"), "."},
    {"go.previousStep", Menu::Go, QT_TRANSLATE_NOOP("Commands", "Previous Step of How It Fails"), ","},
    {"go.nextFile", Menu::Go, QT_TRANSLATE_NOOP("Commands", "Next File"), "]"},
    {"go.previousFile", Menu::Go, QT_TRANSLATE_NOOP("Commands", "Previous File"), "["},
    {"go.files", Menu::Go, QT_TRANSLATE_NOOP("Commands", "To the Files"), "Ctrl+1", true},
    {"go.code", Menu::Go, QT_TRANSLATE_NOOP("Commands", "To the Code"), "Ctrl+2"},
    {"go.findings", Menu::Go, QT_TRANSLATE_NOOP("Commands", "To the Findings"), "Ctrl+3"},
    {"go.detail", Menu::Go, QT_TRANSLATE_NOOP("Commands", "To the Finding's Detail"), "Ctrl+4"},

    {"help.keys", Menu::Help, QT_TRANSLATE_NOOP("Commands", "All Keys"), "?"},
    {"help.about", Menu::Help, QT_TRANSLATE_NOOP("Commands", "About Ferriscope"), ""},
};

QList<QKeySequence> toKeys(const char *text)
{
    QList<QKeySequence> keys;
    for (const QString &key : QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts))
        keys.append(QKeySequence(key));
    return keys;
}

} // namespace

QString toText(Menu menu)
{
    switch (menu) {
    case Menu::File:
        return Commands::tr("&File");
    case Menu::Edit:
        return Commands::tr("&Edit");
    case Menu::View:
        return Commands::tr("&View");
    case Menu::Review:
        return Commands::tr("&Review");
    case Menu::Go:
        return Commands::tr("&Go");
    case Menu::Help:
        break;
    }
    return Commands::tr("&Help");
}

Commands::Commands(QWidget *window) : QObject(window)
{
    for (const Row &row : rows) {
        auto *action = new QAction(tr(row.text), this);
        action->setObjectName(QLatin1String(row.id));
        action->setShortcuts(toKeys(row.keys));
        action->setAutoRepeat(row.menu == Menu::Go); // a key held down decides nothing
        window->addAction(action);
        m_all.push_back({QLatin1String(row.id), row.menu, row.separatorBefore, action});
        m_byId.insert(QLatin1String(row.id), action);
    }
}

QAction *Commands::action(const char *id) const
{
    return m_byId.value(QLatin1String(id));
}

void Commands::on(const char *id, QObject *context, const std::function<void()> &run)
{
    connect(action(id), &QAction::triggered, context, run);
}

void Commands::fill(QMenuBar *bar)
{
    for (const Menu menu : {Menu::File, Menu::Edit, Menu::View, Menu::Review, Menu::Go, Menu::Help})
        m_menus.insert(int(menu), bar->addMenu(toText(menu)));
    for (const Command &command : m_all) {
        if (command.separatorBefore)
            m_menus[int(command.menu)]->addSeparator();
        m_menus[int(command.menu)]->addAction(command.action);
    }
}

void Commands::add(Menu menu, QAction *action)
{
    m_menus[int(menu)]->addAction(action);
    m_all.push_back({action->objectName(), menu, false, action});
}

} // namespace ui
