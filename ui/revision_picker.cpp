// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/revision_picker.h"

#include "models/workspace.h"
#include "ui/icons.h"
#include "ui/theme.h"

#include <QDialog>
#include <QFrame>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

namespace ui {

namespace {

constexpr int longestName = 32;
enum Role { KindRole = Qt::UserRole, RevisionRole };
using Kind = git::Endpoint::Kind;

/// The popup below the button: what is typed filters the list, and is itself the last choice.
class RevisionList : public QDialog {
public:
    using Picked = std::function<void(const git::Endpoint &)>;

    RevisionList(QWidget *parent, QStandardItemModel *choices, Picked picked)
        : QDialog(parent, Qt::Popup | Qt::FramelessWindowHint)
        , m_choices(choices)
        , m_picked(std::move(picked))
    {
        setAttribute(Qt::WA_DeleteOnClose);
        setAccessibleName(tr("Choose a revision"));
        choices->setParent(this);
        m_shown->setSourceModel(choices);
        m_shown->setFilterCaseSensitivity(Qt::CaseInsensitive);
        m_text->setPlaceholderText(tr("Branch, tag or any revision"));
        m_text->setAccessibleName(tr("Revision"));
        m_text->setProperty("flat", true);
        m_text->installEventFilter(this);
        m_list->setModel(m_shown);
        m_list->setProperty("bare", true);
        m_list->setFocusPolicy(Qt::NoFocus);
        m_list->setEditTriggers(QListView::NoEditTriggers);
        auto *frame = new QFrame;
        frame->setProperty("popup", true);
        auto *inside = new QVBoxLayout(frame);
        inside->setContentsMargins(5, 5, 5, 5);
        inside->addWidget(m_text);
        inside->addWidget(m_list);
        auto *outside = new QVBoxLayout(this);
        outside->setContentsMargins(0, 0, 0, 0);
        outside->addWidget(frame);
        connect(m_text, &QLineEdit::textChanged, this, &RevisionList::filter);
        connect(m_list, &QListView::clicked, this, [this] { pick(); });
        filter({});
        resize(330, 340);
        m_text->setFocus();
    }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() != QEvent::KeyPress)
            return QDialog::eventFilter(watched, event);
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int row = m_list->currentIndex().row() + (key == Qt::Key_Down ? 1 : -1);
            m_list->setCurrentIndex(
                m_shown->index(std::clamp(row, 0, std::max(0, m_shown->rowCount() - 1)), 0));
            return true;
        }
        if (key != Qt::Key_Return && key != Qt::Key_Enter)
            return QDialog::eventFilter(watched, event);
        pick();
        return true;
    }

private:
    void filter(const QString &text)
    {
        m_shown->setFilterFixedString(text);
        m_list->setCurrentIndex(m_shown->index(0, 0));
    }

    void pick()
    {
        git::Endpoint endpoint{Kind::Treeish, m_text->text().trimmed().toStdString()};
        const QModelIndex index = m_list->currentIndex();
        if (index.isValid()) {
            endpoint.kind = Kind(index.data(KindRole).toInt());
            endpoint.revision = index.data(RevisionRole).toByteArray().toStdString();
        }
        close();
        if (endpoint.kind != Kind::Treeish || !endpoint.revision.empty())
            m_picked(endpoint);
    }

    QStandardItemModel *m_choices;
    Picked m_picked;
    QSortFilterProxyModel *m_shown = new QSortFilterProxyModel(this);
    QLineEdit *m_text = new QLineEdit;
    QListView *m_list = new QListView;
};

/// For a name that stands for several: "v1 (tag)".
QString toQualified(const git::Reference &reference)
{
    const QString name = models::toDisplay(reference.name);
    if (reference.fullName.starts_with("refs/tags/"))
        return RevisionPicker::tr("%1 (tag)").arg(name);
    return reference.fullName.starts_with("refs/heads/") ? RevisionPicker::tr("%1 (branch)").arg(name)
                                                         : RevisionPicker::tr("%1 (remote branch)").arg(name);
}

} // namespace

RevisionPicker::RevisionPicker(Role role, QWidget *parent) : QToolButton(parent), m_role(role)
{
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setIcon(glyphIcon(Glyph::Branch));
    setIconSize({22, 16});
    setToolTip(role == Role::Base ? tr("Compare from this revision") : tr("Compare to this revision"));
    setAccessibleName(toolTip());
    connect(this, &QToolButton::clicked, this, &RevisionPicker::openPopup);
}

void RevisionPicker::setReferences(const std::vector<git::Reference> &references)
{
    m_references = references;
}

void RevisionPicker::setShown(const QString &name)
{
    setText(fontMetrics().elidedText(name, Qt::ElideMiddle, fontMetrics().averageCharWidth() * longestName));
    setAccessibleDescription(name);
}

void RevisionPicker::openPopup()
{
    auto *choices = new QStandardItemModel;
    const auto add = [&](const QString &text, Kind kind, const std::string &revision = {}) {
        auto *item = new QStandardItem(text);
        item->setData(int(kind), KindRole);
        item->setData(QByteArray::fromStdString(revision), RevisionRole);
        choices->appendRow(item);
    };
    if (m_role == Role::Head) {
        add(tr("Work tree"), Kind::WorkTree);
        add(tr("Staged changes"), Kind::Index);
    } else {
        add(tr("Empty tree"), Kind::EmptyTree);
    }
    std::map<std::string, int> uses;
    for (const git::Reference &reference : m_references)
        ++uses[reference.name];
    for (const git::Reference &reference : m_references)
        add(uses[reference.name] > 1 ? toQualified(reference) : models::toDisplay(reference.name),
            Kind::Treeish, reference.fullName);
    auto *list =
        new RevisionList(this, choices, [this](const git::Endpoint &endpoint) { emit picked(endpoint); });
    list->move(mapToGlobal(QPoint(0, height() + 2)));
    list->show();
}

} // namespace ui
