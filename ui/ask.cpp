// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ask.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

namespace ui {

namespace {

QFileDialog *makeDialog(QWidget *parent, const QString &title, const QString &filter)
{
    auto *dialog = new QFileDialog(parent, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (!filter.isEmpty())
        dialog->setNameFilters(filter.split(QStringLiteral(";;")));
    return dialog;
}

} // namespace

void askPath(QWidget *parent, const QString &title, QFileDialog::FileMode mode, const QString &filter,
             const std::function<void(const QString &)> &use)
{
    QFileDialog *dialog = makeDialog(parent, title, filter);
    dialog->setFileMode(mode);
    if (mode == QFileDialog::Directory)
        dialog->setOption(QFileDialog::ShowDirsOnly);
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, use);
    dialog->open();
}

void askNewFile(QWidget *parent, const QString &title, const QString &suggestion, const QString &filter,
                const QString &suffix, const std::function<void(const QString &)> &use)
{
    QFileDialog *dialog = makeDialog(parent, title, filter);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(suggestion);
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &chosen) {
        const qsizetype star = chosen.indexOf(QStringLiteral("*."));
        const qsizetype end = chosen.indexOf(QLatin1Char(')'), star);
        if (star >= 0 && end > star)
            dialog->setDefaultSuffix(chosen.mid(star + 2, end - star - 2));
    });
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, use);
    dialog->open();
}

void askText(QWidget *parent, const QString &title, const QString &hint, const QString &okText,
             const QStringList &choices, const std::function<void(const QString &)> &use)
{
    auto *dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    auto *layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(18, 16, 18, 14);
    layout->setSpacing(10);
    auto *label = new QLabel(hint);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    layout->addWidget(label);
    auto *text = new QPlainTextEdit;
    text->setAccessibleName(title);
    text->setTabChangesFocus(true);
    text->setFixedHeight(text->fontMetrics().height() * 4 + 16);
    auto *ready = new QHBoxLayout;
    for (const QString &choice : choices) {
        auto *button = new QPushButton(choice);
        button->setAutoDefault(false);
        QObject::connect(button, &QPushButton::clicked, text, [text, choice] {
            text->setPlainText(choice);
            text->setFocus();
        });
        ready->addWidget(button);
    }
    ready->addStretch();
    layout->addLayout(ready);
    layout->addWidget(text);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    QPushButton *ok = buttons->addButton(okText, QDialogButtonBox::AcceptRole);
    ok->setProperty("main", true);
    layout->addWidget(buttons);
    QObject::connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto *submit = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), dialog);
    QObject::connect(submit, &QShortcut::activated, dialog, &QDialog::accept);
    QObject::connect(dialog, &QDialog::accepted, parent, [text, use] { use(text->toPlainText().trimmed()); });
    dialog->resize(460, dialog->sizeHint().height());
    text->setFocus();
    dialog->open();
}

void askChoice(QWidget *parent, const QString &question, const QString &detail,
               const QList<std::pair<QString, std::function<void()>>> &choices)
{
    auto *box = new QMessageBox(parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIcon(QMessageBox::Warning);
    box->setTextFormat(Qt::PlainText);
    box->setText(question);
    box->setInformativeText(detail);
    for (const auto &[text, use] : choices) {
        QPushButton *button = box->addButton(text, QMessageBox::ActionRole);
        if (!box->defaultButton())
            box->setDefaultButton(button);
        // Once the question is gone: the answer may ask another, or close the window.
        QObject::connect(button, &QPushButton::clicked, parent, use, Qt::QueuedConnection);
    }
    box->addButton(QMessageBox::Cancel);
    box->open();
}

} // namespace ui
