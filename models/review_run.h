// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/job.h"
#include "models/workspace.h"
#include "review/expert.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace models {

using ExpertFactory = std::function<std::unique_ptr<review::Expert>(const std::string &name)>;

/// Reviews the chosen hunks: makes the request and runs the expert off the GUI thread, and hands its events
/// to the workspace in batches, at most 50 ms late. Stopping keeps what came.
class ReviewRun : public QObject {
    Q_OBJECT

public:
    ReviewRun(Workspace &workspace, ExpertFactory experts, QObject *parent = nullptr);
    ~ReviewRun() override;

    void start(const QString &expert);
    /// Reviews again after a refresh, unseen, with the expert of the last review: what is shown is replaced
    /// once the new review is whole, and stays where that is stopped or fails. Only `finished` and `failed`
    /// are told.
    void renew();
    /// Whose review was made last; empty before the first.
    const QString &expert() const { return m_expert; }
    void stop();
    bool running() const { return m_running; }
    bool renewing() const { return m_running && m_renews; }

signals:
    void started();
    /// `what`: the pass and the file it is at; `total` 0 while that is not known.
    void progressed(const QString &what, int done, int total);
    void finished();
    void failed(const QString &message); ///< nothing was reviewed, or not whole what was to be renewed

private:
    class Mailbox;
    void run(const QString &expertName, bool renews);
    void abandon();
    void deliver();
    void finish();
    void reportProgress(const std::vector<review::Event> &events);

    Workspace &m_workspace;
    ExpertFactory m_experts;
    std::shared_ptr<Mailbox> m_mailbox;
    QTimer m_delivery;
    QString m_pass;
    QString m_expert;
    bool m_running = false;
    bool m_renews = false;
    Job m_job{this};
};

} // namespace models
