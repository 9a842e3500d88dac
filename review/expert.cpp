// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/expert.h"

#include <exception>
#include <utility>

namespace review {

void runExpert(Expert &expert, const Request &request, EventSink &sink, std::stop_token stop)
{
    try {
        expert.review(request, sink, std::move(stop));
    } catch (const std::exception &exception) {
        sink.receive(Ended{expert.name(), Ended::State::Failed, exception.what()});
    }
}

std::vector<std::string> expertNames()
{
    return {"embedded"};
}

std::unique_ptr<Expert> makeExpert(const std::string &name, const std::string &cacheFolder, Pace pace)
{
    return name == "embedded" ? makeEmbeddedExpert(cacheFolder, pace) : nullptr;
}

} // namespace review
