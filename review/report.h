// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/session.h"

#include <string>

namespace review {

/// The persona's five sections in order (an empty one says so), each finding with place, why, scenario, code before and after, references and
/// status; the scope reviewed and what was left out. CommonMark; no content can break a fence or inject markup. Pure.
std::string renderMarkdown(const Session &session);
/// `ferriscope.review/1` (resources/review.schema.json). Pure; keys in the schema's order; ends with a newline.
std::string renderJson(const Session &session);
/// SARIF 2.1.0. Pure.
std::string renderSarif(const Session &session);
/// One HTML page without scripts or anything loaded from elsewhere. Pure.
std::string renderHtml(const Session &session);

} // namespace review
