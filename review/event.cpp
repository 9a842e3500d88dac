// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/event.h"

namespace review {

const char *toText(Pass pass)
{
    switch (pass) {
    case Pass::Correctness:
        return "Correctness and panics";
    case Pass::Concurrency:
        return "Races and deadlocks";
    case Pass::Performance:
        return "Performance";
    case Pass::Idioms:
        return "Idioms";
    }
    return "";
}

const char *toText(Coverage::State state)
{
    switch (state) {
    case Coverage::State::Reviewed:
        return "reviewed";
    case Coverage::State::Skipped:
        return "skipped";
    case Coverage::State::Failed:
        return "failed";
    }
    return "";
}

} // namespace review
