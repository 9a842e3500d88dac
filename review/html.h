// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace review {

/// Plain text for an HTML element or a quoted attribute; what hides or harms becomes visible (see shownText).
std::string escapeHtml(std::string_view plain);
/// Our Markdown as HTML: only what markdown.h understands becomes elements.
std::string htmlInline(std::string_view markdown);
std::string htmlBlocks(std::string_view markdown);
/// A link, or the escaped address where it is none that may be linked.
std::string htmlLink(std::string_view title, std::string_view url);

/// The page around `body`: one style for light and dark, a policy that lets nothing be loaded, no scripts.
std::string htmlPage(std::string_view title, std::string_view body);

} // namespace review
