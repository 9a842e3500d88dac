// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/query.h"
#include "review/rules/query_predicates.h"
#include "review/rules/similar_name.h"
#include "review/rust/grammar.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace review::rules {

namespace {

using Pattern = QueryPattern;
using Kind = QueryPattern::Kind;

bool isWordByte(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
}

/// Reads by recursive descent. After the first mistake nothing more is taken.
class QueryReader {
public:
    QueryReader(std::string_view text, QueryMistake &mistake) : m_text(text), m_mistake(mistake) {}

    Query read()
    {
        if (m_text.size() > Query::maxBytes)
            fail(0, "a query has at most " + std::to_string(Query::maxBytes / 1024) + " KiB");
        skipBlanks();
        while (isFine() && m_at < m_text.size()) {
            m_query.rules.emplace_back();
            readPattern(m_query.rules.back().pattern, 0);
            skipBlanks();
        }
        if (isFine() && m_query.rules.empty())
            fail(0, "the query is empty");
        const auto at = std::find(m_query.captures.begin(), m_query.captures.end(), "at");
        if (isFine() && at == m_query.captures.end())
            fail(0, "one node has to be captured as `@at`: there the finding is");
        m_query.at = static_cast<std::size_t>(at - m_query.captures.begin());
        return std::move(m_query);
    }

private:
    bool isFine() const { return m_mistake.what.empty(); }

    void fail(std::size_t at, const std::string &what)
    {
        if (!isFine())
            return;
        const std::string_view before = m_text.substr(0, std::min(at, m_text.size()));
        m_mistake.line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
        m_mistake.column = static_cast<std::uint32_t>(before.size() - (before.rfind('\n') + 1));
        m_mistake.what = what;
        m_at = m_text.size();
    }

    char next() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }

    bool take(char c)
    {
        if (next() != c || m_at >= m_text.size())
            return false;
        ++m_at;
        return true;
    }

    void skipBlanks()
    {
        while (m_at < m_text.size()) {
            if (std::isspace(static_cast<unsigned char>(m_text[m_at])))
                ++m_at;
            else if (m_text[m_at] == ';')
                m_at = std::min(m_text.find('\n', m_at), m_text.size());
            else
                return;
        }
    }

    std::string takeWord(bool isDotted = false)
    {
        const std::size_t start = m_at;
        while (m_at < m_text.size() && (isWordByte(m_text[m_at]) || (isDotted && m_text[m_at] == '.')))
            ++m_at;
        return std::string(m_text.substr(start, m_at - start));
    }

    std::string takeQuoted()
    {
        const std::size_t start = m_at++;
        std::string text;
        while (m_at < m_text.size() && next() != '"' && next() != '\n') {
            if (next() == '\\' && m_at + 1 < m_text.size())
                ++m_at;
            text += m_text[m_at++];
        }
        if (!take('"'))
            fail(start, "the text is not closed by `\"`");
        return text;
    }

    void readPattern(Pattern &pattern, std::size_t depth)
    {
        const std::size_t start = m_at;
        if (depth > Query::maxDepth)
            fail(start, "patterns stand at most " + std::to_string(Query::maxDepth) + " deep in each other");
        if (++m_patterns > Query::maxPatterns)
            fail(start, "a query has at most " + std::to_string(Query::maxPatterns) + " patterns");
        if (take('(')) {
            readNode(pattern, start, depth);
        } else if (take('[')) {
            readChoice(pattern, start, depth);
        } else if (next() == '"') {
            pattern.kind = Kind::Token;
            pattern.name = takeQuoted();
            if (isFine() && rust::grammar::kindNumber(pattern.name) == 0)
                fail(start, "Rust has no token \"" + pattern.name + "\"");
        } else if (const std::string word = takeWord(); word == "_") {
            pattern.kind = Kind::Any;
        } else {
            fail(start, "here a pattern is expected: `(kind …)`, `[ … ]`, `_` or a text in quotes");
        }
        readTimes(pattern);
        readCaptures(pattern);
    }

    void readTimes(Pattern &pattern)
    {
        using Times = QueryPattern::Times;
        if (take('?'))
            pattern.times = Times::Optional;
        else if (take('*'))
            pattern.times = Times::Any;
        else if (take('+'))
            pattern.times = Times::AtLeastOne;
    }

    void readCaptures(Pattern &pattern)
    {
        for (skipBlanks(); take('@'); skipBlanks()) {
            const std::size_t start = m_at;
            const std::string name = takeWord(true);
            if (name.empty())
                fail(start, "a capture has a name: `@at`");
            pattern.captures.push_back(captureNumber(name));
        }
    }

    std::size_t captureNumber(const std::string &name)
    {
        auto found = std::find(m_query.captures.begin(), m_query.captures.end(), name);
        if (found == m_query.captures.end())
            found = m_query.captures.insert(found, name);
        return static_cast<std::size_t>(found - m_query.captures.begin());
    }

