// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/macros.h"

#include <algorithm>
#include <array>
#include <optional>

namespace review::rust {
namespace {

using Tokens = std::vector<MacroToken>;

template <std::size_t N>
bool isOneOf(std::string_view name, const std::array<std::string_view, N> &names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Their insides are another language, or text for other code to be made of.
constexpr std::array<std::string_view, 16> ownSyntax{
    "json",      "json_internal", "quote", "quote_spanned", "parse_quote", "parse_quote_spanned",
    "html",      "rsx",           "view",  "sql",           "asm",         "global_asm",
    "naked_asm", "cfg_if",        "query", "proptest"};

git::ByteRange span(const Tokens &tokens, std::size_t begin, std::size_t end)
{
    return {tokens[begin].bytes.begin, tokens[end - 1].bytes.end};
}

std::size_t find(const Tokens &tokens, std::size_t from, std::string_view text)
{
    while (from < tokens.size() && tokens[from].text != text)
        ++from;
    return from;
}

MacroPlan single(std::string_view kind, PartShape shape, git::ByteRange inner)
{
    return {kind, {{{}, {{shape, inner, {}, {}}}}}};
}

/// One element of a list in the style of the log macros: `x`, `%x`, `?x`, `key = x`, `"key" => x`, `target:
/// x`.
std::optional<MacroPart> listElement(const Tokens &tokens, std::size_t begin, std::size_t end)
{
    MacroPart part;
    std::size_t value = begin;
    std::size_t name = begin;
    while (name < end && (tokens[name].kind == "identifier" || tokens[name].text == "." ||
                          tokens[name].kind == "string_literal"))
        ++name;
    if (name > begin && name < end &&
        (tokens[name].text == "=" || tokens[name].text == ":" || tokens[name].text == "=>")) {
        part.argument = span(tokens, begin, name);
        value = name + 1;
    }
    while (value < end && (tokens[value].text == "%" || tokens[value].text == "?"))
        ++value;
    if (value == end)
        return std::nullopt;
    part.bytes = span(tokens, value, end);
    return part;
}

MacroPlan listPlan(const Tokens &tokens)
{
    MacroPlan plan{"macro_arguments", {{}}};
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= tokens.size(); ++i) {
        if (i < tokens.size() && tokens[i].text != "," && tokens[i].text != ";")
            continue;
        if (i > begin) {
            if (const auto part = listElement(tokens, begin, i))
                plan.groups[0].parts.push_back(*part);
            else
                return {};
        }
        begin = i + 1;
    }
    return plan;
}

MacroPlan matchesPlan(const Tokens &tokens)
{
    const std::size_t comma = find(tokens, 0, ",");
    std::size_t end = tokens.size();
    // assert_matches! takes a message after the pattern.
    end = std::min(find(tokens, std::min(comma + 1, end), ","), end);
    if (comma == 0 || comma + 1 >= end)
        return {};
    MacroPlan plan{"macro_arguments", {{}}};
    plan.groups[0].parts.push_back({PartShape::Expression, span(tokens, 0, comma), {}, {}});
    plan.groups[0].parts.push_back({PartShape::Pattern, span(tokens, comma + 1, end), {}, {}});
    return plan;
}

/// Where an arm's handler that starts at `begin` ends, and where the next arm starts.
std::pair<std::size_t, std::size_t> handlerEnd(const Tokens &tokens, std::size_t begin)
{
    const bool block = tokens[begin].kind == "token_tree" && tokens[begin].text.starts_with('{');
    const bool continues =
        begin + 1 < tokens.size() && (tokens[begin + 1].text == "." || tokens[begin + 1].text == "?");
    if (block && !continues) {
        const bool comma = begin + 1 < tokens.size() && tokens[begin + 1].text == ",";
        return {begin + 1, begin + (comma ? 2 : 1)};
    }
    // A comma inside `a::<B, C>()` is not looked for: a handler like that stands in a block.
    const std::size_t comma = find(tokens, begin, ",");
    return {comma, comma + 1};
}

/// `pattern = future, if condition => handler`, or crossbeam's `recv(r) -> pattern => handler`, or `else =>
/// handler`.
std::optional<MacroGroup> selectArm(const Tokens &tokens, std::size_t begin, std::size_t arrow,
                                    std::size_t handler, std::size_t end)
{
    MacroGroup arm{"select_arm", {}};
    const std::size_t equals = find(tokens, begin, "=");
    const std::size_t result = find(tokens, begin, "->");
    if (equals < arrow) {
        std::size_t future = arrow;
        for (std::size_t i = equals + 1; i + 1 < arrow && future == arrow; ++i) {
            if (tokens[i].text == "," && tokens[i + 1].text == "if")
                future = i;
        }
        if (equals == begin || equals + 1 >= future)
            return std::nullopt;
        arm.parts.push_back({PartShape::Pattern, span(tokens, begin, equals), "pattern", {}});
        arm.parts.push_back({PartShape::Expression, span(tokens, equals + 1, future), "future", {}});
        if (future + 2 < arrow)
            arm.parts.push_back({PartShape::Expression, span(tokens, future + 2, arrow), "condition", {}});
    } else if (result < arrow && result > begin && result + 1 < arrow) {
        arm.parts.push_back({PartShape::Expression, span(tokens, begin, result), "future", {}});
        arm.parts.push_back({PartShape::Pattern, span(tokens, result + 1, arrow), "pattern", {}});
    } else if (tokens[begin].text != "else" && tokens[begin].text != "complete" &&
               tokens[begin].text != "default") {
        return std::nullopt;
    }
    arm.parts.push_back({PartShape::Expression, span(tokens, handler, end), "handler", {}});
    return arm;
}

MacroPlan selectPlan(const Tokens &tokens)
{
    MacroPlan plan{"select_arms", {}};
    std::size_t at = 0;
    if (tokens.size() > 1 && tokens[0].text == "biased" && tokens[1].text == ";")
        at = 2;
    while (at < tokens.size()) {
        const std::size_t arrow = find(tokens, at, "=>");
        if (arrow == at || arrow + 1 >= tokens.size())
            return {};
        const auto [end, next] = handlerEnd(tokens, arrow + 1);
        if (end == arrow + 1)
            return {};
        const auto arm = selectArm(tokens, at, arrow, arrow + 1, end);
        if (!arm)
            return {};
        plan.groups.push_back(*arm);
        at = next;
    }
    return plan;
}

} // namespace

std::vector<MacroPlan> macroPlans(std::string_view name, char bracket, git::ByteRange inner,
                                  const Tokens &tokens)
{
    if (isOneOf(name, ownSyntax))
        return {};
    if (tokens.empty())
        return {MacroPlan{bracket == '{' ? "block" : "macro_arguments", {}}};
    if (name == "lazy_static" || name == "thread_local")
        return {single("declaration_list", PartShape::Items, inner)};
    std::vector<MacroPlan> plans;
    if (name == "select" || name == "select_biased")
        plans = {selectPlan(tokens)};
    else if (name == "matches" || name == "assert_matches" || name == "debug_assert_matches")
        plans = {matchesPlan(tokens)};
    else if (bracket == '{')
        plans = {single("block", PartShape::Statements, inner), listPlan(tokens)};
    else {
        plans = {listPlan(tokens), single("block", PartShape::Statements, inner)};
        // `"told"; "key" => value`: no list of arguments, which would only be known by a parse that fails.
        const bool isList = find(tokens, 0, ";") == tokens.size() && find(tokens, 0, "=>") == tokens.size();
        if (isList)
            plans.insert(plans.begin(), single("macro_arguments", PartShape::Arguments, inner));
    }
    std::erase_if(plans, [](const MacroPlan &plan) { return plan.groups.empty(); });
    return plans;
}

} // namespace review::rust
