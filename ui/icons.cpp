// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/icons.h"

#include "ui/theme.h"

#include <QApplication>
#include <QIconEngine>
#include <QPainterPath>
#include <QPixmap>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ui {

namespace {

/// Glyphs are drawn on a grid of 16 × 16.
class Pen {
public:
    explicit Pen(QPainterPath &path) : m_path(path) {}
    Pen &line(std::initializer_list<QPointF> points, bool closed = false)
    {
        auto point = points.begin();
        m_path.moveTo(*point++);
        while (point != points.end())
            m_path.lineTo(*point++);
        if (closed)
            m_path.closeSubpath();
        return *this;
    }
    Pen &rect(double x, double y, double width, double height, double radius = 1.5)
    {
        m_path.addRoundedRect(x, y, width, height, radius, radius);
        return *this;
    }
    Pen &circle(double x, double y, double radius)
    {
        m_path.addEllipse(QPointF(x, y), radius, radius);
        return *this;
    }

private:
    QPainterPath &m_path;
};

void drawThing(Pen &pen, Glyph glyph)
{
    switch (glyph) {
    case Glyph::Repository:
        pen.line({{1.5, 12.5}, {1.5, 3.5}, {6, 3.5}, {7.5, 5.5}, {14.5, 5.5}, {14.5, 12.5}}, true);
        return;
    case Glyph::Session:
        pen.rect(2.5, 1.5, 11, 13)
            .line({{5.5, 5.5}, {10.5, 5.5}})
            .line({{5.5, 8.5}, {10.5, 8.5}})
            .line({{5.5, 11.5}, {8, 11.5}});
        return;
    case Glyph::Patch:
        pen.rect(2.5, 1.5, 11, 13)
            .line({{5.5, 5.5}, {10.5, 5.5}})
            .line({{8, 3}, {8, 8}})
            .line({{5.5, 11}, {10.5, 11}});
        return;
    case Glyph::Sample:
        pen.line({{6, 1.5}, {6, 6}, {2, 13}, {3, 14.5}, {13, 14.5}, {14, 13}, {10, 6}, {10, 1.5}})
            .line({{4.5, 1.5}, {11.5, 1.5}})
            .line({{4.2, 10.5}, {11.8, 10.5}});
        return;
    case Glyph::Branch:
        pen.circle(4.5, 3.5, 1.8)
            .circle(4.5, 12.5, 1.8)
            .circle(11.5, 5, 1.8)
            .line({{4.5, 5.3}, {4.5, 10.7}})
            .line({{11.5, 6.8}, {11.5, 8.2}, {4.5, 9.6}});
        return;
    default:
        return;
    }
}

void drawSign(Pen &pen, Glyph glyph)
{
    switch (glyph) {
    case Glyph::Play:
        pen.line({{4.5, 2.5}, {13, 8}, {4.5, 13.5}}, true);
        return;
    case Glyph::Stop:
        pen.rect(3.5, 3.5, 9, 9);
        return;
    case Glyph::Check:
        pen.line({{2.5, 8.5}, {6.2, 12}, {13.5, 4}});
        return;
    case Glyph::Close:
        pen.line({{4, 4}, {12, 12}}).line({{12, 4}, {4, 12}});
        return;
    case Glyph::Float:
        pen.rect(2.5, 5.5, 8, 8).line({{6, 5}, {6, 2.5}, {13.5, 2.5}, {13.5, 10}, {11, 10}});
        return;
    case Glyph::ChevronDown:
        pen.line({{4.5, 6.5}, {8, 10}, {11.5, 6.5}});
        return;
    case Glyph::Search:
        pen.circle(7, 7, 4.5).line({{10.3, 10.3}, {14, 14}});
        return;
    case Glyph::Warning:
        pen.line({{8, 2}, {14.5, 13.5}, {1.5, 13.5}}, true)
            .line({{8, 6.5}, {8, 9.5}})
            .line({{8, 11.4}, {8, 11.6}});
        return;
    case Glyph::Info:
        pen.circle(8, 8, 6.3).line({{8, 7.5}, {8, 11.2}}).line({{8, 4.8}, {8, 5}});
        return;
    case Glyph::Note:
        pen.line({{2, 2.5}, {14, 2.5}, {14, 11}, {8, 11}, {5, 14}, {5, 11}, {2, 11}}, true);
        return;
    default:
        return;
    }
}

/// Draws at whatever size is asked for.
class GlyphEngine : public QIconEngine {
public:
    GlyphEngine(Glyph glyph, Ink ink) : m_glyph(glyph), m_ink(ink) {}
    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const QPalette palette = QApplication::palette();
        const Theme &theme = themeFor(palette);
        QColor color = m_ink == Ink::Text    ? theme.text
                       : m_ink == Ink::Muted ? theme.mutedText
                                             : theme.onAccent;
        if (mode == QIcon::Disabled)
            color.setAlphaF(0.45f);
        paintGlyph(*painter, rect, m_glyph, color);
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect({}, size), mode, state);
        return pixmap;
    }
    QIconEngine *clone() const override { return new GlyphEngine(*this); }

