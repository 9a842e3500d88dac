// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rules_page.h"

#include "ui/finding_detail.h"
#include "ui/rich_text.h"
#include "ui/rule_delegate.h"
#include "ui/rule_document.h"
#include "ui/theme.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QDesktopServices>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStandardItemModel>
#include <QTreeView>
#include <QVBoxLayout>

#include <map>

namespace ui {

namespace {

QLabel *makeLabel(const char *property)
{
    auto *label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setProperty(property, true);
    return label;
}

} // namespace

RulesPage::RulesPage(models::Workspace &workspace, models::RuleBook &book, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_book(book)
    , m_summary(makeLabel("muted"))
    , m_mistakes(makeLabel("muted"))
    , m_filter(new QLineEdit)
    , m_list(new QTreeView)
    , m_rules(new QStandardItemModel(this))
    , m_shown(new QSortFilterProxyModel(this))
    , m_state(new QComboBox)
    , m_card(new SafeBrowser)
{
    m_shown->setSourceModel(m_rules);
    m_shown->setFilterRole(RuleSearchRole);
    m_shown->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_shown->setRecursiveFilteringEnabled(true);
    m_list->setModel(m_shown);
    layOut();
    connect(m_filter, &QLineEdit::textChanged, this, &RulesPage::applyFilter);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &RulesPage::refreshCard);
    connect(m_state, &QComboBox::activated, this, &RulesPage::chooseState);
    connect(m_card, &QTextBrowser::anchorClicked, this, [this](const QUrl &url) {
        const int target = placeTarget(url);
        if (target >= 0 && target < m_findings.size())
            emit findingChosen(m_findings[target]);
        else if (url.scheme() == QLatin1String("https") || url.scheme() == QLatin1String("http"))
            QDesktopServices::openUrl(url);
    });
    connect(&m_book, &models::RuleBook::cardsChanged, this, [this] {
        m_stale = true;
        if (isVisible())
            fill();
    });
    connect(&m_book, &models::RuleBook::stateChanged, this, [this] {
        if (!isVisible())
            return;
        refreshRows();
        refreshCard();
    });
}

void RulesPage::layOut()
{
    auto *title = new QLabel(tr("Rules"));
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 1.35);
    large.setWeight(QFont::DemiBold);
    title->setFont(large);
    auto *back = new QPushButton(tr("Back (Esc)"));
    connect(back, &QPushButton::clicked, this, &RulesPage::left);
    auto *head = new QHBoxLayout;
    head->setSpacing(14);
    head->addWidget(title);
    head->addWidget(m_summary, 1);
    head->addWidget(back);

    m_filter->setPlaceholderText(tr("Filter by name, title or text"));
    m_filter->setAccessibleName(tr("Filter rules"));
    m_filter->setClearButtonEnabled(true);
    m_filter->installEventFilter(this);
    m_list->setItemDelegate(new RuleDelegate(m_list));
    m_list->setHeaderHidden(true);
    m_list->setRootIsDecorated(false);
    m_list->setIndentation(0);
    m_list->setExpandsOnDoubleClick(false);
    m_list->setUniformRowHeights(false);
    m_list->setItemsExpandable(false);
    m_list->setMouseTracking(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Rules"));
    auto *left = new QWidget;
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 14, 0);
    leftColumn->setSpacing(8);
    leftColumn->addWidget(m_filter);
    leftColumn->addWidget(m_list, 1);

    m_state->addItems({tr("On"), tr("Off for this repository"), tr("Off for good")});
    m_state->setAccessibleName(tr("This rule is"));
    auto *isLabel = new QLabel(tr("This rule is"));
    isLabel->setProperty("muted", true);
    auto *switches = new QHBoxLayout;
    switches->setContentsMargins(20, 0, 0, 0);
    switches->addWidget(isLabel);
    switches->addWidget(m_state);
    switches->addStretch();
    m_card->setAccessibleName(tr("The chosen rule"));
    m_card->setFrameShape(QFrame::NoFrame);
    m_card->document()->setDocumentMargin(20);
    auto *right = new QWidget;
    auto *rightColumn = new QVBoxLayout(right);
    rightColumn->setContentsMargins(0, 0, 0, 0);
    rightColumn->setSpacing(8);
    rightColumn->addLayout(switches);
    rightColumn->addWidget(m_card, 1);

    auto *splitter = new QSplitter;
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(left);
    splitter->addWidget(right);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({430, 850});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(10);
    column->addLayout(head);
    column->addWidget(m_mistakes);
    column->addWidget(splitter, 1);
    QWidget *before = m_filter;
    for (QWidget *next : {static_cast<QWidget *>(m_list), static_cast<QWidget *>(m_state),
                          static_cast<QWidget *>(m_card), static_cast<QWidget *>(back)}) {
        setTabOrder(before, next);
        before = next;
    }
}

void RulesPage::fill()
{
    const QString chosen = rule();
    m_stale = false;
    m_rules->clear();
    for (const review::Section section : {review::Section::Critical, review::Section::Concurrency,
                                          review::Section::Performance, review::Section::Practices})
        addSection(section);
    refreshRows();
    m_list->expandAll();
    showRule(chosen);
    const QStringList &mistakes = m_book.mistakes();
    m_mistakes->setVisible(!mistakes.isEmpty());
    m_mistakes->setText(
        tr("Cards of the team's that are not used:\n%1").arg(mistakes.mid(0, 5).join(QLatin1Char('\n'))) +
        (mistakes.size() > 5 ? tr("\nand %1 more").arg(mistakes.size() - 5) : QString()));
}

