// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/card_reader.h"

#include "git/lines.h"

namespace review::rules {

namespace {

constexpr std::string_view markSign = "//~ ";
constexpr std::string_view faultMark = "//~ fault";
constexpr std::string_view repairedMark = "//~ repaired ";
constexpr std::string_view rustFence = "```rust";
constexpr std::string_view queryFence = "```query";

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && std::string_view(" \t\r\n").find(text.front()) != std::string_view::npos)
        text.remove_prefix(1);
    while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != std::string_view::npos)
        text.remove_suffix(1);
    return text;
}

bool isHidden(std::string_view line)
{
    return line == "#" || line.starts_with("# ");
}

/// `edition=2021 shows="prints: X" fixed` after the language of a fence.
void readOptions(std::string_view text, CardPage::Fence &fence)
{
    while (!(text = trimmed(text)).empty()) {
        const std::size_t nameEnd = text.find_first_of("= ");
        const std::string name(text.substr(0, nameEnd));
        text.remove_prefix(nameEnd == std::string_view::npos ? text.size() : nameEnd);
        if (!text.starts_with('=')) {
            fence.isFixed = fence.isFixed || name == "fixed";
            fence.isBase = fence.isBase || name == "base";
            continue;
        }
        text.remove_prefix(1);
        const bool quoted = text.starts_with('"');
        if (quoted)
            text.remove_prefix(1);
        const std::size_t end = std::min(text.find(quoted ? '"' : ' '), text.size());
        fence.options.emplace_back(name, text.substr(0, end));
        text.remove_prefix(std::min(end + (quoted ? 1 : 0), text.size()));
    }
}

/// Goes through the card line by line and knows in which part of it a line stands.
class PageReader {
public:
    explicit PageReader(std::string_view markdown) : m_lines(markdown) {}

    git::Result<CardPage> read()
    {
        std::uint32_t line = 0;
        if (!readFrontMatter(line))
            return git::Error{git::ErrorKind::Parse, "1: a card starts with `---`, its keys, and `---`"};
        for (; line < m_lines.count(); ++line)
            takeLine(line);
        if (m_fence)
            return git::Error{git::ErrorKind::Parse,
                              std::to_string(m_fence->line + 1) + ": the fence is not closed"};
        m_page.summary = trimmed(m_page.summary);
        for (CardPage::Part &part : m_page.parts)
            part.prose = trimmed(part.prose);
        return std::move(m_page);
    }

private:
    bool readFrontMatter(std::uint32_t &line)
    {
        if (m_lines.count() == 0 || m_lines[0] != "---")
            return false;
        for (line = 1; line < m_lines.count(); ++line) {
            const std::string_view text = m_lines[line];
            if (text == "---") {
                ++line;
                return true;
            }
            const std::size_t colon = std::min(text.find(':'), text.size());
            m_page.entries.push_back({std::string(trimmed(text.substr(0, colon))),
                                      std::string(trimmed(text.substr(std::min(colon + 1, text.size())))),
                                      line});
        }
        return false;
    }

    void takeLine(std::uint32_t line)
    {
        const std::string_view text = m_lines[line];
        if (m_fence) {
            if (text == "```")
                closeFence();
            else
                m_fence->code.append(text).append("\n");
        } else if ((text.starts_with(rustFence) || text == queryFence) && !m_page.parts.empty()) {
            m_fence.emplace().line = line;
            m_fence->isQuery = text == queryFence;
            if (!m_fence->isQuery)
                readOptions(text.substr(rustFence.size()), *m_fence);
        } else if (text.starts_with("# ") && m_page.title.empty()) {
            m_page.title = trimmed(text.substr(2));
        } else if (text.starts_with("## ")) {
            m_page.parts.emplace_back().heading = trimmed(text.substr(3));
            m_page.parts.back().line = line;
        } else {
            (m_page.parts.empty() ? m_page.summary : m_page.parts.back().prose).append(text).append("\n");
        }
    }

