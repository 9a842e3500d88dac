// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/job.h"
#include "ui/diff/page.h"

#include <QObject>

#include <memory>
#include <string>

namespace KSyntaxHighlighting {
class Repository;
}

namespace ui {

/// Some rows of one side with a style byte for each byte of their text (see syntax_colors.h).
struct StyledRows {
    git::Side side = git::Side::New;
    RowRange rows;
    std::string bytes; ///< for RowText::bytes() from the first row's start to the last row's end
};

/// Styles both sides of a page by their file names, off the GUI thread, from the top and in batches that
/// arrive by `styled`. Lines beyond `maxStyledBytes` stay plain: some grammars take a second for such a line.
class Styler : public QObject {
    Q_OBJECT

public:
    static constexpr std::size_t maxStyledBytes = 10'000;

    explicit Styler(QObject *parent = nullptr);
    ~Styler() override;

    void start(std::shared_ptr<const DiffPage> page);
    void stop() { m_job.cancel(); }

signals:
    void styled(const std::shared_ptr<const ui::StyledRows> &rows);
    void finished();

private:
    /// Made by the first run, on its thread; runs follow one another and never share it.
    std::shared_ptr<std::unique_ptr<KSyntaxHighlighting::Repository>> m_repository;
    models::Job m_job;
};

} // namespace ui
