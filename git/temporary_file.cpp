// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/temporary_file.h"

#include <cerrno>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

namespace git {
namespace {

std::string makeName()
{
    unsigned long long number = 0;
    if (getrandom(&number, sizeof number, 0) != static_cast<ssize_t>(sizeof number))
        number = static_cast<unsigned long long>(getpid());
    char name[64];
    std::snprintf(name, sizeof name, ".ferriscope-%016llx.tmp", number);
    return name;
}

} // namespace

TemporaryFile::TemporaryFile(int folder, unsigned mode) : m_folder(folder)
{
    constexpr int attempts = 10;
    for (int i = 0; i < attempts && !m_file; ++i) {
        m_name = makeName();
        m_file = FileDescriptor(
            openat(folder, m_name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
        if (!m_file && errno != EEXIST)
            break;
    }
    if (!m_file)
        m_name.clear();
}

TemporaryFile::TemporaryFile(TemporaryFile &&other) noexcept
    : m_folder(other.m_folder)
    , m_file(std::move(other.m_file))
    , m_name(std::exchange(other.m_name, {}))
{}

TemporaryFile::~TemporaryFile()
{
    const int error = errno;
    if (!m_name.empty())
        unlinkat(m_folder, m_name.c_str(), 0);
    errno = error;
}

bool TemporaryFile::renameTo(const std::string &name)
{
    if (renameat(m_folder, m_name.c_str(), m_folder, name.c_str()) != 0)
        return false;
    m_name.clear();
    return true;
}

bool TemporaryFile::exchangeWith(const std::string &name)
{
    return renameat2(m_folder, m_name.c_str(), m_folder, name.c_str(), RENAME_EXCHANGE) == 0;
}

std::string TemporaryFile::keepAs(const std::string &wanted)
{
    const bool renamed = renameat2(m_folder, m_name.c_str(), m_folder, wanted.c_str(), RENAME_NOREPLACE) == 0;
    const std::string own = std::exchange(m_name, {});
    return renamed ? wanted : own;
}

} // namespace git