    void closeFence()
    {
        m_page.parts.back().fences.push_back(std::move(*m_fence));
        m_fence.reset();
    }

    git::Lines m_lines;
    CardPage m_page;
    std::optional<CardPage::Fence> m_fence;
};

} // namespace

std::string CardPage::Fence::option(std::string_view name, std::string fallback) const
{
    for (const auto &[key, value] : options) {
        if (key == name)
            return value;
    }
    return fallback;
}

git::Result<CardPage> readCardPage(std::string_view markdown)
{
    return PageReader(markdown).read();
}

std::vector<std::string> splitList(std::string_view text)
{
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        if (const std::string_view part = trimmed(text.substr(0, comma)); !part.empty())
            parts.emplace_back(part);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return parts;
}

std::vector<Reference> readReferences(std::string_view prose)
{
    std::vector<Reference> references;
    const git::Lines lines(prose);
    for (std::size_t i = 0; i < lines.count(); ++i) {
        const std::string_view line = trimmed(lines[i]);
        const std::size_t middle = line.rfind("](");
        if (line.starts_with("- [") && line.ends_with(')') && middle != std::string_view::npos)
            references.push_back({std::string(line.substr(3, middle - 3)),
                                  std::string(line.substr(middle + 2, line.size() - middle - 3))});
    }
    return references;
}

std::string toShown(std::string_view code)
{
    std::string text;
    const git::Lines lines(code);
    for (std::size_t i = 0; i < lines.count(); ++i) {
        if (!isHidden(lines[i]))
            text += lines.withEnd(i);
    }
    return text;
}

std::string toProgram(std::string_view code)
{
    std::string text;
    const git::Lines lines(code);
    for (std::size_t i = 0; i < lines.count(); ++i) {
        std::string_view line = lines.withEnd(i);
        if (isHidden(lines[i]))
            line.remove_prefix(lines[i] == "#" ? 1 : 2);
        text += line;
    }
    return text;
}

std::string toFailing(std::string_view program)
{
    std::string text;
    const git::Lines lines(program);
    for (std::size_t i = 0; i < lines.count(); ++i) {
        std::string_view line = lines[i];
        if (trimmed(line).starts_with(repairedMark))
            continue;
        if (line.ends_with(faultMark))
            line = line.substr(0, line.find_last_not_of(' ', line.size() - faultMark.size() - 1) + 1);
        text.append(line).append("\n");
    }
    return text;
}

std::optional<std::string> toRepaired(std::string_view program)
{
    std::string text;
    bool differs = false;
    const git::Lines lines(program);
    for (std::size_t i = 0; i < lines.count(); ++i) {
        const std::string_view line = lines[i];
        const std::size_t mark = line.find(repairedMark);
        const bool isRepaired = trimmed(line).starts_with(repairedMark);
        differs = differs || isRepaired || line.ends_with(faultMark);
        if (isRepaired)
            text.append(line.substr(0, mark)).append(line.substr(mark + repairedMark.size())).append("\n");
        else if (!line.ends_with(faultMark))
            text.append(line).append("\n");
    }
    return differs ? std::optional(text) : std::nullopt;
}

std::optional<std::vector<std::uint32_t>> readMarks(std::string_view code, std::string_view id)
{
    std::vector<std::uint32_t> marks;
    const git::Lines lines(code);
    for (std::size_t i = 0; i < lines.count(); ++i) {
        const std::size_t mark = lines[i].find(markSign);
        if (mark == std::string_view::npos)
            continue;
        if (trimmed(lines[i].substr(mark + markSign.size())) != id)
            return std::nullopt;
        marks.push_back(static_cast<std::uint32_t>(i));
    }
    return marks;
}

std::string withoutMarks(std::string_view code)
{
    std::string text;
    const git::Lines lines(code);
    for (std::size_t i = 0; i < lines.count(); ++i) {
        std::string_view line = lines[i].substr(0, lines[i].find(markSign));
        while (line.ends_with(' '))
            line.remove_suffix(1);
        text.append(line).append("\n");
    }
    return text;
}

} // namespace review::rules