private:
    Glyph m_glyph;
    Ink m_ink;
};

QPolygonF makePolygon(const QPointF &center, double radius, int corners, double turn)
{
    QPolygonF polygon;
    for (int corner = 0; corner < corners; ++corner) {
        const double angle = turn + 2 * std::numbers::pi * corner / corners;
        polygon << center + QPointF(std::cos(angle), std::sin(angle)) * radius;
    }
    return polygon;
}

/// The "!" inside of a shape, in whichever of black and white is seen better on it.
void paintBar(QPainter &painter, const QPointF &center, double size, const QColor &ground)
{
    const QColor color = contrast(ground, Qt::white) > contrast(ground, Qt::black) ? Qt::white : Qt::black;
    painter.setPen(QPen(color, size * 0.15, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(center - QPointF(0, size * 0.22), center + QPointF(0, size * 0.03));
    painter.drawPoint(center + QPointF(0, size * 0.25));
}

} // namespace

void paintSeverity(QPainter &painter, const QRectF &square, review::Severity severity, const QColor &color)
{
    const double size = std::min(square.width(), square.height());
    const double half = size / 2;
    const QPointF center = square.center();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    switch (severity) {
    case review::Severity::Critical:
        painter.drawPolygon(makePolygon(center, half, 8, std::numbers::pi / 8));
        paintBar(painter, center, size, color);
        break;
    case review::Severity::High:
        painter.drawPolygon(QPolygonF({center + QPointF(0, -half * 0.9), center + QPointF(half, half * 0.8),
                                       center + QPointF(-half, half * 0.8)}));
        paintBar(painter, center + QPointF(0, size * 0.1), size * 0.8, color);
        break;
    case review::Severity::Medium:
        painter.drawPolygon(makePolygon(center, half * 0.95, 4, 0));
        break;
    case review::Severity::Low:
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(color, size * 0.16));
        painter.drawEllipse(center, half * 0.62, half * 0.62);
        break;
    }
    painter.restore();
}

void paintGlyph(QPainter &painter, const QRectF &square, Glyph glyph, const QColor &color)
{
    QPainterPath path;
    Pen pen(path);
    drawThing(pen, glyph);
    drawSign(pen, glyph);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double size = std::min(square.width(), square.height());
    painter.translate(square.center() - QPointF(size, size) / 2);
    painter.scale(size / 16, size / 16);
    painter.setPen(QPen(color, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    if (glyph == Glyph::Play || glyph == Glyph::Stop)
        painter.setBrush(color);
    painter.drawPath(path);
    painter.restore();
}

QIcon glyphIcon(Glyph glyph, Ink ink)
{
    return QIcon(new GlyphEngine(glyph, ink));
}

QString statusLetter(git::FileStatus status)
{
    switch (status) {
    case git::FileStatus::Added:
        return QStringLiteral("A");
    case git::FileStatus::Deleted:
        return QStringLiteral("D");
    case git::FileStatus::Modified:
        return QStringLiteral("M");
    case git::FileStatus::Renamed:
        return QStringLiteral("R");
    case git::FileStatus::Copied:
        return QStringLiteral("C");
    case git::FileStatus::TypeChanged:
        return QStringLiteral("T");
    case git::FileStatus::Conflicted:
        return QStringLiteral("U");
    case git::FileStatus::Unchanged:
        break;
    }
    return {};
}

QIcon applicationIcon()
{
    QIcon icon;
    for (const int size : {16, 32, 64, 128}) {
        QPixmap pixmap(size, size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.scale(size / 64.0, size / 64.0);
        painter.setPen(Qt::NoPen);
        painter.setBrush(QColor(0x24, 0x57, 0xd6));
        painter.drawRoundedRect(QRectF(2, 2, 60, 60), 14, 14);
        painter.setPen(QPen(Qt::white, 5, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(QPointF(16, 22), QPointF(27, 22));
        painter.drawLine(QPointF(16, 33), QPointF(27, 33));
        painter.drawLine(QPointF(16, 44), QPointF(27, 44));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(QPointF(42, 29), 9, 9);
        painter.drawLine(QPointF(48.5, 36), QPointF(53, 42));
        icon.addPixmap(pixmap);
    }
    return icon;
}

} // namespace ui
