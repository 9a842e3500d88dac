// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/report_writer.h"

#include "review/report.h"

#include <QSaveFile>

namespace models {

namespace {

std::string render(const review::Session &session, const QString &path)
{
    if (path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive))
        return review::renderJson(session);
    if (path.endsWith(QLatin1String(".sarif"), Qt::CaseInsensitive))
        return review::renderSarif(session);
    if (path.endsWith(QLatin1String(".html"), Qt::CaseInsensitive))
        return review::renderHtml(session);
    return review::renderMarkdown(session);
}

} // namespace

ReportWriter::ReportWriter(Workspace &workspace, QObject *parent) : QObject(parent), m_workspace(workspace) {}

void ReportWriter::write(const QString &path)
{
    m_job.start([this, opened = m_workspace.opened(), path](std::stop_token, const Job::Post &post) {
        const std::string text = render(opened.whole(), path);
        QSaveFile file(path);
        const bool done = file.open(QIODevice::WriteOnly) &&
                          file.write(text.data(), qint64(text.size())) == qint64(text.size()) &&
                          file.commit();
        const QString reason = file.errorString();
        post([this, path, done, reason] {
            if (done)
                emit written(path);
            else
                emit failed(tr("Cannot write %1: %2. Choose another place.").arg(path, reason));
        });
    });
}

void ReportWriter::renderMarkdown()
{
    m_job.start([this, opened = m_workspace.opened()](std::stop_token, const Job::Post &post) {
        const QString markdown = QString::fromStdString(review::renderMarkdown(opened.whole()));
        post([this, markdown] { emit rendered(markdown); });
    });
}

} // namespace models
