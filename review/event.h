// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/finding.h"

#include <string>
#include <variant>
#include <vector>

namespace review {

/// The persona's four passes, in order.
enum class Pass { Correctness, Concurrency, Performance, Idioms };
const char *toText(Pass pass); ///< "Correctness and panics" …

/// A pass of an expert begins.
struct PassStarted {
    std::string expert;
    Pass pass = Pass::Correctness;

    bool operator==(const PassStarted &) const = default;
};

/// How far the expert is: `done` of `total` steps, now at `path`.
struct Progressed {
    std::string expert;
    std::size_t done = 0;
    std::size_t total = 0;
    std::string path;

    bool operator==(const Progressed &) const = default;
};

/// A careful expert begins work on a file; an empty `path`: on all of them together. When its process dies,
/// this tells what it died of.
struct FileBegun {
    std::string expert;
    std::string path;

    bool operator==(const FileBegun &) const = default;
};

/// A finding is complete. It was checked: its quoted lines are where it says. `silenced` is the authors'
/// reason where a comment of theirs silences it: it is shown as decided, never left away.
struct FindingClosed {
    Finding finding;
    std::string silenced = {};

    bool operator==(const FindingClosed &) const = default;
};

/// A finding failed its check (quoted lines not found, suggestion does not apply or parse) and is not shown
/// as one.
struct FindingRejected {
    std::string title;
    std::string reason;

    bool operator==(const FindingRejected &) const = default;
};

/// What became of one hunk (`hunk` empty: of the whole file). Lines are of the new side, or of the old one
/// for a pure deletion.
struct Coverage {
    enum class State { Reviewed, Skipped, Failed };
    std::string path;
    std::string hunk;
    git::LineRange lines;
    State state = State::Reviewed;
    std::string reason; ///< empty when reviewed without reserve

    bool operator==(const Coverage &) const = default;
};
const char *toText(Coverage::State state);

/// A sentence for the reader about the review as a whole ("types of 12 files were not read").
struct Note {
    std::string expert;
    std::string text;

    bool operator==(const Note &) const = default;
};

/// The expert's last event.
struct Ended {
    enum class State { Complete, Stopped, Failed };
    std::string expert;
    State state = State::Complete;
    std::string reason;

    bool operator==(const Ended &) const = default;
};

using Event =
    std::variant<PassStarted, Progressed, FileBegun, FindingClosed, FindingRejected, Coverage, Note, Ended>;

/// Receives events, in order, on the expert's thread. Must be quick.
class EventSink {
public:
    virtual ~EventSink() = default;
    virtual void receive(const Event &event) = 0;
};

} // namespace review
