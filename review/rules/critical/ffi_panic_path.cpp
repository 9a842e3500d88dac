// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/checks.h"
#include "review/rules/foreign.h"
#include "review/rules/node_search.h"
#include "review/rules/panics.h"
#include "review/rules/phrases.h"
#include "review/rules/remarks.h"
#include "review/rules/rule.h"
#include "review/rules/value_flow.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// Bodies up to this length are wrapped; longer ones are better split by hand.
constexpr std::uint32_t wrappableLines = 30;

bool isFixedIndex(const Panic &panic)
{
    return panic.kind == Panic::Kind::Index && panic.index.is("integer_literal");
}

/// `TABLE[byte as usize]` of a `byte: u8`: such tables have an entry for every byte.
bool isByteOfTable(const Panic &panic)
{
    const Node value = panic.index.is("type_cast_expression") ? panic.index.field("value") : Node();
    const Node binding = value.is("identifier") ? rust::bindingOf(value) : Node();
    return panic.kind == Panic::Kind::Index && binding.is("parameter") &&
           binding.field("type").text() == "u8" && isConstant(panic.node.firstNamedChild());
}

/// In a part that is compiled for other systems only: `#[cfg(not(target_os = "x"))] { unimplemented!() }`.
bool isElsewhere(const Panic &panic)
{
    for (Node around = panic.node; around && !around.is("function_item"); around = around.parent()) {
        const Node above = around.previousNamedSibling();
        if (above.is("attribute_item") && mentions(above.text(), {"cfg(not(target"}))
            return panic.kind == Panic::Kind::Macro;
    }
    return false;
}

std::vector<Panic> realPanicsIn(const Node &body)
{
    std::vector<Panic> panics = panicsIn(body);
    std::erase_if(panics, [](const Panic &panic) {
        return handsOnPanic(panic) || cannotFail(panic) || isFixedIndex(panic) || wasChecked(panic) ||
               isByteOfTable(panic) || isElsewhere(panic) ||
               mentions(remarkOn(rust::statementOf(panic.node)), {"panic", "unwrap", "infallible"});
    });
    return panics;
}

/// String literals over several lines would change with the indentation.
bool hasLongLiteral(const Node &body)
{
    return anyIn(body, [](const Node &node) {
        return node.isAny({"string_literal", "raw_string_literal", "block_comment"}) &&
               node.lines().size() > 1;
    });
}

/// The body becomes a closure under `catch_unwind`, and a panic the value that says failure.
void catchUnwind(const rust::Function &function, Draft &draft)
{
    const std::string failure = failureValue(function);
    const git::LineRange lines = function.body.lines();
    if (failure.empty() || lines.size() < 3 || lines.size() > wrappableLines || hasLongLiteral(function.body))
        return;
    const git::Lines &text = function.body.tree()->lines();
    const std::string indent = indentOf(function.node) + "    ";
    std::string body;
    for (std::uint32_t line = lines.begin + 1; line + 1 < lines.end; ++line) {
        const std::string_view code = text[line];
        body += code.find_first_not_of(" \t\r\n") == std::string_view::npos ? "" : "    ";
        body += code;
        if (!code.ends_with('\n'))
            body += '\n';
    }
    const std::string type = function.returnType ? "-> " + std::string(function.returnType.text()) + " " : "";
    const git::ByteRange inside{function.body.bytes().begin + 1, function.body.bytes().end - 1};
    draft.edits.push_back({inside, "\n" + indent +
                                       "std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| " + type +
                                       "{\n" + body + indent + "}))\n" + indent + ".unwrap_or(" + failure +
                                       ")\n" + indentOf(function.node)});
}

