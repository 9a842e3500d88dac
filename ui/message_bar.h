// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QPointer>
#include <QString>

#include <functional>

class QHBoxLayout;
class QLabel;

namespace ui {

/// A line of text above the code with what can be done about it; never in the way, never modal. Plain text
/// only.
class MessageBar : public QFrame {
    Q_OBJECT

public:
    enum class Kind { Information, Problem };
    struct Choice {
        QString text;
        std::function<void()> run;
        bool isMain = false;
    };

    explicit MessageBar(QWidget *parent = nullptr);

    /// Replaces the message. A choice closes the bar; without choices there is a cross.
    void showMessage(Kind kind, const QString &text, const QList<Choice> &choices = {});
    QString text() const;
    void focusMain(); ///< gives the keyboard to the main choice, or the first
    void dismiss();   ///< hides it; the keyboard goes back to where it was before focusMain

signals:
    void dismissed();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Kind m_kind = Kind::Information;
    QLabel *m_text;
    QHBoxLayout *m_layout;
    QList<QWidget *> m_buttons;
    QPointer<QWidget> m_focusBefore;
};

} // namespace ui
