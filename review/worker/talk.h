// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/worker/child_process.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace review {

/// Both sides of a talk with a child process in lines. `nextLine` gives what it is told, line ends included,
/// until it gives nothing; `takeLine` gets what it answers, without line ends.
struct Talk {
    enum class Answer { More, Last, Wrong };
    std::function<std::optional<std::string>()> nextLine;
    std::function<Answer(std::string_view line)> takeLine;
    std::chrono::milliseconds patience{
        30'000}; ///< longest time without a line, or without taking what it is told
};

/// Closed: it closed its output. Ended: it closed its output after its last line, or had long enough for
/// that. Wrong: a line was refused, or has no end.
enum class TalkEnd { Closed, Ended, Stopped, Silent, Wrong };

/// Talks until the end: with one thread, whichever of the two is faster. Once stopped, the child's input is
/// closed and it has stopGrace to end by itself.
TalkEnd talk(ChildProcess &child, const Talk &talk, std::string &lastWords, std::stop_token stop);

/// A longer line than this is none: a finding with all that it quotes is far shorter.
inline constexpr std::size_t maxLineBytes = 16u << 20;
inline constexpr std::chrono::milliseconds stopGrace{60};

} // namespace review
