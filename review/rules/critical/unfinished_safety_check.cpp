// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Function;
using rust::Node;

const std::initializer_list<std::string_view> unfinishedWords{
    "todo",        "fixme",    "for now", "not implemented", "unimplemented", "not yet",
    "placeholder", "stub",     "xxx",     "temporarily",     "always allow",  "hack",
    "until we",    "later we", "dummy"};

/// What a safety check of a distributed store is named after.
bool namesSafety(std::string_view name)
{
    const bool asks =
        mentions(name, {"check", "verify", "valid", "is_", "has_", "can_", "should_", "ensure", "authoriz",
                        "authenticat", "permit", "allow", "acquire", "fence", "conflict"});
    return asks &&
           mentions(name, {"vote",   "lease",     "quorum",    "conflict", "health",    "fenc",  "leader",
                           "epoch",  "term",      "verify",    "auth",     "permi",     "acl",   "checksum",
                           "crc",    "integrity", "expired",   "stale",    "duplicate", "alive", "safe",
                           "commit", "majority",  "signature", "owner",    "lock",      "allow", "valid"});
}

bool isConstant(std::string_view value)
{
    return isOneOf(value, {"true", "false", "Ok(())", "Ok(true)", "Ok(false)", "Some(true)", "Some(false)"});
}

/// The function's answer when it is the same for all callers; null if it depends on anything.
Node constantAnswer(const Function &function)
{
    const std::vector<Node> statements = function.body.namedChildren();
    if (statements.empty() || statements.size() > 3)
        return {};
    for (std::size_t i = 0; i + 1 < statements.size(); ++i) {
        // `let _ = epoch;` keeps the compiler quiet and does nothing.
        const bool idle = statements[i].is("let_declaration") && statements[i].field("pattern").text() == "_";
        // `ensure!` and its like look at something; log macros do not.
        const Node macro =
            statements[i].is("macro_invocation") ? statements[i] : statements[i].firstNamedChild();
        if (!idle && !isOneOf(rust::macroName(macro), {"trace", "debug", "info", "warn", "error", "log",
                                                       "todo", "println", "eprintln", "dbg"}))
            return {};
    }
    Node last = statements.back();
    if (last.is("expression_statement"))
        last = last.firstNamedChild();
    if (last.is("return_expression"))
        last = last.firstNamedChild();
    if (last.is("async_block"))
        last = last.namedChildren().empty() ? last : last.namedChildren().back().firstNamedChild();
    return isConstant(compact(last.text())) ? last : Node();
}

/// The comment in or above the function that says it is not finished; null if none does.
Node confession(const Function &function)
{
    for (const Node node : function.body.descendants()) {
        if (node.isAny({"line_comment", "block_comment"}) && mentions(node.text(), unfinishedWords))
            return node;
        const bool logs = node.is("macro_invocation") && mentions(node.text(), unfinishedWords);
        if (logs)
            return node;
    }
    for (Node above = function.node.previousNamedSibling();
         above.isAny({"line_comment", "block_comment", "attribute_item"});
         above = above.previousNamedSibling()) {
        if (!above.is("attribute_item") && mentions(above.text(), unfinishedWords))
            return above;
    }
    return {};
}

} // namespace

void check_unfinished_safety_check(const RuleInput &input, Reporter &reporter)
{
    for (const Function &function : input.file.functions()) {
        if (!function.body || !function.returnType || !namesSafety(function.name) ||
            function.name == "is_terminated" ||
            mentions(function.selfType,
                     {"mock", "noop", "dummy", "fake", "test", "null", "allowall", "stub", "memory"}))
            continue;
        const Node answer = constantAnswer(function);
        const Node remark = answer ? confession(function) : Node();
        if (!remark)
            continue;
        const std::string name = quoted(function.name, 28);
        const std::string value = "`" + compact(answer.text()) + "`";
        Draft draft;
        draft.at = function.node.field("name");
        draft.title = fittingTitle({name + " always answers " + value + " and says it is unfinished",
                                    "A safety check always answers " + value + " and says it is unfinished"});
        draft.steps = {{"caller", "asks " + name + " before it goes on", function.node.field("name")},
                       {"check", "answers " + value + " whatever the state is", answer},
                       {"caller", "does what the check should have refused", remark}};
        draft.outcome =
            "The protection that the name promises is not there, and nothing shows it at run time.";
        draft.facts = {"resolved: the body has one answer and looks at nothing",
                       "resolved: a comment says that it is not finished: " + quoted(remark.text(), 60)};
        draft.evidence = {answer, remark};
        // Refusing everybody is the safe side of a permission that nobody can be granted yet.
        if (compact(answer.text()) == "false" &&
            mentions(function.name, {"allow", "permit", "can_", "auth"})) {
            draft.facts.push_back("assumed: somebody has to be let through already");
            draft.confidence = 0.7;
        }
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
