// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/whereabouts.h"

#include "review/embedded/file_review.h"

namespace review::embedded {

Whereabouts::Stay::Stay(Whereabouts &whereabouts, const std::string &path) : m_whereabouts(whereabouts)
{
    if (m_whereabouts.m_pace == Pace::Quick)
        return;
    m_before = m_whereabouts.m_path;
    m_whereabouts.move(path);
}

Whereabouts::Stay::~Stay()
{
    if (m_whereabouts.m_pace == Pace::Careful)
        m_whereabouts.move(m_before);
}

void Whereabouts::move(const std::string &path)
{
    m_path = path;
    m_sink.receive(FileBegun{expertName, path});
}

} // namespace review::embedded
