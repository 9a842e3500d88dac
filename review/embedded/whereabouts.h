// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/expert.h"

#include <string>

namespace review::embedded {

/// Where a careful review is: it tells each file it begins and, once that is done, the one it returns to. A
/// quick review works on two files at once and tells nothing.
class Whereabouts {
public:
    Whereabouts(EventSink &sink, Pace pace) : m_sink(sink), m_pace(pace) {}

    unsigned threads() const { return m_pace == Pace::Quick ? 2 : 1; }

    /// While it lives, work is on one file.
    class Stay {
    public:
        Stay(Whereabouts &whereabouts, const std::string &path);
        ~Stay();
        Stay(const Stay &) = delete;
        Stay &operator=(const Stay &) = delete;

    private:
        Whereabouts &m_whereabouts;
        std::string m_before;
    };
    [[nodiscard]] Stay at(const std::string &path) { return {*this, path}; }

private:
    void move(const std::string &path);

    EventSink &m_sink;
    Pace m_pace;
    std::string m_path;
};

} // namespace review::embedded
