// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/file_tree_model.h"
#include "models/job.h"

namespace models {

/// Lists all files of the head side into a tree model, off the GUI thread, the first time they are asked for.
class TreeLister : public QObject {
    Q_OBJECT

public:
    TreeLister(Workspace &workspace, FileTreeModel &model, QObject *parent = nullptr);
    void list();

signals:
    void failed(const QString &message);

private:
    void read();

    Workspace &m_workspace;
    FileTreeModel &m_model;
    Job m_job{this};
};

} // namespace models
