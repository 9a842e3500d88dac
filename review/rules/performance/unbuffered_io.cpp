// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/collections.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// A plain file of std: each small read or write is a system call.
bool isPlainFile(const Node &expression, const RuleInput &input)
{
    const Node value = expression.is("reference_expression") ? expression.field("value") : expression;
    const rust::Type type = input.model.infer(value, input.file);
    return !type.assumed && type.peeled().is("std::fs::File");
}

/// Bytes that are certainly few: a number's bytes, a literal, one byte, a string of one line.
bool isSmallWrite(const Call &call)
{
    if (call.arguments.empty())
        return false;
    const std::string text = compact(call.arguments.front().text());
    return text.ends_with("_bytes()") || text.starts_with("b\"") || text.starts_with("b'") ||
           text.starts_with("&[") || text.starts_with('"');
}

void report(const Node &at, const std::string &what, const Node &file, const Node &loop, Reporter &reporter)
{
    const std::string shown = quoted(file.text(), 24);
    Draft draft;
    draft.at = at;
    draft.title = fittingTitle(
        {what + " goes to " + shown + " without a buffer", "Small pieces of a file without a buffer"});
    draft.steps = {{"caller", "has one small piece", at},
                   {"kernel", "is called for it, since `File` has no buffer", at}};
    if (loop)
        draft.steps.insert(draft.steps.begin(), {"caller", "goes through many pieces", loop});
    draft.outcome = "Hundreds of nanoseconds to microseconds for each piece instead of a few bytes' copy.";
    draft.facts = {"resolved: " + shown +
                   " is a `std::fs::File`, and no `BufReader` or `BufWriter` stands before it"};
    reporter.report(std::move(draft));
}

void checkWrites(const RuleInput &input, Reporter &reporter)
{
    for (const Call &call : callsNamed({"write_all", "write", "read_exact", "read_u8", "read_u32", "read_u64",
                                        "write_u8", "write_u32", "write_u64"},
                                       input.file)) {
        if (!call.isMethod())
            continue;
        const bool small =
            call.name.starts_with("read") || call.name.starts_with("write_u") || isSmallWrite(call);
        const Node loop = small ? repeatedBy(call.node) : Node();
        if (!loop || isMadeInside(call.receiver, loop) || !isPlainFile(call.receiver, input) ||
            mentions(loop.text(), {"seek", "sync", "rewind"}))
            continue;
        // Reading into a large buffer needs no second one.
        if (call.name == "read_exact" &&
            mentions(call.arguments.front().text(), {"buf", "block", "page", "chunk"}))
            continue;
        report(call.node, "Each " + quoted(call.name, 16) + " of the loop", call.receiver, loop, reporter);
    }
    for (const Node &macro : input.file.root().descendants("macro_invocation")) {
        if (!isOneOf(rust::macroName(macro), {"write", "writeln"}))
            continue;
        const Node loop = repeatedBy(macro);
        const std::vector<Node> arguments = macro.namedChildren().back().namedChildren();
        if (!loop || arguments.empty() || isMadeInside(arguments.front(), loop) ||
            !isPlainFile(arguments.front(), input))
            continue;
        report(macro, "Each `" + std::string(rust::macroName(macro)) + "!` of the loop", arguments.front(),
               loop, reporter);
    }
}

/// serde's readers and writers of JSON ask for a byte at a time.
void checkSerde(const RuleInput &input, Reporter &reporter)
{
    for (const Call &call : callsNamed({"from_reader", "to_writer", "to_writer_pretty"}, input.file)) {
        const std::string path = input.file.resolveAt(call.path, call.node);
        if (call.isMethod() || call.arguments.empty() || path.find("serde_json::") == std::string::npos)
            continue;
        const Node file = call.arguments.front();
        if (isPlainFile(file, input))
            report(call.node, quoted(call.path, 28), file, {}, reporter);
    }
}

} // namespace

void check_unbuffered_io(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("File"))
        return;
    if (hasAny(input.file,
               {"write_all", "writeln!", "write!", "read_exact", ".read_u", ".write_u", ".write("}))
        checkWrites(input, reporter);
    checkSerde(input, reporter);
}

} // namespace review::rules