void RulesPage::addSection(review::Section section)
{
    auto *heading = new QStandardItem(QString::fromUtf8(review::toHeading(section)));
    heading->setFlags(Qt::ItemIsEnabled);
    for (const review::rules::Card &card : m_book.cards()) {
        if (card.section != section)
            continue;
        auto *item = new QStandardItem(QString::fromStdString(card.title).remove(QLatin1Char('`')));
        item->setEditable(false);
        item->setToolTip(models::toToolTip(item->text()));
        item->setData(int(card.severity), RuleSeverityRole);
        if (card.hitsRead > 0)
            item->setData(tr("%1 of %2 true").arg(card.hitsTrue).arg(card.hitsRead), RuleMeasuredRole);
        item->setData(QString::fromStdString(card.id), RuleIdRole);
        item->setData(QString::fromStdString(card.id + '\n' + card.title + '\n' + card.summary),
                      RuleSearchRole);
        heading->appendRow(item);
    }
    m_rules->appendRow(heading);
}

void RulesPage::refreshRows()
{
    std::map<std::string, int> hits;
    for (const review::Finding &finding : m_workspace.session().findings)
        ++hits[finding.rule];
    for (int section = 0; section < m_rules->rowCount(); ++section) {
        QStandardItem *heading = m_rules->item(section);
        for (int row = 0; row < heading->rowCount(); ++row) {
            QStandardItem *item = heading->child(row);
            const QString id = item->data(RuleIdRole).toString();
            item->setData(hits[id.toStdString()], RuleHitsRole);
            item->setData(int(m_book.state(id)), RuleStateRole);
        }
    }
    refreshSummary();
}

void RulesPage::refreshSummary()
{
    int teams = 0;
    for (const review::rules::Card &card : m_book.cards())
        teams += card.isTeams() ? 1 : 0;
    QString text = tr("%1 built in").arg(int(m_book.cards().size()) - teams);
    if (teams > 0)
        text += tr(" · %1 of the team's").arg(teams);
    if (m_book.offCount() > 0)
        text += tr(" · %1 switched off here").arg(m_book.offCount());
    m_summary->setText(text);
}

QString RulesPage::rule() const
{
    return m_list->currentIndex().data(RuleIdRole).toString();
}

void RulesPage::showRule(const QString &id)
{
    if (m_stale)
        fill();
    const QString wanted = id.isEmpty() ? rule() : id;
    QModelIndex chosen;
    for (int section = 0; section < m_rules->rowCount(); ++section) {
        const QStandardItem *heading = m_rules->item(section);
        for (int row = 0; row < heading->rowCount(); ++row) {
            const QModelIndex index = heading->child(row)->index();
            if (!chosen.isValid() || index.data(RuleIdRole).toString() == wanted)
                chosen = index;
        }
    }
    if (!id.isEmpty() && !m_shown->mapFromSource(chosen).isValid())
        m_filter->clear();
    m_list->setCurrentIndex(m_shown->mapFromSource(chosen));
    m_list->scrollTo(m_list->currentIndex(), QAbstractItemView::PositionAtCenter);
    refreshCard();
}

void RulesPage::applyFilter(const QString &text)
{
    m_shown->setFilterFixedString(text);
    m_list->expandAll();
    if (rule().isEmpty() && m_shown->rowCount() > 0)
        m_list->setCurrentIndex(m_shown->index(0, 0, m_shown->index(0, 0)));
    refreshCard();
}

void RulesPage::refreshCard()
{
    const QString id = rule();
    const review::rules::Card *card = m_book.card(id);
    m_state->setEnabled(card);
    m_findings.clear();
    if (!card) {
        m_card->clear();
        return;
    }
    m_findings = fillRuleDocument(*m_card->document(), *card, m_workspace, themeFor(palette()), font());
    m_card->moveCursor(QTextCursor::Start);
    m_state->setCurrentIndex(int(m_book.state(id)));
}

void RulesPage::chooseState(int choice)
{
    const auto state = review::RuleState(choice);
    if (state != m_book.state(rule()))
        m_book.setState(rule(), state);
    m_state->setCurrentIndex(int(m_book.state(rule()))); // what could not be kept is as it was
}

/// From the filter the list is moved by the arrow keys; Return goes to the card.
bool RulesPage::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    switch (static_cast<QKeyEvent *>(event)->key()) {
    case Qt::Key_Down:
    case Qt::Key_Up:
    case Qt::Key_PageDown:
    case Qt::Key_PageUp:
        QCoreApplication::sendEvent(m_list, event);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        m_card->setFocus(Qt::TabFocusReason);
        return true;
    default:
        return QWidget::eventFilter(watched, event);
    }
}

/// The window's single letters are about the code, which is not in sight: here they are typed. `?` is about
/// the whole window.
bool RulesPage::event(QEvent *event)
{
    if (event->type() != QEvent::ShortcutOverride)
        return QWidget::event(event);
    const auto *key = static_cast<QKeyEvent *>(event);
    const bool typed = !(key->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier));
    if (typed && !key->text().isEmpty() && key->text().at(0).isPrint() && key->key() != Qt::Key_Question)
        event->accept();
    return event->isAccepted();
}

void RulesPage::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        emit left();
    else
        QWidget::keyPressEvent(event);
}

void RulesPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_stale)
        fill();
    refreshRows();
    refreshCard();
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void RulesPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && isVisible())
        refreshCard();
}

} // namespace ui