    void readNode(Pattern &pattern, std::size_t start, std::size_t depth)
    {
        skipBlanks();
        const std::size_t nameAt = m_at;
        const std::string name = takeWord();
        if (name.empty())
            pattern.kind = Kind::Group;
        else if (name == "_")
            pattern.kind = Kind::Named;
        pattern.name = name;
        if (pattern.kind == Kind::Node && isFine())
            checkKind(name, nameAt);
        readParts(pattern, start, depth);
        if (pattern.kind == Kind::Group && isFine() && pattern.parts.empty())
            fail(start, "nothing stands in these parentheses");
        // Parentheses around one pattern are there for its predicates.
        if (pattern.kind == Kind::Group && pattern.parts.size() == 1 && !pattern.isEndAnchored) {
            Pattern only = std::move(pattern.parts.front());
            pattern = std::move(only);
        }
    }

    void checkKind(const std::string &name, std::size_t at)
    {
        const auto &kinds = rust::grammar::kindNames();
        if (rust::grammar::kindNumber(name) != 0 && name.front() != '_')
            return;
        fail(at, "no node is called `" + name + "`" + didYouMean(name, kinds));
    }

    void readParts(Pattern &pattern, std::size_t start, std::size_t depth)
    {
        bool isAnchored = false;
        for (skipBlanks(); isFine() && !take(')'); skipBlanks()) {
            if (m_at >= m_text.size()) {
                fail(start, "the parenthesis is not closed");
            } else if (take('.')) {
                isAnchored = true;
                continue;
            } else if (take('!')) {
                pattern.absent.push_back(takeField());
            } else if (m_text.substr(m_at).starts_with("(#")) {
                readPredicate();
            } else {
                Pattern part;
                if (std::isalpha(static_cast<unsigned char>(next())))
                    part.field = takeFieldBefore();
                readPattern(part, depth + 1);
                part.isAnchored = std::exchange(isAnchored, false);
                pattern.parts.push_back(std::move(part));
            }
        }
        pattern.isEndAnchored = isAnchored;
    }

    std::string takeField()
    {
        const std::size_t start = m_at;
        std::string name = takeWord();
        if (isFine() && rust::grammar::fieldNumber(name) == 0)
            fail(start, "no field is called `" + name + "`" + didYouMean(name, rust::grammar::fieldNames()));
        return name;
    }

    std::string takeFieldBefore()
    {
        const std::size_t start = m_at;
        const std::string word = takeWord();
        skipBlanks();
        if (!take(':'))
            fail(start, "a node is written `(" + word + ")`, and a field `" + word + ": (…)`");
        m_at = isFine() ? start : m_at;
        std::string name = takeField();
        skipBlanks();
        take(':');
        skipBlanks();
        return name;
    }

    void readChoice(Pattern &pattern, std::size_t start, std::size_t depth)
    {
        pattern.kind = Kind::Choice;
        for (skipBlanks(); isFine() && !take(']'); skipBlanks()) {
            if (m_at >= m_text.size())
                return fail(start, "the bracket is not closed");
            const std::size_t at = m_at;
            readPattern(pattern.parts.emplace_back(), depth + 1);
            const Pattern &part = pattern.parts.back();
            if (part.kind == Kind::Group || part.times != QueryPattern::Times::One)
                fail(at, "in `[ … ]` each choice is one node, once");
        }
        if (isFine() && pattern.parts.empty())
            fail(start, "nothing stands in these brackets");
    }

    void readPredicate()
    {
        const std::size_t start = m_at;
        m_at += 2;
        std::string name = takeWord();
        if (!take('?'))
            fail(start, "a predicate ends in `?`: `#" + (name.empty() ? "in-async" : name) + "?`");
        QueryPredicate predicate;
        predicate.isNegated = name.starts_with("not-");
        predicate.name = predicate.isNegated ? name.substr(4) : name;
        skipBlanks();
        if (!take('@'))
            fail(m_at, "a predicate asks of a capture: `(#" + name + "? @at)`");
        predicate.capture = knownCapture();
        for (skipBlanks(); isFine() && !take(')'); skipBlanks()) {
            if (next() == '"')
                predicate.arguments.push_back(takeQuoted());
            else if (take('@'))
                predicate.others.push_back(knownCapture());
            else
                fail(m_at, "a predicate takes captures and texts in quotes, and ends in `)`");
        }
        if (const std::string wrong = whyWrong(predicate); isFine() && !wrong.empty())
            fail(start, wrong);
        m_query.rules.back().predicates.push_back(std::move(predicate));
    }

    std::size_t knownCapture()
    {
        const std::size_t start = m_at;
        const std::string name = takeWord(true);
        const auto found = std::find(m_query.captures.begin(), m_query.captures.end(), name);
        if (isFine() && found == m_query.captures.end())
            fail(start, "nothing before this is captured as `@" + name + "`");
        return static_cast<std::size_t>(found - m_query.captures.begin());
    }

    std::string_view m_text;
    QueryMistake &m_mistake;
    Query m_query;
    std::size_t m_at = 0;
    std::size_t m_patterns = 0;
};

} // namespace

Query readQuery(std::string_view text, QueryMistake &mistake)
{
    mistake = {};
    return QueryReader(text, mistake).read();
}

} // namespace review::rules
