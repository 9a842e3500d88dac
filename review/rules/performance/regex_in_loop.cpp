// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/collections.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rules/value_flow.h"
#include "review/rust/flow.h"

#include <cctype>
#include <string_view>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool compiles(const Call &call, const rust::File &file)
{
    const std::string path = file.resolveAt(call.path, call.node);
    return path == "regex::Regex::new" || path == "regex::bytes::Regex::new" ||
           path == "regex::RegexSet::new" || path == "Regex::new" || path == "glob::Pattern::new" ||
           path == "globset::Glob::new" || path == "fancy_regex::Regex::new";
}

/// "{name" stands in the text of a `format!`; "{{" is a brace.
bool capturesName(std::string_view text)
{
    for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open)) {
        const std::size_t next = open + 1;
        if (next < text.size() && text[next] == '{') {
            open = next + 1;
            continue;
        }
        if (next < text.size() && (std::isalpha(static_cast<unsigned char>(text[next])) || text[next] == '_'))
            return true;
        open = next;
    }
    return false;
}

/// The pattern comes from the loop's own element: each round needs another one.
bool dependsOnRound(const Node &pattern, const Node &loop)
{
    for (const Node node : pattern.descendants()) {
        if (node.is("identifier") && isMadeInside(node, loop))
            return true;
        // `format!("{name}")`: what is captured there is mostly the element.
        if (rust::macroName(node) == "format" && capturesName(node.text()))
            return true;
    }
    return pattern.is("identifier") && isMadeInside(pattern, loop);
}

/// What follows in the same block leaves the function or the loop.
bool endsTheLoop(const Node &call, const Node &loop)
{
    for (Node block = call.ancestor({"block"}); block && block.isInside(loop) && block.parent() != loop;
         block = block.ancestor({"block"})) {
        const std::vector<Node> statements = block.namedChildren();
        if (!statements.empty() && rust::diverges(statements.back()) &&
            statements.back().firstNamedChild().is("continue_expression") == false)
            return true;
    }
    return false;
}

} // namespace

void check_regex_in_loop(const RuleInput &input, Reporter &reporter)
{
    for (const Call &call : callsNamed({"new"}, input.file)) {
        if (call.isMethod() || call.arguments.empty() || !compiles(call, input.file))
            continue;
        const Node loop = repeatedBy(call.node);
        const Node pattern = call.arguments.front();
        if (!loop || dependsOnRound(pattern, loop) || endsTheLoop(call.node, loop))
            continue;
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({quoted(pattern.text(), 28) + " is compiled again in each round",
                                    "A pattern is compiled again in each round"});
        draft.steps = {{"loop", "takes the next element", loop},
                       {"loop", "compiles the same pattern again", call.node}};
        draft.outcome = "Compiling takes a thousand times as long as matching; the loop does little else.";
        draft.facts = {"resolved: the call is `" + input.file.resolveAt(call.path, call.node) + "`",
                       "resolved: the pattern does not depend on what the loop runs over"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
