// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/headers.h"

#include "git/display.h"
#include "models/workspace.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QPainter>

namespace ui {
namespace {

QString toName(const std::string &path)
{
    return QString::fromStdString(git::displayName(path));
}

QString toOctal(std::uint32_t mode)
{
    return QString::number(mode, 8).rightJustified(6, QLatin1Char('0'));
}

QString title(const git::FileDelta &delta)
{
    const bool moved = delta.status == git::FileStatus::Renamed || delta.status == git::FileStatus::Copied;
    return moved ? toName(delta.oldSide.path) + QStringLiteral(" → ") + toName(delta.newSide.path)
                 : toName(delta.path());
}

QString statusText(const git::FileDelta &delta)
{
    const QString status = QLatin1String(git::toText(delta.status));
    const bool moved = delta.status == git::FileStatus::Renamed || delta.status == git::FileStatus::Copied;
    return moved ? FileHeader::tr("%1, %2 % alike").arg(status).arg(delta.similarity) : status;
}

QString facts(const models::FileView &view)
{
    QStringList parts{statusText(view.delta)};
    const git::FileSide &from = view.delta.oldSide;
    const git::FileSide &to = view.delta.newSide;
    if (from.exists() && to.exists() && from.mode != to.mode)
        parts += FileHeader::tr("mode %1 → %2").arg(toOctal(from.mode), toOctal(to.mode));
    const git::ContentKind kind = to.exists() ? view.texts.newKind : view.texts.oldKind;
    if (kind != git::ContentKind::Text)
        parts += QLatin1String(git::toText(kind));
    return parts.join(QStringLiteral(" · "));
}

void paintBar(QWidget &bar, const QColor &underline, int thickness)
{
    QPainter painter(&bar);
    painter.fillRect(bar.rect(), themeFor(bar.palette()).window);
    painter.fillRect(QRect(0, bar.height() - thickness, bar.width(), thickness), underline);
}

} // namespace

ElidedLabel::ElidedLabel(Weight weight, QWidget *parent) : QWidget(parent), m_weight(weight)
{
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

void ElidedLabel::setText(const QString &text)
{
    if (m_text == text)
        return;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QFont ElidedLabel::textFont() const
{
    QFont result = font();
    result.setBold(m_weight == Weight::Strong);
    return result;
}

QSize ElidedLabel::sizeHint() const
{
    const QFontMetrics metrics(textFont());
    return {metrics.horizontalAdvance(m_text) + 2, metrics.height()};
}

QSize ElidedLabel::minimumSizeHint() const
{
    const QSize wanted = sizeHint();
    return {std::min(wanted.width(), m_weight == Weight::Strong ? 160 : 60), wanted.height()};
}

void ElidedLabel::paintEvent(QPaintEvent *)
{
    const Theme &theme = themeFor(palette());
    QPainter painter(this);
    painter.setFont(textFont());
    painter.setPen(m_weight == Weight::Muted ? theme.mutedText : theme.text);
    const QString shown = painter.fontMetrics().elidedText(m_text, Qt::ElideMiddle, width());
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, shown);
    setToolTip(shown == m_text ? QString() : models::toToolTip(m_text));
}

FileHeader::FileHeader(QWidget *parent)
    : QWidget(parent)
    , m_path(new ElidedLabel(ElidedLabel::Weight::Strong))
    , m_facts(new ElidedLabel(ElidedLabel::Weight::Muted))
    , m_item(new ElidedLabel(ElidedLabel::Weight::Normal))
    , m_position(new ElidedLabel(ElidedLabel::Weight::Muted))
{
    setAccessibleName(tr("Shown file"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 7, 12, 8);
    row->setSpacing(14);
    row->addWidget(m_path);
    row->addWidget(m_facts);
    row->addStretch(1);
    row->addWidget(m_item);
    row->addWidget(m_position);
}

void FileHeader::setFile(const models::FileView *view)
{
    m_path->setText(view ? title(view->delta) : QString());
    m_facts->setText(view ? facts(*view) : QString());
    setItem({});
    setPosition(-1, 0);
}

void FileHeader::setItem(const QString &item)
{
    m_item->setText(item);
}

void FileHeader::setPosition(int hunk, int hunkCount)
{
    m_position->setText(hunkCount == 0 ? QString()
                        : hunk < 0     ? (hunkCount == 1 ? tr("1 change") : tr("%1 changes").arg(hunkCount))
                                       : tr("change %1 of %2").arg(hunk + 1).arg(hunkCount));
}

void FileHeader::paintEvent(QPaintEvent *)
{
    paintBar(*this, themeFor(palette()).border, 1);
}

SideHeader::SideHeader(git::Side side, QWidget *parent)
    : QWidget(parent)
    , m_side(side)
    , m_name(new ElidedLabel(ElidedLabel::Weight::Normal))
    , m_facts(new ElidedLabel(ElidedLabel::Weight::Muted))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 3, 12, 5);
    row->setSpacing(10);
    row->addWidget(m_name);
    row->addStretch(1);
    row->addWidget(m_facts);
}

void SideHeader::setFile(const models::FileView *view)
{
    const bool old = m_side == git::Side::Old;
    QString name = old ? tr("Before") : tr("After");
    QString facts;
    if (view) {
        const git::FileSide &side = old ? view->delta.oldSide : view->delta.newSide;
        if (view->delta.oldSide.path != view->delta.newSide.path && side.exists())
            name += QStringLiteral("   ") + toName(side.path);
        std::uint32_t lines = 0;
        for (const git::Hunk &hunk : view->hunks) {
            for (const git::Change &change : hunk.changes)
                lines += old ? change.oldLines.size() : change.newLines.size();
        }
        if (lines > 0)
            facts = QString(old ? QChar(0x2212) : QLatin1Char('+')) + QString::number(lines);
    }
    m_name->setText(name);
    m_facts->setText(facts);
}

void SideHeader::setActive(bool active)
{
    if (m_active == active)
        return;
    m_active = active;
    update();
}

void SideHeader::paintEvent(QPaintEvent *)
{
    const Theme &theme = themeFor(palette());
    paintBar(*this, m_active ? theme.accent : theme.border, m_active ? 2 : 1);
}

} // namespace ui
