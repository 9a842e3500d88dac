// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/embedded_review.h"
#include "review/embedded/engine_version.h"
#include "review/expert.h"
#include "review/review_cache.h"

#include <memory>
#include <thread>
#include <utility>

namespace review {

namespace {

/// Passes events on and keeps them, all but those that tell how far it is.
class KeepingSink : public EventSink {
public:
    explicit KeepingSink(EventSink &next) : m_next(next) {}
    void receive(const Event &event) override
    {
        if (!std::holds_alternative<Progressed>(event) && !std::holds_alternative<FileBegun>(event))
            m_events.push_back(event);
        m_next.receive(event);
    }
    const std::vector<Event> &events() const { return m_events; }

private:
    EventSink &m_next;
    std::vector<Event> m_events;
};

class EmbeddedExpert : public Expert {
public:
    EmbeddedExpert(std::string cacheFolder, Pace pace)
        : m_folder(std::move(cacheFolder))
        , m_cache(m_folder)
        , m_pace(pace)
    {}

    std::string name() const override { return embedded::expertName; }

    void review(const Request &request, EventSink &sink, std::stop_token stop) override
    {
        if (!m_cache.isOn()) {
            embedded::EmbeddedReview(request, {}, sink, std::move(stop), m_pace).run();
            return;
        }
        const std::string key = reviewKey(request, embedded::engineVersion(), stop);
        const auto events = stop.stop_requested() ? std::nullopt : m_cache.find(key);
        if (events) {
            for (const Event &event : *events)
                sink.receive(event);
            return;
        }
        KeepingSink kept(sink);
        // A careful one parses each file itself, where it says it is.
        const std::string trees = m_pace == Pace::Quick ? m_folder : std::string();
        auto review =
            std::make_unique<embedded::EmbeddedReview>(request, trees, kept, std::move(stop), m_pace);
        review->run();
        // To take a large model down lasts as long as to keep what was found.
        const std::jthread dropping([&review] { review.reset(); });
        m_cache.keep(key, kept.events());
    }

private:
    std::string m_folder;
    ReviewCache m_cache;
    Pace m_pace;
};

} // namespace

std::unique_ptr<Expert> makeEmbeddedExpert(const std::string &cacheFolder, Pace pace)
{
    return std::make_unique<EmbeddedExpert>(cacheFolder, pace);
}

} // namespace review
