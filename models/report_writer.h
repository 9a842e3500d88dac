// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/job.h"
#include "models/workspace.h"

#include <QObject>
#include <QString>

namespace models {

/// Writes the review as a report, off the GUI thread.
class ReportWriter : public QObject {
    Q_OBJECT

public:
    explicit ReportWriter(Workspace &workspace, QObject *parent = nullptr);

    /// The file's suffix chooses: `.json`, `.sarif`, `.html`, else Markdown. Replaces an existing file, at
    /// once or not at all.
    void write(const QString &path);
    void renderMarkdown();

signals:
    void written(const QString &path);
    void rendered(const QString &markdown);
    void failed(const QString &message);

private:
    Workspace &m_workspace;
    Job m_job{this};
};

} // namespace models
