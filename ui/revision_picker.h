// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/range.h"
#include "git/repository.h"

#include <QToolButton>

#include <vector>

namespace ui {

/// A button that shows one side of the comparison and lets the reader choose another: a branch, a tag, or any
/// revision typed.
class RevisionPicker : public QToolButton {
    Q_OBJECT

public:
    enum class Role { Base, Head };
    RevisionPicker(Role role, QWidget *parent = nullptr);

    void setReferences(const std::vector<git::Reference> &references);
    void setShown(const QString &name);

signals:
    void picked(const git::Endpoint &endpoint);

private:
    void openPopup();

    Role m_role;
    std::vector<git::Reference> m_references;
};

} // namespace ui
