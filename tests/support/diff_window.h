// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/diff/diff_panes.h"
#include "ui/diff_view.h"

#include <QTest>

namespace tests {

inline std::shared_ptr<const models::FileView>
makeView(const std::string &oldText, const std::string &newText, const std::string &path = "src/db.rs")
{
    git::FileDelta delta;
    delta.oldSide = {path, "1", 0100644};
    delta.newSide = {path, "2", 0100644};
    return models::makeFileView(delta, {git::ContentKind::Text, git::ContentKind::Text, oldText, newText});
}

/// A line every reader can tell from its neighbours.
inline std::string line(int i)
{
    return "    let value_" + std::to_string(i) + " = store.read(" + std::to_string(i * 7919) + ");\n";
}

inline std::string lines(int begin, int end)
{
    std::string text;
    for (int i = begin; i < end; ++i)
        text += line(i);
    return text;
}

/// Two hunks far apart: three lines removed at 100, two added at 300.
inline std::shared_ptr<const models::FileView> makeTwoHunks()
{
    return makeView(lines(0, 400),
                    lines(0, 100) + lines(103, 300) + "    first();\n    second();\n" + lines(300, 400));
}

/// The view as a reader has it before him.
struct DiffWindow {
    ui::DiffView view;
    ui::DiffPanes *panes = nullptr;
    ui::DiffEditor *before = nullptr;
    ui::DiffEditor *after = nullptr;

    DiffWindow()
    {
        view.resize(1000, 600);
        static_cast<QWidget &>(view).show();
        panes = view.findChild<ui::DiffPanes *>();
        const QList<ui::DiffEditor *> editors = view.findChildren<ui::DiffEditor *>();
        before = editors[0]->side() == git::Side::Old ? editors[0] : editors[1];
        after = editors[0]->side() == git::Side::Old ? editors[1] : editors[0];
    }

    /// Its id; empty between hunks.
    QString hunkAtCaret() const
    {
        const int hunk = panes->page()->hunkAt(panes->caretRow());
        return hunk < 0 ? QString()
                        : QString::fromStdString(panes->page()->view().hunks[std::size_t(hunk)].id);
    }

    bool isExposed() { return QTest::qWaitForWindowExposed(&view); }
};

} // namespace tests
