// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff_view.h"

#include "ui/diff/diff_panes.h"
#include "ui/diff/headers.h"
#include "ui/diff/search_bar.h"
#include "ui/diff/search_run.h"
#include "ui/message_bar.h"
#include "ui/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QMenu>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {
namespace {

/// The time a reader may wait before being told so.
constexpr int busyDelayMs = 100;
/// For comparing words on demand; cutting off keeps a hostile file from occupying a core.
constexpr int patientWordDeadlineMs = 5000;

/// What is not shown as a reader would expect; empty if nothing.
QString toNotice(const DiffPage &page)
{
    QStringList sentences;
    const int blocks = int(page.view().alignment.unmarkedBlocks);
    if (blocks > 0)
        sentences +=
            blocks == 1
                ? DiffView::tr("Changed words of 1 block are not marked: it is too long.")
                : DiffView::tr("Changed words of %1 blocks are not marked: they are too long.").arg(blocks);
    if (page.text(git::Side::Old).cutLines() + page.text(git::Side::New).cutLines() > 0)
        sentences += DiffView::tr("Lines are shown up to %1 bytes; copying gives them whole.")
                         .arg(RowText::maxShownBytes);
    const git::FileStatus status = page.view().delta.status;
    if (page.hunks().empty() && status != git::FileStatus::Unchanged)
        sentences += DiffView::tr("The contents did not change.");
    return sentences.join(QLatin1Char(' '));
}

} // namespace

class DiffView::Private {
public:
    explicit Private(DiffView *view);

    void show(std::shared_ptr<const models::FileView> view);
    void setMarks(const std::vector<FindingMark> &marks);
    void updateNotice();
    void compareWordsPatiently();
    void updatePlace();
    void toggle(int hunk);
    void showMenu(const QPoint &position, std::uint32_t row);
    void applyTheme();

    DiffView *q;
    FileHeader *header = new FileHeader;
    MessageBar *notice = new MessageBar;
    QStackedWidget *stack = new QStackedWidget;
    QLabel *placeholder = new QLabel;
    DiffPanes *panes = new DiffPanes;
    SearchBar *searchBar = new SearchBar;
    QTimer busyTimer;
    QString busyText;
    std::shared_ptr<const models::FileView> view;
    std::vector<RowMark> marks; ///< of both sides, by row
    QSet<QString> chosen;
    SearchRun *search = nullptr;
    models::Job wordsJob;
    bool wordsComparedPatiently = false;
};

DiffView::Private::Private(DiffView *view) : q(view), wordsJob(view)
{
    q->setAccessibleName(DiffView::tr("Difference of the two sides"));
    placeholder->setTextFormat(Qt::PlainText);
    placeholder->setAlignment(Qt::AlignCenter);
    placeholder->setWordWrap(true);
    placeholder->setMargin(48);
    placeholder->setFocusPolicy(Qt::StrongFocus);
    placeholder->setAutoFillBackground(true);
    stack->addWidget(placeholder);
    stack->addWidget(panes);
    auto *column = new QVBoxLayout(q);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header);
    column->addWidget(notice);
    column->addWidget(stack, 1);
    q->setFocusProxy(panes);
    column->addWidget(searchBar);
    searchBar->hide();
    search = new SearchRun(*panes, *searchBar, q);
    busyTimer.setSingleShot(true);
    busyTimer.setInterval(busyDelayMs);

    QObject::connect(&busyTimer, &QTimer::timeout, q, [this] {
        placeholder->setText(busyText);
        stack->setCurrentWidget(placeholder);
    });
    QObject::connect(panes, &DiffPanes::placeChanged, q, [this] { updatePlace(); });
    QObject::connect(panes, &DiffPanes::toggleRequested, q, [this](int hunk) { toggle(hunk); });
    QObject::connect(panes, &DiffPanes::findingActivated, q, &DiffView::findingActivated);
    QObject::connect(panes, &DiffPanes::searchRequested, q, &DiffView::openSearch);
    QObject::connect(panes, &DiffPanes::searchStepped, search, &SearchRun::step);
    QObject::connect(panes, &DiffPanes::menuRequested, q,
                     [this](const QPoint &position, std::uint32_t row) { showMenu(position, row); });
    applyTheme();
}

