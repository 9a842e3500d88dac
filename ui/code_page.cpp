// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/code_page.h"

#include "models/findings_model.h"
#include "ui/diff_view.h"
#include "ui/finding_detail.h"

#include <QSplitter>
#include <QVBoxLayout>

namespace ui {

CodePage::CodePage(models::Workspace &workspace, Commands &commands, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_loader(workspace)
    , m_messages(new MessageBar)
    , m_previewBar(new MessageBar)
    , m_diffView(new DiffView)
    , m_detail(new FindingDetail(workspace, commands))
    , m_splitter(new QSplitter(Qt::Vertical))
{
    auto *top = new QWidget;
    auto *column = new QVBoxLayout(top);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_messages);
    column->addWidget(m_previewBar);
    column->addWidget(m_diffView, 1);
    m_splitter->addWidget(top);
    m_splitter->addWidget(m_detail);
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);

    connect(&m_loader, &models::FileLoader::loading, m_diffView, &DiffView::setBusy);
    connect(&m_loader, &models::FileLoader::loaded, this, &CodePage::show);
    connect(&m_workspace, &models::Workspace::selectionChanged, this, &CodePage::showChosen);
    connect(&m_workspace, &models::Workspace::reviewBegun, this, &CodePage::showMarks);
    connect(&m_workspace, &models::Workspace::recorded, this, &CodePage::showMarks);
    connect(&m_workspace, &models::Workspace::decided, this, &CodePage::showMarks);
    connect(&m_workspace, &models::Workspace::replaced, this, &CodePage::closePreview);
    connect(&m_workspace, &models::Workspace::currentFileChanged, this, &CodePage::closePreview);
    connect(m_diffView, &DiffView::hunkToggled, this, [this](const QString &hunk, bool chosen) {
        if (!m_previewing && m_workspace.currentFile() >= 0)
            m_workspace.chooseHunk(m_workspace.currentFile(), hunk, chosen);
    });
    connect(m_diffView, &DiffView::findingActivated, this, &CodePage::findingActivated);
    connect(m_detail, &FindingDetail::placeChosen, this, &CodePage::goTo);
}

void CodePage::show(const std::shared_ptr<const models::FileView> &view)
{
    m_view = view;
    if (m_previewing)
        return;
    m_diffView->show(view);
    showChosen();
    showMarks();
    arrive();
    if (view)
        emit fileShown();
}

void CodePage::showChosen()
{
    const int file = m_workspace.currentFile();
    if (m_previewing || file < 0)
        return;
    QSet<QString> chosen;
    const models::FileFacts &facts = m_workspace.facts(file);
    for (std::size_t hunk = 0; hunk < facts.hunks.size(); ++hunk)
        if (facts.chosen[hunk])
            chosen.insert(QString::fromStdString(facts.hunks[hunk]));
    m_diffView->setChosenHunks(chosen);
}

void CodePage::showMarks()
{
    if (m_previewing || !m_view)
        return;
    std::vector<FindingMark> marks;
    for (const review::Finding &finding : m_workspace.session().findings) {
        const QString id = QString::fromStdString(finding.id);
        const git::FileSide &side =
            finding.place.side == git::Side::Old ? m_view->delta.oldSide : m_view->delta.newSide;
        if (side.path == finding.place.path && !m_workspace.decision(id))
            marks.push_back({id, finding.place.side, finding.place.lines.begin, finding.severity,
                             models::withoutMarks(finding.title)});
    }
    m_diffView->setFindingMarks(marks);
}

void CodePage::arrive()
{
    const Arrival arrival = std::exchange(m_arrival, Arrival::AsBefore);
    const std::optional<review::Place> target = std::exchange(m_target, std::nullopt);
    if (target)
        m_diffView->goToLine(target->side, target->lines.begin);
    else if (arrival == Arrival::FirstChange)
        m_diffView->goToFirstChange();
    else if (arrival == Arrival::LastChange)
        m_diffView->goToLastChange();
}

void CodePage::showFile(int file, Arrival arrival)
{
    closePreview();
    m_target.reset();
    m_arrival = arrival;
    m_workspace.showFile(file);
}

void CodePage::goTo(const review::Place &place)
{
    closePreview();
    const int file = m_workspace.fileIndex(place.path);
    const bool shown =
        m_view && (m_view->delta.newSide.path == place.path || m_view->delta.oldSide.path == place.path);
    m_target = place;
    if (shown && (file < 0 || file == m_workspace.currentFile()))
        arrive();
    else if (file >= 0)
        m_workspace.showFile(file);
    else
        m_workspace.showTreeFile({place.path, {}, 0, 0});
}

std::optional<review::Place> CodePage::currentPlace() const
{
    if (!m_view || m_previewing)
        return {};
    const auto [side, line] = m_diffView->currentLine().value_or(std::pair(git::Side::New, 0u));
    const git::FileSide &file = side == git::Side::Old ? m_view->delta.oldSide : m_view->delta.newSide;
    return review::Place{file.path, side, {line, line + 1}};
}

void CodePage::showPreview(const models::SuggestionPreview &preview, const std::function<void()> &apply)
{
    const auto close = [this] { closePreview(); };
    m_previewing = true;
    if (preview.view) {
        m_diffView->show(preview.view);
        m_diffView->setChosenHunks({});
        m_diffView->setFindingMarks({});
        m_diffView->goToFirstChange();
    }
    if (!preview.applicable) {
        m_previewBar->showMessage(
            MessageBar::Kind::Problem,
            tr("This suggestion can't be applied: %1. Nothing was written.").arg(preview.state),
            {{tr("Close"), close}});
        return;
    }
    const auto confirm = [this, apply] {
        closePreview();
        apply();
    };
    m_previewBar->showMessage(
        MessageBar::Kind::Information,
        tr("Preview: left the file as it is, right with the suggestion (%1).").arg(preview.state),
        {{tr("Cancel"), close}, {tr("Apply"), confirm, true}});
}

void CodePage::closePreview()
{
    if (!m_previewing)
        return;
    m_previewing = false;
    m_previewBar->hide();
    show(m_view);
}

} // namespace ui
