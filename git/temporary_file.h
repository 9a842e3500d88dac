// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/safe_file.h"

#include <string>

namespace git {

/// A new file with a name of its own in a folder, removed at the end of its scope unless it was renamed.
/// Where a call fails, errno tells why.
class TemporaryFile {
public:
    TemporaryFile() = default;
    /// `folder` must outlive it. `mode` is lessened by the umask.
    TemporaryFile(int folder, unsigned mode);
    TemporaryFile(TemporaryFile &&) noexcept;
    TemporaryFile &operator=(TemporaryFile &&) = delete;
    ~TemporaryFile();

    bool isOpen() const { return static_cast<bool>(m_file); }
    int descriptor() const { return m_file.get(); }
    const std::string &name() const { return m_name; }
    /// Ends writing; the file stays.
    void closeDescriptor() { m_file = {}; }

    /// Takes the place of the file `name` of the same folder.
    bool renameTo(const std::string &name);
    /// The file `name` and this one change places in one step; this one's name then holds what was there.
    bool exchangeWith(const std::string &name);
    /// Leaves the file where it is for good, under the name `wanted`, or its own where that is taken. Gives
    /// the name.
    std::string keepAs(const std::string &wanted);

private:
    int m_folder = -1;
    FileDescriptor m_file;
    std::string m_name;
};

} // namespace git
