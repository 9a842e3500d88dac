// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/diff/page.h"
#include "ui/diff/search.h"
#include "ui/diff/styler.h"
#include "ui/theme.h"

#include <Qsci/qsciscintillabase.h>

#include <memory>
#include <string>
#include <vector>

namespace ui {

/// Puts syntax styles, grounds of changed rows, changed words and search hits on an editor's text, only for
/// rows about to be painted: opening and jumping in a 100,000-line file costs a screenful.
class Decorations {
public:
    using Hits = std::shared_ptr<const SearchResult>;

    Decorations(QsciScintillaBase &editor, git::Side side) : m_editor(editor), m_side(side) {}

    void setPage(std::shared_ptr<const DiffPage> page);
    void addStyles(const StyledRows &rows);
    void setHits(Hits hits);
    void applyTheme(const Theme &theme);
    /// Decorates the rows [begin, end) that are not yet.
    void ensure(std::uint32_t begin, std::uint32_t end);

private:
    /// Rows are decorated in blocks of this many.
    static constexpr std::uint32_t blockRows = 64;
    enum Layer : std::uint8_t { Style = 1, Change = 2, Hit = 4 };

    void ensureBlock(std::uint32_t block);
    void applyStyles(RowRange rows);
    void markChanges(RowRange rows);
    void markHits(RowRange rows);
    bool isBlank(std::uint32_t row, git::ByteRange bytes) const;
    void fill(std::uint32_t row, git::ByteRange bytes);

    QsciScintillaBase &m_editor;
    const git::Side m_side;
    std::shared_ptr<const DiffPage> m_page;
    std::string m_styles;
    Hits m_hits;
    std::vector<std::uint8_t> m_missing; ///< layers each block lacks
};

} // namespace ui
