// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/worker/ready_worker.h"

#include "review/worker/worker_expert.h"

namespace review {

void ReadyWorker::prepare()
{
    if (!m_ready)
        m_ready = makeWorkerExpert(expertNames().front(), m_cacheFolder);
}

std::unique_ptr<Expert> ReadyWorker::make(const std::string &name)
{
    if (m_ready && m_ready->name() == name)
        return std::move(m_ready);
    return makeWorkerExpert(name, m_cacheFolder);
}

} // namespace review
