// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/file_actions.h"

#include "ui/ask.h"
#include "ui/commands.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFileInfo>

#include <utility>

namespace ui {

namespace {

bool isSession(const QString &path)
{
    return path.endsWith(QLatin1String(".ferriscope"), Qt::CaseInsensitive);
}

QString nameOf(const models::Workspace &workspace)
{
    const QString name = QFileInfo(QString::fromStdString(workspace.opened().path)).completeBaseName();
    return name.isEmpty() ? QStringLiteral("review") : name;
}

} // namespace

FileActions::FileActions(models::Workspace &workspace, models::Settings &settings, Commands &commands,
                         QWidget *window)
    : QObject(window)
    , m_workspace(workspace)
    , m_settings(settings)
    , m_window(window)
    , m_opener(workspace)
    , m_keeper(workspace, settings.sessionsFolder())
    , m_reports(workspace)
    , m_watcher(workspace, this)
{
    const auto ask = [this](const QString &title, QFileDialog::FileMode mode, const QString &filter) {
        askPath(m_window, title, mode, filter, [this](const QString &path) { openAny(path, {}); });
    };
    commands.on("open.repository", this, [ask] { ask(tr("Open a repository"), QFileDialog::Directory, {}); });
    commands.on("open.session", this, [ask] {
        ask(tr("Open a saved review"), QFileDialog::ExistingFile,
            tr("Saved reviews (*.ferriscope);;All files (*)"));
    });
    commands.on("open.patch", this, [ask] {
        ask(tr("Open a patch"), QFileDialog::ExistingFile, tr("Patches (*.patch *.diff);;All files (*)"));
    });
    commands.on("open.sample", this, [this] { openSample(); });
    commands.on("file.reload", this, [this] { reload(); });
    commands.on("file.close", this, [this] { m_opener.close(); });
    commands.on("file.quit", window, [window] { window->close(); });
    connect(&m_opener, &models::Opener::opened, this, [this] {
        m_settings.addRecent(QString::fromStdString(m_workspace.opened().path));
        QStringList warnings;
        for (const std::string &warning : m_workspace.opened().warnings)
            warnings.append(QString::fromStdString(warning));
        if (!warnings.isEmpty())
            emit told(warnings.join(QLatin1Char('\n')));
    });
    connect(&m_opener, &models::Opener::failed, this, [this](const QString &message) {
        const QString shown = models::toTitle(m_workspace);
        emit failed(shown.isEmpty() ? message : tr("%1 Still shown: %2.").arg(message, shown));
    });
    connectSaving(commands);
    connectFollowing(commands.action("file.follow"));
}

void FileActions::connectFollowing(QAction *command)
{
    const QString key = QStringLiteral("follow");
    command->setCheckable(true);
    command->setChecked(m_settings.value(key) != "off");
    connect(command, &QAction::toggled, this, [this, key](bool follows) {
        m_settings.setValue(key, follows ? "on" : "off");
        m_watcher.follow(follows);
    });
    m_watcher.leaveOut([this] { return m_settings.ownFolders() << m_keeper.path(); });
    m_watcher.follow(command->isChecked());
    connect(&m_watcher, &models::ChangeWatcher::changed, this, &FileActions::changedOutside);
    connect(&m_watcher, &models::ChangeWatcher::filesChanged, this, [this](const QStringList &paths) {
        m_opener.refresh();
        emit following(paths);
    });
}

void FileActions::connectSaving(Commands &commands)
{
    commands.on("session.save", this, [this] { saveAs(); });
    commands.on("report.export", this, [this] {
        askNewFile(m_window, tr("Export the report"), nameOf(m_workspace),
                   tr("Markdown (*.md);;HTML (*.html);;JSON (*.json);;SARIF (*.sarif)"), QStringLiteral("md"),
                   [this](const QString &path) { m_reports.write(path); });
    });
    commands.on("report.copy", this, [this] { m_reports.renderMarkdown(); });
    connect(&m_keeper, &models::SessionKeeper::saved, this, [this](const QString &path) {
        m_settings.addRecent(path);
        emit told(tr("Saved %1. What you decide from now on is saved there too.").arg(path));
        if (const auto next = std::exchange(m_whenSaved, {}))
            next();
    });
    connect(&m_keeper, &models::SessionKeeper::failed, this, [this](const QString &message) {
        m_whenSaved = {};
        emit failed(message);
    });
    connect(&m_keeper, &models::SessionKeeper::waiting, this, &FileActions::unsaved);
    connect(&m_keeper, &models::SessionKeeper::caughtUp, this, &FileActions::savedAgain);
    connect(&m_reports, &models::ReportWriter::written, this,
            [this](const QString &path) { emit told(tr("Wrote %1.").arg(path)); });
    connect(&m_reports, &models::ReportWriter::rendered, this, [this](const QString &markdown) {
        QApplication::clipboard()->setText(markdown);
        emit told(tr("The report is in the clipboard, as Markdown."));
    });
    connect(&m_reports, &models::ReportWriter::failed, this, &FileActions::failed);
    const auto enable = [this, &commands] {
        const bool open = m_workspace.opened().kind != models::Opened::Kind::Nothing;
        for (const char *id : {"session.save", "report.export", "report.copy", "file.reload", "file.close"})
            commands.action(id)->setEnabled(open);
    };
    connect(&m_workspace, &models::Workspace::replaced, this, enable);
    enable();
}

void FileActions::saveAs(const std::function<void()> &whenSaved)
{
    askNewFile(m_window, tr("Save the review"), nameOf(m_workspace) + QStringLiteral(".ferriscope"),
               tr("Saved reviews (*.ferriscope)"), QStringLiteral("ferriscope"),
               [this, whenSaved](const QString &path) {
                   m_whenSaved = whenSaved;
                   m_keeper.saveAs(path);
               });
}

void FileActions::openAny(const QString &path, const git::Range &range)
{
    const QFileInfo file(path);
    const QString absolute = file.absoluteFilePath();
    if (file.isDir() || !file.exists())
        m_opener.openRepository(absolute, range);
    else if (isSession(path))
        m_opener.openSession(absolute);
    else
        m_opener.openPatch(absolute);
}

void FileActions::openSample()
{
    m_opener.openSample(m_settings.sampleFolder());
}

void FileActions::reload()
{
    const models::Opened &opened = m_workspace.opened();
    openAny(QString::fromStdString(opened.path), opened.range);
}

} // namespace ui
