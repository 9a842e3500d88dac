// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace review {

/// A program to start, without a shell: `program` is a path, or a name that is looked for in PATH.
/// `arguments` begin with the name it is to know itself by.
struct ChildCommand {
    std::string program;
    std::vector<std::string> arguments;
    bool hasEnvironment = false; ///< it gets all of the environment, not only what its libraries need
};

/// A child process that is talked to through pipes. It starts in the root folder, in a process group of its
/// own, with no open file but the three pipes and no blocked signal. Destroying it kills the group and waits
/// for its end.
class ChildProcess {
public:
    /// Errors: NotFound when the program can't be started, Io when there is no pipe or process left.
    static git::Result<ChildProcess> start(const ChildCommand &command);
    ChildProcess(ChildProcess &&other) noexcept { swap(other); }
    ChildProcess &operator=(ChildProcess &&other) noexcept
    {
        swap(other);
        return *this;
    }
    ~ChildProcess();

    pid_t id() const { return m_id; }
    // This side's ends of the pipes, which do not block; -1 once closed.
    int input() const { return m_input; }
    int output() const { return m_output; }
    int errors() const { return m_errors; }
    void closeInput();
    void closeErrors();

    /// Kills what still runs, and says how it ended: "signal 11 (Segmentation fault)", "exit status 3".
    std::string end();

private:
    ChildProcess() = default;
    void swap(ChildProcess &other) noexcept
    {
        std::swap(m_id, other.m_id);
        std::swap(m_input, other.m_input);
        std::swap(m_output, other.m_output);
        std::swap(m_errors, other.m_errors);
    }

    pid_t m_id = -1;
    int m_input = -1;
    int m_output = -1;
    int m_errors = -1;
};

} // namespace review