/// What C passed decides: a conversion of a parameter is unwrapped, or one is an index. Other panics say that
/// this side has made a mistake.
bool isCausedByCaller(const Panic &panic, const rust::Function &function)
{
    const IsSource isParameter = [&](const Node &node) {
        return node.is("identifier") && rust::bindingOf(node).is("parameter") &&
               rust::bindingOf(node).isInside(function.node);
    };
    // In an arm of its own the macro may stand for what nobody has registered.
    if (panic.kind == Panic::Kind::Macro)
        return isOneOf(panic.name, {"todo", "unimplemented"}) && !panic.node.ancestor({"match_arm"});
    // A field of what a handle leads to is this side's own number.
    const auto isParameterItself = [&](const Node &node) {
        return node.isAny({"identifier", "type_cast_expression"}) && !node.is("field_expression") &&
               dependsOn(node, isParameter);
    };
    if (panic.kind == Panic::Kind::Index)
        return isExported(function) && isParameterItself(panic.index);
    const Call call = rust::toCall(rust::stripAdapters(panic.operand));
    const bool narrows =
        ((call.name == "try_from" || call.name == "try_into") && panic.kind == Panic::Kind::Unwrap) ||
        (call.name == "new" && !call.isMethod() && mentions(call.path, {"nonzero"}));
    if (narrows)
        return isParameterItself(call.isMethod()          ? call.receiver
                                 : call.arguments.empty() ? Node()
                                                          : call.arguments.front());
    const bool converts =
        isOneOf(call.name, {"to_str", "from_utf8", "get_string", "convert_byte_array", "from_str", "parse",
                            "from_slice", "from_bytes", "into_string", "from_timestamp", "from_vec_with_nul",
                            "from_bytes_with_nul", "from_u32", "from_u8", "decode", "get"});
    return converts && dependsOn(panic.operand, isParameter);
}

/// The whole body is `unimplemented!()`: the function only stands there for the linker, or is not written
/// yet.
bool isOnlyPanic(const rust::Function &function)
{
    const std::vector<Node> statements = function.body.namedChildren();
    return statements.size() == 1 && compact(statements.front().text()).find("!(") != std::string::npos &&
           isOneOf(rust::macroName(statements.front().is("macro_invocation")
                                       ? statements.front()
                                       : statements.front().firstNamedChild()),
                   {"todo", "unimplemented"});
}

bool isStub(const rust::Function &function)
{
    return isOnlyPanic(function) &&
           (mentions(function.file->path(), {"stub"}) ||
            mentions(function.node.ancestor({"mod_item"}).field("name").text(), {"stub"}));
}

Draft makeDraft(const rust::Function &function, const std::vector<Panic> &panics)
{
    const Panic &first = panics.front();
    const std::string name = quoted(function.name, 30);
    const std::string what = first.kind == Panic::Kind::Index   ? "an index out of range"
                             : first.kind == Panic::Kind::Macro ? "`" + std::string(first.name) + "!`"
                                                                : "`" + std::string(first.name) + "`";
    Draft draft;
    draft.at = first.node;
    draft.title =
        fittingTitle({name + " can panic at the boundary to C: " + what,
                      name + " can panic at the boundary to C", "A function that C calls can panic"});
    draft.steps = {
        {"C caller", "calls " + name + " with a value that the code does not expect", function.node},
        {"Rust", "panics: " + quoted(first.node.text(), 50), first.node},
        {"Rust", "the panic reaches the `extern \"" + function.abi + "\"` frame, which cannot unwind",
         function.node}};
    draft.outcome = "The whole process is aborted, the C program included.";
    for (std::size_t i = 1; i < panics.size(); ++i)
        draft.evidence.push_back(panics[i].node);
    draft.facts = {"resolved: " + name + " has the ABI \"" + function.abi + "\" and catches no panic",
                   "assumed: C code can pass a value for which this panics"};
    draft.confidence = first.kind == Panic::Kind::Index ? 0.85 : 1.0;
    if (!isCausedByCaller(first, function) || isOnlyPanic(function))
        draft.confidence = 0.7;
    if (mentions(function.docs, {"panic"})) {
        draft.facts.push_back("assumed: callers do not keep to what the docs say of panics");
        draft.confidence *= 0.7;
    }
    catchUnwind(function, draft);
    return draft;
}

} // namespace

void check_ffi_panic_path(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        // Some are there to panic.
        if (!isForeign(function) || function.name == "main" || mentions(function.name, {"panic", "abort"}) ||
            isStub(function))
            continue;
        std::vector<Panic> panics = realPanicsIn(function.body);
        std::stable_partition(panics.begin(), panics.end(),
                              [&](const Panic &panic) { return isCausedByCaller(panic, function); });
        if (!panics.empty())
            reporter.report(makeDraft(function, panics));
    }
}

} // namespace review::rules
