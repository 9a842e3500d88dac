// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool isWriterPath(const std::string &path)
{
    const std::string_view text = path;
    for (const std::string_view type :
         {"BufWriter::new", "BufWriter::with_capacity", "GzEncoder::new", "ZlibEncoder::new",
          "DeflateEncoder::new", "LineWriter::new", "FrameEncoder::new", "BzEncoder::new", "XzEncoder::new"})
        if (text == type || text.ends_with("::" + std::string(type)))
            return true;
    return false;
}

/// Writers of these ends lose nothing that matters.
bool writesToMemory(const Call &call)
{
    return !call.arguments.empty() &&
           mentions(call.arguments.back().text(), {"vec::new", "&mut", "stdout", "stderr", "buf", "cursor"});
}

/// How the rest gets out: by a call that flushes, or because somebody else gets the writer.
bool isFinishedOrHandedOn(std::string_view name, const Node &binding, const Node &body)
{
    for (const Node &use : rust::usesOf(name, body)) {
        if (use.index() <= binding.index())
            continue;
        const Node parent = use.parent();
        if (parent.is("field_expression")) {
            const Call call = rust::toCall(parent.parent());
            if (isOneOf(call.name,
                        {"flush", "finish", "into_inner", "shutdown", "try_finish", "close", "into_parts",
                         "sync_all", "by_ref", "get_mut", "flush_buf", "finalize", "end"}))
                return true;
            continue;
        }
        const bool borrowed = parent.is("reference_expression");
        if (!borrowed)
            return true; // moved: into a struct, a call, out of the function
        // A function that gets `&mut writer` may flush it; well-known ones do not.
        const Call call = rust::toCall(parent.parent().parent());
        const bool source = isOneOf(call.name, {"copy", "io_copy"}) && parent == call.arguments.front();
        if (source)
            return true; // an encoder that is read from
        if (!isOneOf(call.name, {"to_writer", "to_writer_pretty", "copy", "serialize_into", "encode_into",
                                 "write_to", "io_copy", "write_fmt"}))
            return true;
    }
    // `write!(writer, …)` uses it without a call.
    return false;
}

bool isWrittenTo(std::string_view name, const Node &body)
{
    return anyIn(body, [&](const Node &node) {
        const Call call = rust::toCall(node);
        if (call.isMethod() && call.receiver.text() == name)
            return call.name.starts_with("write") || call.name.starts_with("put");
        return call && !call.arguments.empty() &&
               call.arguments.front().text() == "&mut " + std::string(name);
    });
}

/// At the end of the success path: where the flush belongs.
void addFlush(const std::string &name, const rust::Function &function, const Node &binding, Draft &draft)
{
    const Node block = rust::blockOf(binding);
    const std::vector<Node> statements = block.namedChildren();
    if (!function.returnsResult() || block != function.body || statements.empty() ||
        rust::toCall(statements.back()).path != "Ok" ||
        function.returnType.text().find("Option") != std::string::npos)
        return;
    const std::uint32_t at = statements.back().bytes().begin;
    const std::string wait =
        function.isAsync && draft.facts.front().find("tokio") != std::string::npos ? ".await" : "";
    draft.edits = {{{at, at}, name + ".flush()" + wait + "?;\n" + indentOf(statements.back())}};
}

Draft makeDraft(const Node &binding, const std::string &name, const Call &made, const RuleInput &input)
{
    const std::string type = made.path.substr(0, made.path.rfind("::"));
    Draft draft;
    draft.at = binding;
    draft.title =
        fittingTitle({"`" + name + "` is dropped without a flush", "A writer is dropped without a flush"});
    draft.steps = {{"code", "writes to `" + name + "`; the last bytes stay in its buffer", binding},
                   {"end of the block", "drops the `" + type + "`, which ignores the error of its last write",
                    rust::blockOf(binding)}};
    draft.outcome =
        "On a full disk the file is cut short and the function says that all went well; an asynchronous "
        "writer loses its last bytes always.";
    draft.facts = {"resolved: `" + name + "` is made by `" + input.file.resolve(made.path) + "`",
                   "resolved: nothing flushes it or hands it on"};
    return draft;
}

} // namespace

void check_writer_not_finished(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("BufWriter::") && !tree.contains("Encoder::new") && !tree.contains("LineWriter::"))
        return;
    for (const Node &node : input.file.root().descendants("let_declaration")) {
        if (!node.is("let_declaration"))
            continue;
        const Call made = rust::toCall(rust::stripAdapters(node.field("value")));
        if (made.isMethod() || !isWriterPath(made.path) || writesToMemory(made))
            continue;
        const std::string name(node.field("pattern").is("mut_pattern")
                                   ? node.field("pattern").firstNamedChild().text()
                                   : node.field("pattern").text());
        const Node block = rust::blockOf(node);
        const rust::Function *function = input.file.functionAt(node);
        if (!function || function->name.starts_with("test_") || isTestOrTool(node, input.file) ||
            block.text().find("!(" + name) != std::string_view::npos || !isWrittenTo(name, block) ||
            isFinishedOrHandedOn(name, node, block))
            continue;
        Draft draft = makeDraft(node, name, made, input);
        addFlush(name, *function, node, draft);
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
