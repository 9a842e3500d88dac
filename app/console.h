// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <chrono>
#include <string>
#include <string_view>

namespace app {

/// The program's exit statuses, as `--help` lists them.
enum ExitStatus : int { Done = 0, FindingsFound = 1, WrongInput = 2, NotCompleted = 3 };

/// A line on standard error, "ferriscope: …", with control bytes escaped.
void printMessage(std::string_view message);

/// Prints the error and returns `status`.
int fail(const git::Error &error, ExitStatus status = WrongInput);

/// Writes a result to the file, or to standard output for an empty name. Control bytes are escaped when that
/// is a terminal: a result quotes code that others wrote.
git::Result<void> writeResult(std::string_view text, const std::string &file);

/// A line on standard error that is rewritten in place, at most some twenty times a second. Silent unless
/// that is a terminal. Cleared at the end.
class ProgressLine {
public:
    ProgressLine();
    ~ProgressLine();
    ProgressLine(const ProgressLine &) = delete;
    ProgressLine &operator=(const ProgressLine &) = delete;

    void show(std::string_view text);
    void clear();

private:
    bool m_terminal;
    bool m_shown = false;
    std::chrono::steady_clock::time_point m_last;
};

} // namespace app
