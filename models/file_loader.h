// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/file_view.h"
#include "models/job.h"
#include "models/workspace.h"

#include <QObject>
#include <QString>

#include <list>
#include <memory>

namespace models {

/// Follows the workspace's current file: reads and aligns it off the GUI thread. The latest wins; the last
/// few stay at hand.
class FileLoader : public QObject {
    Q_OBJECT

public:
    explicit FileLoader(Workspace &workspace, QObject *parent = nullptr);

signals:
    void loading(const QString &what);
    void loaded(const std::shared_ptr<const models::FileView> &view); ///< null: nothing is current

private:
    struct Recent {
        std::string path;
        std::shared_ptr<const FileView> view;
    };
    void load();
    void reload();
    void read(const std::shared_ptr<const FileView> &shown);
    void show(const std::shared_ptr<const FileView> &view, bool isShown);
    git::FileDelta currentDelta() const;

    Workspace &m_workspace;
    std::list<Recent> m_recent;
    Job m_job{this};
};

} // namespace models
