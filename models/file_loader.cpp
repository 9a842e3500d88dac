// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/file_loader.h"

#include "models/file_source.h"

#include <algorithm>

namespace models {

namespace {

constexpr std::size_t keptViews = 8;

std::shared_ptr<const FileView> makeMessage(git::FileDelta delta, const git::Error &error)
{
    auto view = std::make_shared<FileView>();
    view->delta = std::move(delta);
    view->message = error.message;
    return view;
}

git::FileDelta makeUnchanged(const git::TreeFile &file)
{
    const git::FileSide side{file.path, file.id, file.mode};
    return {git::FileStatus::Unchanged, side, side, 0};
}

} // namespace

FileLoader::FileLoader(Workspace &workspace, QObject *parent) : QObject(parent), m_workspace(workspace)
{
    connect(&m_workspace, &Workspace::replaced, this, [this] {
        m_recent.clear();
        load();
    });
    connect(&m_workspace, &Workspace::currentFileChanged, this, &FileLoader::load);
    connect(&m_workspace, &Workspace::refreshed, this, &FileLoader::reload);
    // A review may have read other bytes of a work tree's files than those shown: the findings are about the
    // review's.
    connect(&m_workspace, &Workspace::reviewBegun, this, [this] {
        m_recent.clear();
        if (m_workspace.diff().head.kind == git::ResolvedEndpoint::Kind::WorkTree)
            load();
    });
}

git::FileDelta FileLoader::currentDelta() const
{
    const std::optional<git::TreeFile> &treeFile = m_workspace.currentTreeFile();
    return treeFile ? makeUnchanged(*treeFile)
                    : m_workspace.diff().files[std::size_t(m_workspace.currentFile())];
}

void FileLoader::load()
{
    if (m_workspace.currentFile() < 0 && !m_workspace.currentTreeFile()) {
        m_job.cancel();
        emit loaded(nullptr);
        return;
    }
    const git::FileDelta delta = currentDelta();
    const auto sameFile = [&](const Recent &recent) { return recent.path == delta.path(); };
    const auto found = std::find_if(m_recent.begin(), m_recent.end(), sameFile);
    if (found != m_recent.end()) {
        m_job.cancel(); // a file that is still being read comes too late now
        m_recent.splice(m_recent.begin(), m_recent, found);
        emit loaded(found->view);
        return;
    }
    emit loading(tr("Reading %1").arg(toDisplay(delta.path())));
    read(nullptr);
}

/// The current file once more: the reader goes on reading the earlier text until the new one is there.
void FileLoader::reload()
{
    const std::shared_ptr<const FileView> shown = m_recent.empty() ? nullptr : m_recent.front().view;
    m_recent.clear();
    if (m_workspace.currentFile() >= 0 || m_workspace.currentTreeFile())
        read(shown);
    else
        load();
}

/// Tells nothing where it is as `shown`.
void FileLoader::read(const std::shared_ptr<const FileView> &shown)
{
    const int file = m_workspace.currentFile();
    FileSource source(m_workspace.opened());
    if (file >= 0)
        source.keep(file, m_workspace.files());
    m_job.start([this, source, file, treeFile = m_workspace.currentTreeFile(), delta = currentDelta(),
                 shown](std::stop_token, const Job::Post &post) {
        std::shared_ptr<const FileView> view;
        if (treeFile) {
            const git::Result<git::FileTexts> texts = source.readUnchanged(*treeFile);
            view = texts ? makeFileView(delta, *texts) : makeMessage(delta, texts.error());
        } else {
            const git::Result<SourceTexts> read = source.read(file);
            view = read ? makeFileView(delta, read->texts, read->excerpts) : makeMessage(delta, read.error());
        }
        const bool same = shown && shown->delta == view->delta && shown->texts == view->texts &&
                          shown->message == view->message;
        post([this, view = same ? shown : view, same] { show(view, same); });
    });
}

void FileLoader::show(const std::shared_ptr<const FileView> &view, bool isShown)
{
    m_recent.push_front({view->delta.path(), view});
    if (m_recent.size() > keptViews)
        m_recent.pop_back();
    if (!isShown)
        emit loaded(view);
}

} // namespace models
