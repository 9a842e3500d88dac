// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/job.h"
#include "ui/diff/diff_panes.h"
#include "ui/diff/search_bar.h"

namespace ui {

/// Connects the search bar with the panes: looks while the reader types, off the GUI thread, marks the hits
/// and steps through them, round the end.
class SearchRun : public QObject {
    Q_OBJECT

public:
    SearchRun(DiffPanes &panes, SearchBar &bar, QObject *parent = nullptr);
    ~SearchRun() override;

    void restart(); ///< on another page; moves nothing
    void step(bool forward);

private:
    void start(bool move);
    void take(std::shared_ptr<const SearchResult> result, bool move);
    void goTo(std::size_t hit);
    void close();

    DiffPanes &m_panes;
    SearchBar &m_bar;
    std::shared_ptr<const SearchResult> m_result;
    int m_current = -1;
    std::uint32_t m_origin =
        0; ///< where the reader was when the search began: typing on starts from there again
    models::Job m_job;
};

} // namespace ui
