// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/navigator.h"

#include "ui/code_page.h"
#include "ui/commands.h"
#include "ui/diff_view.h"
#include "ui/files_panel.h"

#include <algorithm>
#include <tuple>

namespace ui {

Navigator::Navigator(models::Workspace &workspace, Commands &commands, FilesPanel &files, CodePage &code,
                     QObject *parent)
    : QObject(parent)
    , m_workspace(workspace)
    , m_files(files)
    , m_code(code)
{
    commands.on("go.nextChange", this, [this] { goToChange(1); });
    commands.on("go.previousChange", this, [this] { goToChange(-1); });
    commands.on("go.nextFinding", this, [this] { goToFinding(1); });
    commands.on("go.previousFinding", this, [this] { goToFinding(-1); });
    commands.on("go.nextFile", this, [this] { goToFile(1); });
    commands.on("go.previousFile", this, [this] { goToFile(-1); });
    commands.on("file.viewed", this, [this] { markViewed(); });
}

int Navigator::neighbour(int direction) const
{
    const std::vector<int> &order = m_files.order();
    const auto current = std::find(order.begin(), order.end(), m_workspace.currentFile());
    if (current == order.end())
        return order.empty() ? -1 : order.front();
    if (direction < 0)
        return current == order.begin() ? -1 : *std::prev(current);
    return std::next(current) == order.end() ? -1 : *std::next(current);
}

void Navigator::goToChange(int direction)
{
    DiffView *view = m_code.diffView();
    if (direction > 0 ? view->goToNextChange() : view->goToPreviousChange())
        return;
    if (m_code.isPreviewing())
        return;
    if (const int file = neighbour(direction); file >= 0)
        m_code.showFile(file, direction > 0 ? CodePage::Arrival::FirstChange : CodePage::Arrival::LastChange);
}

void Navigator::goToFinding(int direction)
{
    struct Stop {
        std::tuple<std::size_t, std::uint32_t> place; ///< the file's place in the tree, the line
        QString id;
    };
    const std::vector<int> &order = m_files.order();
    const auto rank = [&](int file) {
        return std::size_t(std::find(order.begin(), order.end(), file) - order.begin());
    };
    std::vector<Stop> stops;
    for (const review::Finding &finding : m_workspace.session().findings) {
        const QString id = QString::fromStdString(finding.id);
        if (!m_workspace.decision(id) || id == m_currentFinding)
            stops.push_back(
                {{rank(m_workspace.fileIndex(finding.place.path)), finding.place.lines.begin}, id});
    }
    if (stops.empty())
        return;
    std::stable_sort(stops.begin(), stops.end(),
                     [](const Stop &a, const Stop &b) { return a.place < b.place; });
    const auto isCurrent = [this](const Stop &stop) { return stop.id == m_currentFinding; };
    const auto current = std::find_if(stops.begin(), stops.end(), isCurrent);
    std::size_t next = 0;
    if (current != stops.end()) {
        const std::size_t at = std::size_t(current - stops.begin());
        next = (at + stops.size() + std::size_t(direction)) % stops.size(); // around the end
    } else {
        const std::size_t here = rank(m_workspace.currentFile());
        while (next + 1 < stops.size() && std::get<0>(stops[next].place) < here)
            ++next;
    }
    emit findingChosen(stops[next].id);
}

void Navigator::goToFile(int direction)
{
    if (const int file = neighbour(direction); file >= 0)
        m_code.showFile(file, CodePage::Arrival::FirstChange);
}

void Navigator::markViewed()
{
    const int file = m_workspace.currentFile();
    if (file < 0)
        return;
    if (m_workspace.isViewed(file)) {
        m_workspace.setViewed(file, false);
        return;
    }
    m_workspace.setViewed(file, true);
    const std::vector<int> &order = m_files.order();
    const auto current = std::find(order.begin(), order.end(), file);
    const auto unviewed = [this](int other) { return !m_workspace.isViewed(other); };
    auto next = std::find_if(current, order.end(), unviewed);
    if (next == order.end())
        next = std::find_if(order.begin(), order.end(), unviewed);
    if (next != order.end())
        m_code.showFile(*next, CodePage::Arrival::FirstChange);
}

} // namespace ui
