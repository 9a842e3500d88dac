// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <string>

namespace app {

/// A new folder below the system's folder for temporary files, removed with all it holds at the end of its
/// life.
class TemporaryFolder {
public:
    static git::Result<TemporaryFolder> make(const std::string &name);
    TemporaryFolder(TemporaryFolder &&other) noexcept;
    TemporaryFolder &operator=(TemporaryFolder &&other) noexcept;
    ~TemporaryFolder();

    const std::string &path() const { return m_path; }

private:
    explicit TemporaryFolder(std::string path) : m_path(std::move(path)) {}
    std::string m_path;
};

} // namespace app
