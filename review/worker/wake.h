// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

namespace review {

/// Ends another thread's poll(): file() becomes readable, and stays so.
class Wake {
public:
    Wake() : m_file(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
    Wake(const Wake &) = delete;
    Wake &operator=(const Wake &) = delete;
    ~Wake()
    {
        if (m_file >= 0)
            ::close(m_file);
    }

    int file() const { return m_file; }
    void wake() const { (void)::eventfd_write(m_file, 1); }

private:
    int m_file;
};

} // namespace review
