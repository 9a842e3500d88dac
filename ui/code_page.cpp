// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/code_page.h"

#include "models/findings_model.h"
#include "ui/commands.h"
#include "ui/diff_view.h"
#include "ui/finding_detail.h"

#include <QAction>
#include <QSplitter>
#include <QVBoxLayout>

namespace ui {

namespace {

/// A reason that stands inside of a sentence.
QString withoutFullStop(QString text)
{
    if (text.endsWith(QLatin1Char('.')))
        text.chop(1);
    return text;
}

} // namespace

CodePage::CodePage(models::Workspace &workspace, Commands &commands, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_applyCommand(commands.action("finding.apply"))
    , m_closeCommand(commands.action("preview.close"))
    , m_loader(workspace)
    , m_warnings(new MessageBar)
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
    column->addWidget(m_warnings);
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
    connect(&m_workspace, &models::Workspace::reviewRenewed, this, &CodePage::showMarks);
    connect(&m_workspace, &models::Workspace::replaced, this, &CodePage::closePreview);
    connect(&m_workspace, &models::Workspace::currentFileChanged, this, &CodePage::closePreview);
    connect(m_diffView, &DiffView::hunkToggled, this, [this](const QString &hunk, bool chosen) {
        if (!m_previewing && m_workspace.currentFile() >= 0)
            m_workspace.chooseHunk(m_workspace.currentFile(), hunk, chosen);
    });
    connect(m_diffView, &DiffView::findingActivated, this, &CodePage::findingActivated);
    connect(m_detail, &FindingDetail::placeChosen, this, &CodePage::goTo);
    commands.on("preview.close", this, [this] { closePreview(); });
    m_closeCommand->setEnabled(false); // its key is others' too
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
        if (m_workspace.isReviewOutdated())
            break; // their lines may be others by now
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

void CodePage::showPreview(const models::SuggestionPreview &preview, const std::function<void()> &apply,
                           const QList<MessageBar::Choice> &choices)
{
    m_previewing = true;
    m_closeCommand->setEnabled(true);
    m_applyPreviewed = preview.applicable ? apply : nullptr;
    if (preview.view) {
        m_diffView->show(preview.view);
        m_diffView->setChosenHunks({});
        m_diffView->setFindingMarks({});
        m_diffView->goToFirstChange();
    }
    const QString keys = m_closeCommand->shortcut().toString(QKeySequence::NativeText);
    const auto close = [this] { closePreview(); };
    if (preview.applicable)
        m_previewBar->showMessage(
            MessageBar::Kind::Information,
            tr("Preview: left the file as it is, right with the suggestion (%1). Return or %2 applies it, "
               "%3 cancels.")
                .arg(preview.state, m_applyCommand->shortcut().toString(QKeySequence::NativeText), keys),
            choices + QList<MessageBar::Choice>{{tr("Cancel"), close},
                                                {tr("Apply"), [this] { applyPreviewed(); }, true}});
    else
        m_previewBar->showMessage(
            MessageBar::Kind::Problem,
            tr("This suggestion can't be applied: %1. Nothing was written. %2 closes this.")
                .arg(withoutFullStop(preview.state), keys),
            choices + QList<MessageBar::Choice>{{tr("Close"), close, true}});
    m_previewBar->focusMain();
}

void CodePage::applyPreviewed()
{
    const std::function<void()> apply = m_applyPreviewed;
    if (!m_previewing || !apply)
        return;
    closePreview();
    apply();
}

void CodePage::closePreview()
{
    if (!m_previewing)
        return;
    m_previewing = false;
    m_applyPreviewed = nullptr;
    m_closeCommand->setEnabled(false);
    m_previewBar->dismiss();
    show(m_view);
}

} // namespace ui
