// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/markdown.h"

#include "git/display.h"
#include "git/lines.h"

#include <algorithm>
#include <optional>

namespace review {
namespace {

/// How far a closing mark is looked for, so that a hostile text costs no more than its length.
constexpr std::size_t closingDistance = 600;

bool isPunctuation(char c)
{
    return c > ' ' && c < 0x7f && !(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') &&
           !(c >= 'a' && c <= 'z');
}

std::size_t runOf(std::string_view text, std::size_t offset)
{
    const std::size_t end = text.find_first_not_of(text[offset], offset);
    return (end == std::string_view::npos ? text.size() : end) - offset;
}

/// Where `mark` stands next, within reach.
std::size_t findClose(std::string_view text, std::string_view mark, std::size_t from)
{
    const std::size_t found = text.substr(0, std::min(text.size(), from + closingDistance)).find(mark, from);
    return found;
}

/// One line, taken apart from left to right.
class InlineParser {
public:
    explicit InlineParser(std::string_view line) : m_line(line) {}

    std::vector<Inline> parse()
    {
        while (m_at < m_line.size()) {
            if (!takeCode() && !takeMarked("**", Inline::Kind::Strong) &&
                !takeMarked("*", Inline::Kind::Emphasis) && !takeLink())
                takeCharacter();
        }
        flush();
        return std::move(m_parts);
    }

private:
    void flush()
    {
        if (!m_plain.empty())
            m_parts.push_back({Inline::Kind::Text, shownText(m_plain), {}});
        m_plain.clear();
    }

    void add(Inline::Kind kind, std::string_view text, std::string_view url = {})
    {
        flush();
        m_parts.push_back({kind, shownText(text), std::string(url)});
    }

    void takeCharacter()
    {
        if (m_line[m_at] == '\\' && m_at + 1 < m_line.size() && isPunctuation(m_line[m_at + 1]))
            ++m_at;
        m_plain += m_line[m_at++];
    }

    bool takeCode()
    {
        if (m_line[m_at] != '`')
            return false;
        const std::size_t run = runOf(m_line, m_at);
        const std::size_t limit = std::min(m_line.size(), m_at + run + closingDistance);
        for (std::size_t i = m_at + run; i < limit; ++i) {
            if (m_line[i] != '`')
                continue;
            const std::size_t closing = runOf(m_line, i);
            if (closing == run) {
                std::string_view code = m_line.substr(m_at + run, i - m_at - run);
                if (code.size() > 2 && code.front() == ' ' && code.back() == ' ')
                    code = code.substr(1, code.size() - 2);
                add(Inline::Kind::Code, code);
                m_at = i + run;
                return true;
            }
            i += closing - 1;
        }
        m_plain.append(run, '`');
        m_at += run;
        return true;
    }

    bool takeMarked(std::string_view mark, Inline::Kind kind)
    {
        const std::size_t begin = m_at + mark.size();
        if (!m_line.substr(m_at).starts_with(mark) || begin >= m_line.size() || m_line[begin] == ' ' ||
            m_line[begin] == '*')
            return false;
        const std::size_t end = findClose(m_line, mark, begin);
        const std::string_view inside =
            end == std::string_view::npos ? std::string_view() : m_line.substr(begin, end - begin);
        // Marks around code stay as they are: simple text only.
        if (inside.empty() || inside.back() == ' ' || inside.find('`') != std::string_view::npos)
            return false;
        add(kind, inside);
        m_at = end + mark.size();
        return true;
    }

    bool takeLink()
    {
        if (m_line[m_at] != '[')
            return false;
        const std::size_t middle = findClose(m_line, "](", m_at);
        const std::size_t end = middle == std::string_view::npos ? middle : findClose(m_line, ")", middle);
        if (end == std::string_view::npos)
            return false;
        const std::string_view url = m_line.substr(middle + 2, end - middle - 2);
        if (!isSafeUrl(url))
            return false;
        add(Inline::Kind::Link, m_line.substr(m_at + 1, middle - m_at - 1), url);
        m_at = end + 1;
        return true;
    }

    std::string_view m_line;
    std::size_t m_at = 0;
    std::string m_plain;
    std::vector<Inline> m_parts;
};

/// "- text", "* text", "1. text": the text after the mark.
std::optional<Block> toListItem(std::string_view line)
{
    if (line.starts_with("- ") || line.starts_with("* "))
        return Block{Block::Kind::Bullet, std::string(line.substr(2))};
    const std::size_t digits = line.find_first_not_of("0123456789");
    if (digits != std::string_view::npos && digits > 0 && digits < 4 && line.substr(digits).starts_with(". "))
        return Block{Block::Kind::Numbered, std::string(line.substr(digits + 2))};
    return std::nullopt;
}

} // namespace

std::vector<Inline> parseInline(std::string_view line)
{
    return InlineParser(line).parse();
}

std::vector<Block> parseBlocks(std::string_view markdown)
{
    std::vector<Block> blocks;
    const git::Lines lines(markdown);
    bool open = false; // the last block takes further lines
    std::string_view fence;
    for (std::size_t i = 0; i < lines.count(); ++i) {
        const std::string_view line = lines[i];
        const std::string_view text = line.substr(std::min(line.find_first_not_of(' '), line.size()));
        if (!fence.empty()) {
            if (text.starts_with(fence) && text.find_first_not_of("` ") == std::string_view::npos)
                fence = {};
            else
                blocks.back().text.append(line).append("\n");
        } else if (text.starts_with("```")) {
            fence = text.substr(0, runOf(text, 0));
            blocks.push_back({Block::Kind::Code, {}});
            open = false;
        } else if (text.empty()) {
            open = false;
        } else if (auto item = toListItem(text)) {
            blocks.push_back(*std::move(item));
            open = true;
        } else if (open) {
            blocks.back().text.append(" ").append(text);
        } else {
            blocks.push_back({Block::Kind::Paragraph, std::string(text)});
            open = true;
        }
    }
    return blocks;
}

bool isSafeUrl(std::string_view url)
{
    return (url.starts_with("https://") || url.starts_with("http://")) &&
           std::all_of(url.begin(), url.end(), [](char c) {
               return c > ' ' && c < 0x7f && std::string_view("<>()\"'`\\").find(c) == std::string_view::npos;
           });
}

std::string shownText(std::string_view text)
{
    std::string shown;
    shown.reserve(text.size());
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of("\n\t"), text.size());
        std::string_view part = text.substr(0, end);
        if (end < text.size() && text[end] == '\n' && part.ends_with('\r'))
            part.remove_suffix(1);
        shown += git::displayName(part);
        if (end < text.size())
            shown += text[end];
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return shown;
}

} // namespace review
