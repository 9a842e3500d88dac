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
    // A review may have read other bytes of a work tree's files than those shown: the findings are about the
    // review's.
    connect(&m_workspace, &Workspace::reviewBegun, this, [this] {
        m_recent.clear();
        if (m_workspace.diff().head.kind == git::ResolvedEndpoint::Kind::WorkTree)
            load();
    });
}

void FileLoader::load()
{
    const int file = m_workspace.currentFile();
    const std::optional<git::TreeFile> &treeFile = m_workspace.currentTreeFile();
    if (file < 0 && !treeFile) {
        m_job.cancel();
        emit loaded(nullptr);
        return;
    }
    const git::FileDelta delta =
        treeFile ? makeUnchanged(*treeFile) : m_workspace.diff().files[std::size_t(file)];
    const auto sameFile = [&](const Recent &recent) { return recent.path == delta.path(); };
    const auto found = std::find_if(m_recent.begin(), m_recent.end(), sameFile);
    if (found != m_recent.end()) {
        m_job.cancel(); // a file that is still being read comes too late now
        m_recent.splice(m_recent.begin(), m_recent, found);
        emit loaded(found->view);
        return;
    }
    emit loading(tr("Reading %1").arg(toDisplay(delta.path())));
    FileSource source(m_workspace.opened());
    if (file >= 0)
        source.keep(file, m_workspace.files());
    m_job.start([this, source, file, treeFile, delta](std::stop_token, const Job::Post &post) {
        std::shared_ptr<const FileView> view;
        if (treeFile) {
            const git::Result<git::FileTexts> texts = source.readUnchanged(*treeFile);
            view = texts ? makeFileView(delta, *texts) : makeMessage(delta, texts.error());
        } else {
            const git::Result<SourceTexts> read = source.read(file);
            view = read ? makeFileView(delta, read->texts, read->excerpts) : makeMessage(delta, read.error());
        }
        post([this, view] { show(view); });
    });
}

void FileLoader::show(const std::shared_ptr<const FileView> &view)
{
    m_recent.push_front({view->delta.path(), view});
    if (m_recent.size() > keptViews)
        m_recent.pop_back();
    emit loaded(view);
}

} // namespace models
