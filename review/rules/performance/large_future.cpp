// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <charconv>
#include <optional>

namespace review::rules {
namespace {

using rust::Node;

/// What clippy calls a large future by default. Buffers of 4 and 8 KiB are customary.
constexpr std::uint64_t largeBytes = 16384;

std::optional<std::uint64_t> numberOf(Node expression, const RuleInput &input, int depth = 0)
{
    std::string digits;
    for (const char c : expression.text()) {
        if (c >= '0' && c <= '9')
            digits += c;
        else if (c != '_')
            break;
    }
    if (expression.is("integer_literal")) {
        std::uint64_t number = 0;
        const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        return end.ec == std::errc() && !digits.empty() ? std::optional(number) : std::nullopt;
    }
    if (expression.is("binary_expression") && depth < 4 && expression.field("operator").text() == "*") {
        const auto left = numberOf(expression.field("left"), input, depth + 1);
        const auto right = numberOf(expression.field("right"), input, depth + 1);
        return left && right && *left < (1U << 30) && *right < (1U << 30) ? std::optional(*left * *right)
                                                                          : std::nullopt;
    }
    if (expression.is("identifier") && depth < 4) {
        for (const Node &constant : input.file.root().descendants("const_item")) {
            if (constant.field("name").text() == expression.text())
                return numberOf(constant.field("value"), input, depth + 1);
        }
    }
    return std::nullopt;
}

/// What one element takes, by its spelling: `0u8`, `0_u64`; one byte where nothing says more.
std::uint64_t bytesOfElement(const Node &element)
{
    const std::string_view text = element.text();
    if (text.ends_with("u64") || text.ends_with("i64") || text.ends_with("f64") || text.ends_with("usize"))
        return 8;
    return text.ends_with("u32") || text.ends_with("i32") || text.ends_with("f32") ? 4 : 1;
}

/// An await while the array is alive: after its `let`, in the block that drops it.
Node pauseDuring(const Node &let, const Node &body)
{
    const Node block = rust::blockOf(let);
    for (const Node &pause : rust::awaitPoints(body)) {
        if (pause.index() > let.index() && pause.isInside(block))
            return pause;
    }
    return {};
}

} // namespace

void check_large_future(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains(".await") || !tree.contains("; "))
        return;
    for (const Node &array : input.file.root().descendants("array_expression")) {
        const Node let = array.parent();
        const auto parts = array.namedChildren();
        if (!let.is("let_declaration") || parts.size() != 2 || !array.field("length") ||
            input.file.isTest(array) || !rust::runsAsync(array, input.file))
            continue;
        const auto count = numberOf(array.field("length"), input);
        const std::uint64_t bytes = count ? *count * bytesOfElement(parts.front()) : 0;
        const Node pause = bytes >= largeBytes ? pauseDuring(let, rust::bodyOf(array)) : Node();
        const rust::Function *function = input.file.functionAt(array);
        if (!pause || !function || function->name == "main")
            continue;
        Draft draft;
        draft.at = array;
        draft.title = fittingTitle({"The future of " + quoted(function->name, 24) + " carries an array of " +
                                        std::to_string(bytes / 1024) + " KiB",
                                    "A future carries an array of " + std::to_string(bytes / 1024) + " KiB"});
        draft.steps = {{"task", "keeps the array in its future, as it is alive here", pause},
                       {"caller", "copies the whole future when it boxes, spawns or joins it", array}};
        draft.outcome =
            "Each caller's future is as large again; spawning copies it, and a few levels of calls use up a "
            "thread's stack.";
        draft.facts = {"resolved: the array takes " + std::to_string(bytes) +
                       " bytes and lives across an await"};
        draft.evidence = {pause};
        // One task that runs as long as the program is moved once; and 16 KiB some do not mind.
        const bool once = function->name == "run" || function->name.starts_with("run_");
        if (once || bytes < 2 * largeBytes) {
            draft.facts.push_back("assumed: the future is moved often, or stands in others");
            draft.confidence = 0.7;
        }
        if (compact(parts.front().text()) == "0" || compact(parts.front().text()) == "0u8")
            draft.edits.push_back({array.bytes(), "vec![" + std::string(parts.front().text()) + "; " +
                                                      std::string(array.field("length").text()) + "]"});
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
