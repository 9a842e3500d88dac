// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/embedded_review.h"
#include "review/expert.h"

#include <utility>

namespace review {

namespace {

class EmbeddedExpert : public Expert {
public:
    std::string name() const override { return embedded::expertName; }
    void review(const Request &request, EventSink &sink, std::stop_token stop) override
    {
        embedded::EmbeddedReview(request, sink, std::move(stop)).run();
    }
};

} // namespace

std::unique_ptr<Expert> makeEmbeddedExpert()
{
    return std::make_unique<EmbeddedExpert>();
}

} // namespace review
