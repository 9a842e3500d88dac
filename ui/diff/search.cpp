// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/search.h"

#include "ui/text_position.h"

#include <QRegularExpression>

namespace ui {
namespace {

QRegularExpression toExpression(const SearchQuery &query)
{
    QRegularExpression::PatternOptions options = QRegularExpression::UseUnicodePropertiesOption;
    if (!query.matchCase)
        options |= QRegularExpression::CaseInsensitiveOption;
    return QRegularExpression(
        query.isRegularExpression ? query.pattern : QRegularExpression::escape(query.pattern), options);
}

class Searcher {
public:
    Searcher(const DiffPage &page, const QRegularExpression &expression)
        : m_page(page)
        , m_expression(expression)
    {}

    void searchRow(std::uint32_t row, git::Side side, SearchResult &result)
    {
        const RowText &text = m_page.text(side);
        if (text.lineOfRow(row) == git::Row::gap)
            return;
        m_line.decode(text.lines()[std::size_t(text.lineOfRow(row))]);
        QRegularExpressionMatchIterator matches = m_expression.globalMatch(m_line.text());
        while (matches.hasNext() && result.hits.size() < SearchResult::maxHits) {
            const QRegularExpressionMatch match = matches.next();
            if (match.capturedLength() > 0)
                result.hits.push_back(
                    {row, side, {m_line.byteAt(match.capturedStart()), m_line.byteAt(match.capturedEnd())}});
        }
    }

private:
    const DiffPage &m_page;
    const QRegularExpression &m_expression;
    DecodedLine m_line;
};

} // namespace

SearchResult search(const DiffPage &page, const SearchQuery &query, const std::stop_token &stop)
{
    SearchResult result;
    if (query.pattern.isEmpty())
        return result;
    const QRegularExpression expression = toExpression(query);
    if (!expression.isValid()) {
        result.error = expression.errorString();
        return result;
    }
    Searcher searcher(page, expression);
    for (std::uint32_t row = 0; row < page.rowCount() && !stop.stop_requested(); ++row) {
        if (page.row(row).kind != git::RowKind::Equal)
            searcher.searchRow(row, git::Side::Old, result);
        searcher.searchRow(row, git::Side::New, result);
        if (result.hits.size() >= SearchResult::maxHits) {
            result.complete = false;
            break;
        }
    }
    return result;
}

} // namespace ui
