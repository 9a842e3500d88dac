// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/review_actions.h"

#include "models/findings_model.h"
#include "ui/ask.h"
#include "ui/code_page.h"
#include "ui/commands.h"
#include "ui/diff_view.h"
#include "ui/files_panel.h"
#include "ui/finding_detail.h"

#include <QAbstractButton>
#include <QApplication>
#include <QSaveFile>
#include <QUuid>

namespace ui {

namespace {

bool isSaved(const models::Workspace &workspace)
{
    return workspace.opened().kind == models::Opened::Kind::Session;
}

} // namespace

ReviewActions::ReviewActions(models::Workspace &workspace, Commands &commands, FilesPanel &files,
                             CodePage &code, QWidget *window)
    : QObject(window)
    , m_workspace(workspace)
    , m_files(files)
    , m_code(code)
    , m_window(window)
    , m_applier(workspace)
{
    commands.on("choose.hunk", this, [this] { toggleHunk(); });
    commands.on("choose.file", this, [this] { toggleFile(); });
    commands.on("choose.rust", this, [this] { m_workspace.choose(models::Choice::Rust); });
    commands.on("choose.all", this, [this] { m_workspace.choose(models::Choice::All); });
    commands.on("choose.none", this, [this] { m_workspace.choose(models::Choice::None); });
    commands.on("finding.apply", this, [this] { previewCurrent(); });
    commands.on("finding.patch", this, [this] { savePatch(); });
    commands.on("finding.dismiss", this, [this] { dismissOrReopen(); });
    commands.on("note.add", this, [this] { addNote(); });
    commands.on("file.workTree", this, [this] { chooseWorkTree([] {}); });
    commands.on("edit.undo", this, [this] { withWorkTree([this] { m_applier.undo(); }); });
    commands.on("edit.redo", this, [this] { withWorkTree([this] { m_applier.redo(); }); });
    connectApplier(commands);
}

void ReviewActions::connectApplier(Commands &commands)
{
    const auto refresh = [this, &commands] {
        commands.action("edit.undo")->setEnabled(m_applier.canUndo());
        commands.action("edit.redo")->setEnabled(m_applier.canRedo());
        commands.action("file.workTree")->setEnabled(isSaved(m_workspace));
    };
    connect(&m_workspace, &models::Workspace::appliedChanged, this, refresh);
    connect(&m_workspace, &models::Workspace::replaced, this, refresh);
    refresh();
    connect(&m_applier, &models::SuggestionApplier::previewed, this, &ReviewActions::showPreview);
    connect(&m_applier, &models::SuggestionApplier::failed, this, [this](const QString &message) {
        m_code.messages()->showMessage(MessageBar::Kind::Problem, message);
    });
    connect(&m_applier, &models::SuggestionApplier::applied, this, [this](const QString &id) {
        const review::Finding *finding = m_workspace.finding(id);
        const QString path =
            finding && finding->suggestion ? models::toDisplay(finding->suggestion->path) : QString();
        m_code.messages()->showMessage(
            MessageBar::Kind::Information,
            tr("Applied to %1. The diff still shows the reviewed text, so that findings stay at their lines.")
                .arg(path),
            {{tr("Undo"), [this, id] { m_applier.undo(id); }}, {tr("Close"), [] {}}});
    });
    for (const auto signal : {&models::SuggestionApplier::applied, &models::SuggestionApplier::undone})
        connect(&m_applier, signal, this,
                [this](const QString &, const std::string &path) { emit wroteFile(path); });
    // Of the finding that is shown, which need not be the latest.
    connect(m_code.detail(), &FindingDetail::undoAsked, this,
            [this](const QString &id) { withWorkTree([this, id] { m_applier.undo(id); }); });
    connect(&m_applier, &models::SuggestionApplier::undone, this, [this] {
        m_code.messages()->showMessage(MessageBar::Kind::Information, tr("The file is as it was before."));
    });
}

void ReviewActions::withWorkTree(const std::function<void()> &run)
{
    if (isSaved(m_workspace) && m_workspace.opened().workTree.empty())
        chooseWorkTree(run);
    else
        run();
}

void ReviewActions::chooseWorkTree(const std::function<void()> &run)
{
    askPath(m_window, tr("Choose the work tree to change"), QFileDialog::Directory, {},
            [this, run](const QString &folder) {
                m_workspace.setWorkTree(folder.toStdString());
                run();
            });
}

void ReviewActions::showPreview(const models::SuggestionPreview &preview)
{
    QList<MessageBar::Choice> choices;
    // The reader may have taken the wrong folder for it.
    if (isSaved(m_workspace))
        choices.append({tr("Another work tree…"), [this, id = preview.finding] {
                            m_code.closePreview();
                            chooseWorkTree([this, id] { m_applier.preview(id); });
                        }});
    m_code.showPreview(
        preview, [this, id = preview.finding] { m_applier.apply(id); }, choices);
}

void ReviewActions::toggleHunk()
{
    // Space presses a button that has the keyboard, and checks a row of the tree.
    if (auto *button = qobject_cast<QAbstractButton *>(QApplication::focusWidget()))
        button->click();
    else if (m_files.treeHasFocus())
        m_files.toggleCurrentRow();
    else
        m_code.diffView()->toggleCurrentHunk();
}

void ReviewActions::toggleFile()
{
    const int file = m_workspace.currentFile();
    if (file < 0)
        return;
    const models::FileFacts &facts = m_workspace.facts(file);
    m_workspace.chooseFiles({file}, facts.chosenCount() < int(facts.hunks.size()));
}

void ReviewActions::previewCurrent()
{
    if (m_code.isPreviewing())
        m_code.applyPreviewed();
    else
        withWorkTree([this] { m_applier.preview(m_code.detail()->finding()); });
}

void ReviewActions::dismiss(const QString &finding, const QString &reason)
{
    m_workspace.decide(finding, review::Decision{review::Decision::State::Dismissed, reason.toStdString()});
}

void ReviewActions::dismissOrReopen()
{
    const QString id = m_code.detail()->finding();
    const review::Finding *finding = m_workspace.finding(id);
    if (!finding)
        return;
    if (m_workspace.decision(id)) {
        m_workspace.decide(id, std::nullopt);
        return;
    }
    askText(m_window, tr("Dismiss the finding"),
            tr("Why is \"%1\" no defect here? The reason is kept with the review.")
                .arg(models::withoutMarks(finding->title)),
            tr("Dismiss"), {tr("False alarm"), tr("By design"), tr("Later"), tr("Duplicate")},
            [this, id](const QString &reason) { dismiss(id, reason); });
}

void ReviewActions::savePatch()
{
    const QString id = m_code.detail()->finding();
    const QByteArray patch = m_applier.patch(id);
    MessageBar *messages = m_code.messages();
    if (patch.isEmpty()) {
        messages->showMessage(
            MessageBar::Kind::Problem,
            tr("The reviewed text of this file is not at hand: there is no patch to save."));
        return;
    }
    askNewFile(m_window, tr("Save the suggestion as a patch"), tr("suggestion.patch"),
               tr("Patches (*.patch)"), QStringLiteral("patch"), [messages, patch](const QString &path) {
                   QSaveFile file(path);
                   const bool done =
                       file.open(QIODevice::WriteOnly) && file.write(patch) == patch.size() && file.commit();
                   if (done)
                       messages->showMessage(MessageBar::Kind::Information,
                                             tr("Saved %1. `git apply` takes it.").arg(path));
                   else
                       messages->showMessage(MessageBar::Kind::Problem,
                                             tr("Cannot write %1: %2.").arg(path, file.errorString()));
               });
}

void ReviewActions::addNote()
{
    const std::optional<review::Place> place = m_code.currentPlace();
    if (!place)
        return;
    askText(m_window, tr("Add a note"),
            tr("A note at %1. It is kept with the review and stands in the report.")
                .arg(models::toText(*place, m_workspace)),
            tr("Add"), {}, [this, place](const QString &text) {
                if (text.isEmpty())
                    return;
                const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
                m_workspace.putNote({id.toStdString(), *place, text.toStdString()});
            });
}

} // namespace ui