void DiffView::Private::show(std::shared_ptr<const models::FileView> next)
{
    busyTimer.stop();
    if (!view && !next && placeholder->text().isEmpty())
        return; // as it is
    const bool sameFile = view && next && view->delta.path() == next->delta.path();
    view = std::move(next);
    wordsJob.cancel();
    wordsComparedPatiently = false;
    if (!sameFile) {
        marks.clear();
        chosen.clear();
    }
    header->setFile(view.get());
    const bool readable = view && view->message.empty();
    placeholder->setText(view ? QString::fromStdString(view->message) : QString());
    stack->setCurrentWidget(readable ? static_cast<QWidget *>(panes) : placeholder);
    panes->resize(
        stack->size()); // at once, for a place on screen can only be chosen in a view that has its size
    panes->setPage(readable ? std::make_shared<const DiffPage>(view) : nullptr, sameFile);
    panes->setChosen(chosen);
    if (readable && sameFile)
        panes->setMarks(marks);
    search->restart();
    updateNotice();
    updatePlace();
}

void DiffView::Private::setMarks(const std::vector<FindingMark> &findings)
{
    marks.clear();
    const DiffPage *page = panes->page();
    if (!page)
        return;
    for (const FindingMark &finding : findings)
        marks.push_back({.row = page->text(finding.side).rowOfLine(finding.line),
                         .side = finding.side,
                         .severity = finding.severity,
                         .id = finding.id,
                         .title = finding.title});
    std::stable_sort(marks.begin(), marks.end(), [](const RowMark &a, const RowMark &b) {
        return std::pair(a.row, a.severity) < std::pair(b.row, b.severity);
    });
    panes->setMarks(marks);
}

void DiffView::Private::updateNotice()
{
    const DiffPage *page = panes->page();
    const QString text = page ? toNotice(*page) : QString();
    if (text.isEmpty()) {
        notice->hide();
        return;
    }
    QList<MessageBar::Choice> choices;
    if (page->view().alignment.unmarkedBlocks > 0 && !wordsComparedPatiently)
        choices += {DiffView::tr("Compare words anyway"), [this] { compareWordsPatiently(); }};
    notice->showMessage(MessageBar::Kind::Information, text, choices);
}

void DiffView::Private::compareWordsPatiently()
{
    notice->showMessage(MessageBar::Kind::Information, DiffView::tr("Comparing words …"));
    wordsJob.start([this, shown = view](const std::stop_token &, const models::Job::Post &post) {
        auto patient = std::make_shared<models::FileView>(*shown);
        patient->alignment =
            git::alignRows(shown->hunks, shown->texts.oldText, shown->texts.newText, patientWordDeadlineMs);
        post([this, patient] {
            show(patient);
            wordsComparedPatiently = true;
            updateNotice();
        });
    });
}

/// Tells where the reader is: the caret's row while it is on screen, else the first visible one.
void DiffView::Private::updatePlace()
{
    QString now;
    int hunk = -1;
    if (const DiffPage *page = panes->page()) {
        const std::uint32_t row = panes->readRow();
        const git::Side side = panes->activeSide();
        const auto &outline = side == git::Side::Old ? page->view().oldOutline : page->view().newOutline;
        now = QString::fromStdString(review::itemAt(outline, page->text(side).nearestLine(row)));
        hunk = page->hunkAt(panes->caretRow());
        header->setPosition(hunk, int(page->hunks().size()));
    }
    header->setItem(now);
}

void DiffView::Private::toggle(int hunk)
{
    const DiffPage *page = panes->page();
    if (!page || hunk < 0)
        return;
    const QString id = QString::fromStdString(page->view().hunks[std::size_t(hunk)].id);
    emit q->hunkToggled(id, !chosen.contains(id));
}

