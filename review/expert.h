// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/event.h"
#include "review/request.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace review {

/// The one seam: whoever reviews a request. Events come in the order of the four passes; the last one is
/// Ended, also after a stop or a failure. Stopping takes under 100 ms.
class Expert {
public:
    virtual ~Expert() = default;
    virtual std::string name() const = 0;
    virtual void review(const Request &request, EventSink &sink, std::stop_token stop) = 0;
};

/// How an expert goes about it. Careful: on one thread, telling before each file that it begins (FileBegun),
/// for a review whose process died before; what it says is the same.
enum class Pace { Quick, Careful };

/// Lets an expert review; what it throws becomes its Ended, Failed, with the reason.
void runExpert(Expert &expert, const Request &request, EventSink &sink, std::stop_token stop);

/// The default expert: the Rust model and the rule catalogue. Needs no network, no toolchain and no build. It
/// keeps complete reviews in `cacheFolder` (see ReviewCache), unless that is empty.
std::unique_ptr<Expert> makeEmbeddedExpert(const std::string &cacheFolder = {}, Pace pace = Pace::Quick);

/// The names `--expert` takes.
std::vector<std::string> expertNames();
/// Null for an unknown name.
std::unique_ptr<Expert> makeExpert(const std::string &name, const std::string &cacheFolder = {},
                                   Pace pace = Pace::Quick);

} // namespace review
