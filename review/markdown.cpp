// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/markdown.h"

#include "git/lines.h"

#include <algorithm>
#include <array>

namespace review {
namespace {

/// The commands that GitHub's and Azure's runners take from a log.
constexpr std::array<std::string_view, 29> workflowCommands{"add-mask",
                                                            "add-matcher",
                                                            "add-path",
                                                            "debug",
                                                            "echo",
                                                            "endgroup",
                                                            "error",
                                                            "group",
                                                            "notice",
                                                            "remove-matcher",
                                                            "save-state",
                                                            "set-env",
                                                            "set-output",
                                                            "stop-commands",
                                                            "warning",
                                                            "command",
                                                            "section",
                                                            "vso",
                                                            "internal-set-repo-path",
                                                            "set-secret",
                                                            "task",
                                                            "artifact",
                                                            "build",
                                                            "release",
                                                            "telemetry",
                                                            "add-attachment",
                                                            "resume",
                                                            "pause",
                                                            "endpoint"};

bool startsWithCommand(std::string_view text)
{
    const std::size_t end = std::min(
        text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-"), text.size());
    std::string name(text.substr(0, end));
    for (char &c : name)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return std::find(workflowCommands.begin(), workflowCommands.end(), name) != workflowCommands.end();
}

bool isWordByte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

/// The longest run of backticks.
std::size_t longestRun(std::string_view text)
{
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

/// Whether the character at `i` would mean something in Markdown where it stands; `first` is the first one
/// that is no space.
bool needsEscape(std::string_view text, std::size_t i, std::size_t first)
{
    const char c = text[i];
    if (std::string_view("\\`*[]<|~@&").find(c) != std::string_view::npos)
        return true;
    if (c == '_')
        return i == 0 || i + 1 == text.size() || !isWordByte(text[i - 1]) || !isWordByte(text[i + 1]);
    if (c == '!') // a link may follow in the next run
        return i + 1 == text.size() || text[i + 1] == '[';
    if (std::string_view("#+-=>:").find(c) != std::string_view::npos)
        return i == first;
    return (c == '.' || c == ')') && i > 0 && i < 10 &&
           text.substr(0, i).find_first_not_of("0123456789") == std::string_view::npos;
}

std::string toMarkdown(const Inline &part)
{
    switch (part.kind) {
    case Inline::Kind::Code:
        return inlineCode(part.text);
    case Inline::Kind::Strong:
        return "**" + escapeMarkdown(part.text) + "**";
    case Inline::Kind::Emphasis:
        return "*" + escapeMarkdown(part.text) + "*";
    case Inline::Kind::Link:
        return linkTo(part.text, part.url);
    case Inline::Kind::Text:
        break;
    }
    return escapeMarkdown(part.text);
}

} // namespace

std::string escapeMarkdown(std::string_view plain)
{
    std::string text = shownText(plain);
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::string escaped;
    escaped.reserve(text.size() + 8);
    const std::size_t first = text.find_first_not_of(' ');
    const bool oneTilde = text.find('~') == text.rfind('~'); // strikes nothing out, and stands in "HEAD~5"
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (needsEscape(text, i, first) && !(text[i] == '~' && oneTilde))
            escaped += '\\';
        escaped += text[i];
    }
    return escaped;
}

std::string inlineCode(std::string_view code)
{
    std::string text = shownText(code);
    std::replace(text.begin(), text.end(), '\n', ' ');
    const std::string marks(longestRun(text) + 1, '`');
    const bool padded = text.empty() || text.front() == '`' || text.back() == '`' ||
                        (text.front() == ' ' && text.back() == ' ');
    return padded ? marks + ' ' + text + ' ' + marks : marks + text + marks;
}

std::string fencedCode(std::string_view code, std::string_view language)
{
    const std::string text = shownText(code);
    const std::string fence(std::max<std::size_t>(3, longestRun(text) + 1), '`');
    std::string block = fence + std::string(language) + '\n' + text;
    if (!text.empty() && !text.ends_with('\n'))
        block += '\n';
    return block + fence + '\n';
}

std::string linkTo(std::string_view title, std::string_view url)
{
    if (!isSafeUrl(url))
        return escapeMarkdown(title) + (url.empty() ? "" : ' ' + inlineCode(url));
    return '[' + escapeMarkdown(title) + "](" + std::string(url) + ')';
}

std::string safeInline(std::string_view markdown)
{
    std::string line(markdown);
    std::replace(line.begin(), line.end(), '\n', ' ');
    std::string result;
    for (const Inline &part : parseInline(line))
        result += toMarkdown(part);
    return result;
}

std::string safeBlocks(std::string_view markdown)
{
    std::string result;
    Block::Kind before = Block::Kind::Paragraph;
    for (const Block &block : parseBlocks(markdown)) {
        const bool continuesList = block.kind == before && block.kind != Block::Kind::Paragraph;
        if (!result.empty() && (!continuesList || block.kind == Block::Kind::Code))
            result += '\n';
        before = block.kind;
        if (block.kind == Block::Kind::Code)
            result += fencedCode(block.text, "rust");
        else if (block.kind == Block::Kind::Paragraph)
            result += safeInline(block.text) + '\n';
        else
            result += (block.kind == Block::Kind::Bullet ? "- " : "1. ") + safeInline(block.text) + '\n';
    }
    return result;
}

std::string withoutWorkflowCommands(std::string text, std::string_view colon, std::string_view bracket)
{
    std::string result;
    result.reserve(text.size());
    const git::Lines lines(text);
    for (std::size_t i = 0; i < lines.count(); ++i) {
        std::string_view line = lines.withEnd(i);
        const std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
        if (line.substr(begin).starts_with("::") && startsWithCommand(line.substr(begin + 2))) {
            result.append(line.substr(0, begin)).append(colon);
            line.remove_prefix(begin + 1);
        }
        for (std::size_t at = line.find("##["); at != std::string_view::npos; at = line.find("##[")) {
            const bool isCommand = startsWithCommand(line.substr(at + 3));
            result.append(line.substr(0, at + 2)).append(isCommand ? bracket : "[");
            line.remove_prefix(at + 3);
        }
        result.append(line);
    }
    return result;
}

} // namespace review