void DiffView::Private::showMenu(const QPoint &position, std::uint32_t row)
{
    const DiffPage *page = panes->page();
    const int hunk = page ? page->hunkAt(row) : -1;
    QMenu menu(q);
    menu.addAction(DiffView::tr("Copy"), q, [this] { panes->copy(); })->setEnabled(panes->hasSelection());
    menu.addAction(DiffView::tr("Select all of this side"), q, [this] { panes->selectAll(); });
    menu.addSeparator();
    if (hunk >= 0) {
        const QString id = QString::fromStdString(page->view().hunks[std::size_t(hunk)].id);
        const bool wasChosen = chosen.contains(id);
        // By its id: another file may be shown by the time the reader has decided.
        menu.addAction(wasChosen ? DiffView::tr("Leave this hunk out of the review")
                                 : DiffView::tr("Choose this hunk for review"),
                       q, [this, id, wasChosen] { emit q->hunkToggled(id, !wasChosen); });
    }
    menu.addAction(DiffView::tr("Find…"), q, &DiffView::openSearch);
    menu.exec(position);
}

void DiffView::Private::applyTheme()
{
    const Theme &theme = themeFor(q->palette());
    QPalette colors = placeholder->palette();
    colors.setColor(QPalette::Window, theme.editor);
    colors.setColor(QPalette::WindowText, theme.mutedText);
    placeholder->setPalette(colors);
}

DiffView::DiffView(QWidget *parent) : QWidget(parent), d(std::make_unique<Private>(this)) {}

DiffView::~DiffView() = default;

void DiffView::show(std::shared_ptr<const models::FileView> view)
{
    d->show(std::move(view));
}

void DiffView::setChosenHunks(const QSet<QString> &hunks)
{
    d->chosen = hunks;
    d->panes->setChosen(hunks);
}

void DiffView::setFindingMarks(const std::vector<FindingMark> &marks)
{
    d->setMarks(marks);
}

void DiffView::setBusy(const QString &message)
{
    d->busyText = message;
    d->busyTimer.start();
}

bool DiffView::goToNextChange()
{
    return d->panes->stepToHunk(true);
}

bool DiffView::goToPreviousChange()
{
    return d->panes->stepToHunk(false);
}

void DiffView::goToFirstChange()
{
    if (d->panes->page() && !d->panes->page()->hunks().empty())
        d->panes->goToHunk(0);
}

void DiffView::goToLastChange()
{
    if (d->panes->page() && !d->panes->page()->hunks().empty())
        d->panes->goToHunk(int(d->panes->page()->hunks().size()) - 1);
}

void DiffView::goToLine(git::Side side, std::uint32_t line)
{
    const DiffPage *page = d->panes->page();
    if (!page || page->text(side).lineCount() == 0)
        return;
    const std::uint32_t row = page->text(side).rowOfLine(line);
    d->panes->goToRow(row, DiffPanes::Place::Middle);
    d->panes->flash(row, side);
}

void DiffView::toggleCurrentHunk()
{
    if (const DiffPage *page = d->panes->page())
        d->toggle(page->hunkAt(d->panes->caretRow()));
}

std::optional<std::pair<git::Side, std::uint32_t>> DiffView::currentLine() const
{
    const DiffPage *page = d->panes->page();
    const std::uint32_t caret = d->panes->caretRow();
    if (!page || caret >= page->rowCount())
        return {};
    const git::Row &row = page->row(caret);
    const bool isOld = row.newLine == git::Row::gap;
    return std::pair(isOld ? git::Side::Old : git::Side::New,
                     std::uint32_t(isOld ? row.oldLine : row.newLine));
}

void DiffView::openSearch()
{
    if (d->panes->page())
        d->searchBar->open(d->panes->selectedLineText());
}

void DiffView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        d->applyTheme();
}

} // namespace ui
