// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace review {

/// A run of a line of our Markdown: only these kinds are understood, everything else is plain text. `url` is
/// set for links and is http(s).
struct Inline {
    enum class Kind { Text, Code, Strong, Emphasis, Link };
    Kind kind = Kind::Text;
    std::string text; ///< safe for people: see shownText
    std::string url;
};
/// Linear in the text's size: what does not close nearby is plain text.
std::vector<Inline> parseInline(std::string_view line);

/// A block of our Markdown: a paragraph, one item of a list, or fenced code.
struct Block {
    enum class Kind { Paragraph, Bullet, Numbered, Code };
    Kind kind = Kind::Paragraph;
    std::string text;
};
std::vector<Block> parseBlocks(std::string_view markdown);

/// Text from elsewhere without what hides or harms: control and bidi characters and invalid UTF-8 become
/// visible escapes; line ends become LF. Tabs stay.
std::string shownText(std::string_view text);

/// Whether an address may become a link: http or https, ASCII, nothing that ends a link or an attribute.
bool isSafeUrl(std::string_view url);

/// Plain text as Markdown that reads as exactly this text.
std::string escapeMarkdown(std::string_view plain);
/// A code span that its content can't leave.
std::string inlineCode(std::string_view code);
/// A code block whose fence is longer than any run of backticks inside.
std::string fencedCode(std::string_view code, std::string_view language);
/// A link, or the address as code where it is none that may be linked.
std::string linkTo(std::string_view title, std::string_view url);
/// Markdown of a finding, written anew from what was understood: no HTML, images, headings or open fences can
/// come through.
std::string safeInline(std::string_view markdown);
std::string safeBlocks(std::string_view markdown);

/// Build services read commands from a log (`::name::` at a line's start, `##[name]` anywhere). Takes away
/// that meaning where a report is printed to one; the replacements are how the output's format writes the
/// first `:` and the `[`.
std::string withoutWorkflowCommands(std::string text, std::string_view colon, std::string_view bracket);

} // namespace review
