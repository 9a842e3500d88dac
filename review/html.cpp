// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/html.h"

#include "review/markdown.h"

#include <algorithm>

namespace review {
namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --text: #1f2328; --soft: #59636e; --page: #ffffff; --card: #f6f8fa; --line: #d1d9e0;
  --critical: #b00020; --high: #b3470a; --medium: #7a5c00; --low: #3d6b8f; --link: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ed; --soft: #9aa4af; --page: #14171b; --card: #1d2127;
  --line: #363d46; --critical: #ff8a8a; --high: #ffab70; --medium: #e3c15c; --low: #8fc1e8; --link: #7cb7ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--text);
  font: 16px/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; margin: 0 0 1rem; } h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; padding-bottom: .3rem;
  border-bottom: 1px solid var(--line); } h3 { font-size: 1.05rem; margin: 0 0 .35rem; } p { margin: .5rem 0; }
a { color: var(--link); } code, pre { font: .875em/1.45 ui-monospace, monospace; tab-size: 4; }
code { background: var(--card); padding: .1em .3em; border-radius: 4px; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .7rem .9rem; overflow-x: auto;
  overflow-wrap: normal; margin: .35rem 0 .9rem; } pre code { background: none; padding: 0; font-size: 1em; }
table { border-collapse: collapse; margin: .75rem 0; } th, td { padding: .25rem .9rem .25rem 0; text-align: left;
  vertical-align: top; } td.number { text-align: right; } th { color: var(--soft); font-weight: 600; }
article { border: 1px solid var(--line); border-left-width: 5px; border-radius: 6px; padding: 1rem 1.1rem; margin: 1rem 0; }
article.critical { border-left-color: var(--critical); } article.high { border-left-color: var(--high); }
article.medium { border-left-color: var(--medium); } article.low { border-left-color: var(--low); }
article.closed > *:not(h3):not(.about) { opacity: .65; } .about { color: var(--soft); font-size: .92rem; }
.severity { font-weight: 700; } .critical .severity { color: var(--critical); } .high .severity { color: var(--high); }
.medium .severity { color: var(--medium); } .low .severity { color: var(--low); }
.label { font-weight: 600; margin: .9rem 0 .2rem; } details > summary { cursor: pointer; font-weight: 600; margin: 1rem 0; }
.warning { border: 1px solid var(--high); border-radius: 6px; padding: .6rem 1rem; margin: 1rem 0; }
@media print { body { max-width: none; } article { break-inside: avoid; } }
)";

std::string toHtml(const Inline &part)
{
    switch (part.kind) {
    case Inline::Kind::Code:
        return "<code>" + escapeHtml(part.text) + "</code>";
    case Inline::Kind::Strong:
        return "<strong>" + escapeHtml(part.text) + "</strong>";
    case Inline::Kind::Emphasis:
        return "<em>" + escapeHtml(part.text) + "</em>";
    case Inline::Kind::Link:
        return htmlLink(part.text, part.url);
    case Inline::Kind::Text:
        break;
    }
    return escapeHtml(part.text);
}

} // namespace

std::string escapeHtml(std::string_view plain)
{
    std::string escaped;
    for (const char c : shownText(plain)) {
        switch (c) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        case '\'':
            escaped += "&#39;";
            break;
        default:
            escaped += c;
        }
    }
    return escaped;
}

std::string htmlLink(std::string_view title, std::string_view url)
{
    if (!isSafeUrl(url))
        return escapeHtml(title) + (url.empty() ? "" : " <code>" + escapeHtml(url) + "</code>");
    return "<a href=\"" + escapeHtml(url) + "\" rel=\"noreferrer noopener\">" + escapeHtml(title) + "</a>";
}

std::string htmlInline(std::string_view markdown)
{
    std::string line(markdown);
    std::replace(line.begin(), line.end(), '\n', ' ');
    std::string html;
    for (const Inline &part : parseInline(line))
        html += toHtml(part);
    return html;
}

std::string htmlBlocks(std::string_view markdown)
{
    std::string html;
    std::string_view list; // the open one's element
    const auto setList = [&](std::string_view wanted) {
        if (list == wanted)
            return;
        if (!list.empty())
            html.append("</").append(list).append(">\n");
        if (!wanted.empty())
            html.append("<").append(wanted).append(">\n");
        list = wanted;
    };
    for (const Block &block : parseBlocks(markdown)) {
        setList(block.kind == Block::Kind::Bullet ? "ul" : block.kind == Block::Kind::Numbered ? "ol" : "");
        if (!list.empty())
            html += "<li>" + htmlInline(block.text) + "</li>\n";
        else if (block.kind == Block::Kind::Code)
            html += "<pre><code>" + escapeHtml(block.text) + "</code></pre>\n";
        else
            html += "<p>" + htmlInline(block.text) + "</p>\n";
    }
    setList("");
    return html;
}

std::string htmlPage(std::string_view title, std::string_view body)
{
    std::string page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                       "style-src 'unsafe-inline'\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
    page.append(escapeHtml(title)).append("</title>\n<style>").append(style);
    page.append("</style>\n</head>\n<body>\n").append(body).append("</body>\n</html>\n");
    return page;
}

} // namespace review
