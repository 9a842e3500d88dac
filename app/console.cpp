// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console.h"

#include "git/display.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <sys/ioctl.h>
#include <unistd.h>

namespace app {
namespace {

using namespace std::chrono_literals;
constexpr auto progressInterval = 50ms;
constexpr std::size_t defaultColumns = 80;

git::Error writeError(const std::string &file)
{
    return {git::ErrorKind::Io, "Cannot write " +
                                    (file.empty() ? "to standard output" : git::displayName(file)) + ": " +
                                    std::strerror(errno)};
}

std::string escapeLines(std::string_view text)
{
    std::string escaped;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        escaped += git::displayName(text.substr(0, end));
        if (end == text.npos)
            break;
        escaped += '\n';
        text.remove_prefix(end + 1);
    }
    return escaped;
}

std::size_t terminalColumns()
{
    winsize size = {};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : defaultColumns;
}

} // namespace

void printMessage(std::string_view message)
{
    const std::string line = "ferriscope: " + git::displayName(message) + "\n";
    std::fputs(line.c_str(), stderr);
}

int fail(const git::Error &error, ExitStatus status)
{
    printMessage(error.message);
    return status;
}

git::Result<void> writeResult(std::string_view text, const std::string &file)
{
    if (file.empty()) {
        const std::string escaped = isatty(STDOUT_FILENO) ? escapeLines(text) : std::string();
        const std::string_view shown = isatty(STDOUT_FILENO) ? escaped : text;
        if (std::fwrite(shown.data(), 1, shown.size(), stdout) != shown.size() || std::fflush(stdout) != 0)
            return writeError(file);
        return {};
    }
    std::FILE *stream = std::fopen(file.c_str(), "wb");
    if (!stream)
        return writeError(file);
    const bool written = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
    if (std::fclose(stream) != 0 || !written)
        return writeError(file);
    return {};
}

ProgressLine::ProgressLine() : m_terminal(isatty(STDERR_FILENO)) {}

ProgressLine::~ProgressLine()
{
    clear();
}

void ProgressLine::show(std::string_view text)
{
    const auto now = std::chrono::steady_clock::now();
    if (!m_terminal || (m_shown && now - m_last < progressInterval))
        return;
    m_last = now;
    m_shown = true;
    // Bytes, not columns: a line that is cut early does no harm, one that wraps could not be cleared.
    const std::string line = "\r\033[K" + git::displayName(text).substr(0, terminalColumns() - 1);
    std::fputs(line.c_str(), stderr);
    std::fflush(stderr);
}

void ProgressLine::clear()
{
    if (m_shown)
        std::fputs("\r\033[K", stderr);
    m_shown = false;
}

} // namespace app
