// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tree_lister.h"

#include "models/file_source.h"

namespace models {

TreeLister::TreeLister(Workspace &workspace, FileTreeModel &model, QObject *parent)
    : QObject(parent)
    , m_workspace(workspace)
    , m_model(model)
{
    connect(&m_workspace, &Workspace::replaced, this, [this] { m_job.cancel(); });
    connect(&m_workspace, &Workspace::refreshed, this, [this] {
        if (m_model.isLoaded())
            read();
    });
}

void TreeLister::list()
{
    if (!m_model.isLoaded() && m_workspace.opened().kind != Opened::Kind::Nothing)
        read();
}

void TreeLister::read()
{
    m_job.start(
        [this, source = FileSource(m_workspace.opened())](std::stop_token stop, const Job::Post &post) {
            git::Result<std::vector<git::TreeFile>> files = source.allFiles(stop);
            post([this, files = std::move(files)]() mutable {
                if (files)
                    m_model.setAllFiles(std::move(*files));
                else if (files.error().kind != git::ErrorKind::Cancelled)
                    emit failed(QString::fromStdString(files.error().message));
            });
        });
}

} // namespace models
