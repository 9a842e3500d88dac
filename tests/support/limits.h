// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>

namespace tests {

/// Prints what was measured beside what it may be, and tells at the end whether that was kept.
class Limits {
public:
    void report(const char *what, double measured, double limit, const char *unit = "ms")
    {
        const bool over = measured > limit;
        m_missed += over;
        ++m_count;
        std::printf("%-48s %8.1f %s   (at most %.0f)%s\n", what, measured, unit, limit, over ? "  OVER" : "");
    }

    /// What the program ends with: 0, or 1 after a sentence.
    int conclude() const
    {
        if (m_missed == 0)
            std::printf("All %d limits were kept.\n", m_count);
        else
            std::fprintf(stderr,
                         "%d of %d limits were missed: see OVER above. Other work on the machine counts: "
                         "run it alone and in Release.\n",
                         m_missed, m_count);
        return m_missed == 0 ? 0 : 1;
    }

private:
    int m_missed = 0;
    int m_count = 0;
};

} // namespace tests
