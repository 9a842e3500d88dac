// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/search_run.h"

#include <algorithm>

namespace ui {

SearchRun::SearchRun(DiffPanes &panes, SearchBar &bar, QObject *parent)
    : QObject(parent)
    , m_panes(panes)
    , m_bar(bar)
    , m_job(this)
{
    connect(&bar, &SearchBar::queryChanged, this, [this] { start(true); });
    connect(&bar, &SearchBar::stepped, this, &SearchRun::step);
    connect(&bar, &SearchBar::closed, this, &SearchRun::close);
}

SearchRun::~SearchRun() = default;

void SearchRun::restart()
{
    m_job.cancel();
    m_result.reset();
    m_current = -1;
    m_bar.setResult({}, m_current);
    if (!m_bar.isHidden())
        start(false);
}

void SearchRun::start(bool move)
{
    if (m_current < 0)
        m_origin = m_panes.readRow();
    if (!m_panes.page())
        return;
    m_job.start([this, move, page = m_panes.sharedPage(),
                 query = m_bar.query()](const std::stop_token &stop, const models::Job::Post &post) {
        auto result = std::make_shared<const SearchResult>(search(*page, query, stop));
        post([this, result, move] { take(result, move); });
    });
}

void SearchRun::take(std::shared_ptr<const SearchResult> result, bool move)
{
    if (m_bar.isHidden())
        return;
    m_result = std::move(result);
    m_current = -1;
    m_panes.setHits(m_result);
    const auto &hits = m_result->hits;
    if (!move || hits.empty()) {
        m_bar.setResult(*m_result, m_current);
        return;
    }
    const auto next =
        std::find_if(hits.begin(), hits.end(), [this](const SearchHit &h) { return h.row >= m_origin; });
    goTo(next == hits.end() ? 0 : std::size_t(next - hits.begin()));
}

void SearchRun::step(bool forward)
{
    if (m_bar.isHidden() || !m_result || m_result->hits.empty())
        return;
    const auto count = int(m_result->hits.size());
    if (m_current < 0)
        goTo(forward ? 0 : std::size_t(count) - 1);
    else
        goTo(std::size_t((m_current + (forward ? 1 : count - 1)) % count));
}

void SearchRun::goTo(std::size_t hit)
{
    m_current = int(hit);
    m_panes.select(m_result->hits[hit]);
    m_bar.setResult(*m_result, m_current);
}

void SearchRun::close()
{
    m_job.cancel();
    m_bar.hide();
    m_result.reset();
    m_current = -1;
    m_panes.setHits({});
    m_panes.setFocus(Qt::OtherFocusReason);
}

} // namespace ui
