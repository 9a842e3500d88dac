// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/worker/child_process.h"

#include "git/display.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

namespace review {

namespace {

/// Without these a program may not find its libraries, or a sanitizer its options.
constexpr std::array<std::string_view, 5> neededVariables{
    "LD_LIBRARY_PATH=", "ASAN_OPTIONS=", "LSAN_OPTIONS=", "TSAN_OPTIONS=", "UBSAN_OPTIONS="};

void closeIfOpen(int &file)
{
    if (file >= 0)
        ::close(file);
    file = -1;
}

/// Both ends close by themselves when another program is started meanwhile.
struct Pipe {
    int read = -1;
    int write = -1;

    Pipe() = default;
    Pipe(const Pipe &) = delete;
    Pipe &operator=(const Pipe &) = delete;
    ~Pipe()
    {
        closeIfOpen(read);
        closeIfOpen(write);
    }
    bool open()
    {
        int ends[2] = {-1, -1};
        const bool made = ::pipe2(ends, O_CLOEXEC) == 0;
        read = ends[0];
        write = ends[1];
        return made;
    }
};

std::vector<char *> toPointers(const std::vector<std::string> &texts)
{
    std::vector<char *> pointers;
    for (const std::string &text : texts)
        pointers.push_back(const_cast<char *>(text.c_str())); // posix_spawn writes to none of them
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> neededEnvironment()
{
    std::vector<std::string> needed;
    for (char **variable = environ; variable && *variable; ++variable) {
        for (const std::string_view name : neededVariables) {
            if (std::string_view(*variable).starts_with(name))
                needed.emplace_back(*variable);
        }
    }
    return needed;
}

/// What posix_spawn is to do beside starting.
class Preparation {
public:
    Preparation()
    {
        posix_spawn_file_actions_init(&m_actions);
        posix_spawnattr_init(&m_attributes);
    }
    Preparation(const Preparation &) = delete;
    Preparation &operator=(const Preparation &) = delete;
    ~Preparation()
    {
        posix_spawn_file_actions_destroy(&m_actions);
        posix_spawnattr_destroy(&m_attributes);
    }

    bool prepare(const Pipe &input, const Pipe &output, const Pipe &errors)
    {
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        // The pipes' own numbers may be below three, where a dup2 would close another: they are above (see
        // start).
        return posix_spawn_file_actions_adddup2(&m_actions, input.read, 0) == 0 &&
               posix_spawn_file_actions_adddup2(&m_actions, output.write, 1) == 0 &&
               posix_spawn_file_actions_adddup2(&m_actions, errors.write, 2) == 0 &&
               posix_spawn_file_actions_addclosefrom_np(&m_actions, 3) == 0 &&
               posix_spawn_file_actions_addchdir_np(&m_actions, "/") == 0 &&
               posix_spawnattr_setpgroup(&m_attributes, 0) == 0 &&
               posix_spawnattr_setsigmask(&m_attributes, &none) == 0 &&
               posix_spawnattr_setsigdefault(&m_attributes, &all) == 0 &&
               posix_spawnattr_setflags(&m_attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                           POSIX_SPAWN_SETSIGDEF) == 0;
    }

    const posix_spawn_file_actions_t *actions() const { return &m_actions; }
    const posix_spawnattr_t *attributes() const { return &m_attributes; }

private:
    posix_spawn_file_actions_t m_actions;
    posix_spawnattr_t m_attributes;
};

/// Moves a file above the standard three, which may be closed in this process.
bool lift(int &file)
{
    if (file > 2)
        return true;
    const int lifted = ::fcntl(file, F_DUPFD_CLOEXEC, 3);
    closeIfOpen(file);
    file = lifted;
    return lifted >= 0;
}

bool openAll(Pipe &input, Pipe &output, Pipe &errors)
{
    for (Pipe *pipe : {&input, &output, &errors}) {
        if (!pipe->open() || !lift(pipe->read) || !lift(pipe->write))
            return false;
    }
    for (const int file : {input.write, output.read, errors.read}) {
        if (::fcntl(file, F_SETFL, O_NONBLOCK) != 0)
            return false;
    }
    return true;
}

} // namespace

git::Result<ChildProcess> ChildProcess::start(const ChildCommand &command)
{
    Pipe input;
    Pipe output;
    Pipe errors;
    Preparation preparation;
    const std::string name = git::displayName(command.arguments.front());
    if (!openAll(input, output, errors) || !preparation.prepare(input, output, errors))
        return git::Error{git::ErrorKind::Io, name +
                                                  ": no pipe to it could be made: " + std::strerror(errno) +
                                                  ". Close programs or files, and try again."};

    const std::vector<char *> arguments = toPointers(command.arguments);
    const std::vector<std::string> needed = neededEnvironment();
    const std::vector<char *> environment = toPointers(needed);
    ChildProcess child;
    const int failure =
        ::posix_spawnp(&child.m_id, command.program.c_str(), preparation.actions(), preparation.attributes(),
                       arguments.data(), command.hasEnvironment ? environ : environment.data());
    if (failure != 0) {
        child.m_id = -1;
        const bool isGone = failure == ENOENT || failure == EACCES || failure == ENOEXEC;
        return git::Error{isGone ? git::ErrorKind::NotFound : git::ErrorKind::Io,
                          git::displayName(command.program) +
                              " could not be started: " + std::strerror(failure)};
    }
    child.m_input = std::exchange(input.write, -1);
    child.m_output = std::exchange(output.read, -1);
    child.m_errors = std::exchange(errors.read, -1);
    return child;
}

ChildProcess::~ChildProcess()
{
    end();
}

void ChildProcess::closeInput()
{
    closeIfOpen(m_input);
}

void ChildProcess::closeErrors()
{
    closeIfOpen(m_errors);
}

std::string ChildProcess::end()
{
    closeIfOpen(m_input);
    closeIfOpen(m_output);
    closeIfOpen(m_errors);
    if (m_id < 0)
        return {};
    // One that has ended already keeps the status it ended with.
    ::kill(-m_id, SIGKILL);
    int status = 0;
    pid_t reaped = -1;
    do {
        reaped = ::waitpid(m_id, &status, 0);
    } while (reaped < 0 && errno == EINTR);
    m_id = -1;
    if (reaped < 0)
        return "an unknown status";
    if (WIFEXITED(status))
        return "exit status " + std::to_string(WEXITSTATUS(status));
    const int signal = WTERMSIG(status);
    const char *description = ::sigdescr_np(signal);
    return "signal " + std::to_string(signal) + " (" + (description ? description : "unknown") + ")";
}

} // namespace review
