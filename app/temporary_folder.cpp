// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/temporary_folder.h"

#include "git/display.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

namespace app {

git::Result<TemporaryFolder> TemporaryFolder::make(const std::string &name)
{
    std::error_code ignored;
    std::string pattern = (std::filesystem::temp_directory_path(ignored) / (name + "-XXXXXX")).string();
    if (!mkdtemp(pattern.data()))
        return git::Error{git::ErrorKind::Io, "Cannot make a temporary folder like " +
                                                  git::displayName(pattern) + ": " + std::strerror(errno) +
                                                  ". Set TMPDIR to a folder that can be written."};
    return TemporaryFolder(std::move(pattern));
}

TemporaryFolder::TemporaryFolder(TemporaryFolder &&other) noexcept : m_path(std::exchange(other.m_path, {}))
{}

TemporaryFolder &TemporaryFolder::operator=(TemporaryFolder &&other) noexcept
{
    std::swap(m_path, other.m_path);
    return *this;
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    if (!m_path.empty())
        std::filesystem::remove_all(m_path, ignored);
}

} // namespace app
