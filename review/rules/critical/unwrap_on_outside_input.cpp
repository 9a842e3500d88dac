// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/checks.h"
#include "review/rules/handlers.h"
#include "review/rules/outside.h"
#include "review/rules/panics.h"
#include "review/rules/phrases.h"
#include "review/rules/remarks.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <optional>
#include <set>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

struct Source {
    std::string what; ///< "the peer's bytes", as the subject of a sentence
    std::string fact;
    double confidence = 1;
};

bool isWithin(std::string_view text, std::initializer_list<std::string_view> parts)
{
    return std::any_of(parts.begin(), parts.end(),
                       [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

/// `unwrap()`, `expect("…")` or `unwrap_or_else(|e| panic!(…))`.
std::optional<Panic> unwrapAt(const Node &node)
{
    const Call call = rust::toCall(node);
    if (!call.isMethod() || (!call.name.starts_with("unwrap") && call.name != "expect"))
        return {};
    const bool unwraps = call.name == "unwrap" && call.arguments.empty();
    const bool expects = call.name == "expect" && call.arguments.size() == 1;
    const bool orElse = call.name == "unwrap_or_else" && call.arguments.size() == 1 &&
                        isWithin(call.arguments.front().text(), {"panic!(", "unreachable!("});
    if (!unwraps && !expects && !orElse)
        return {};
    Panic panic;
    panic.kind = unwraps ? Panic::Kind::Unwrap : Panic::Kind::Expect;
    panic.node = node;
    panic.operand = call.receiver;
    panic.name = call.name;
    return panic;
}

/// The message of an `expect` says what was looked at before.
bool givesReason(const Panic &panic)
{
    const std::string remark = remarkOn(rust::statementOf(panic.node)) + remarkOn(panic.node.parent());
    if (mentions(remark,
                 {"guarant", "guarent", "infallible", "succeed", "never fail", "cannot fail", "can't fail"}))
        return true;
    return panic.name == "expect" && mentions(rust::toCall(panic.node).arguments.front().text(),
                                              {"because", "validated", "already", "checked", "verified",
                                               "guarantee", "invariant", "ensured", "infallible", "never",
                                               "cannot", "can't", "always", "impossible", "known to"});
}

/// What a request brought along in its head.
std::optional<Source> ofHeader(const Call &call)
{
    const std::string_view receiver = call.receiver.text();
    const bool value = call.name == "to_str" && isWithin(call.node.text(), {"header", "Header"});
    // Whether a header is there is mostly asked where the request is dispatched.
    const bool lookup = call.name == "get" && !call.arguments.empty() && receiver.ends_with("headers()");
    const bool uri = isOneOf(call.name, {"path_and_query", "authority", "host", "query"}) &&
                     call.arguments.empty() && receiver.ends_with("uri()");
    if (!value && !lookup && !uri)
        return {};
    return Source{"a request", "resolved: " + quoted(call.node.text(), 40) + " is a part of a request's head",
                  value ? 1 : 0.7};
}

bool isOwnText(std::string_view text)
{
    return isWithin(text, {"format!", "to_string()", "include_str!", "env!(", "json!(", "concat!("});
}

/// `id.as_str().parse()`: what another type has taken is read again, mostly as its twin of another crate.
bool isReadAgain(const Call &call)
{
    const Call text = rust::toCall(call.receiver);
    return call.name == "parse" && text.isMethod() && isOneOf(text.name, {"as_str", "as_ref", "to_string"}) &&
           text.receiver.is("field_expression");
}

/// Where the text comes from that a call parses; null if nothing says that it is from outside.
std::optional<Source> ofText(const Call &call)
{
    const bool method = call.isMethod() && call.name == "parse" && call.arguments.empty();
    const bool path = !call.isMethod() && call.path.find("::") != std::string::npos &&
                      !call.arguments.empty() &&
                      isOneOf(call.name, {"from_str", "from_utf8", "from_slice", "from_reader",
                                          "from_str_radix", "parse_from_rfc3339"});
    if (!method && !path)
        return {};
    const Node input = method ? call.receiver : call.arguments.front();
    if (isWithin(call.path, {"HeaderValue", "HeaderName"})) // of a message of its own
        return {};
    // A header's value that this program makes for a request of its own.
    if (rust::toCall(rust::withAdapters(call.node).parent().parent())
            .receiver.text()
            .ends_with("headers_mut()"))
        return {};
    if (isOwnText(input.text()) || isConstant(rust::stripAdapters(input)))
        return {};
    const Node value = input.is("identifier") ? rust::initialiserOf(input) : Node();
    const std::string text = std::string(input.text()) + " " + std::string(value.text());
    if (isOwnText(text) || isWithin(text, {"(\"--"})) // an option of the command line
        return {};
    if (isWithin(text, {"payload"}))
        return Source{"a peer", "assumed: " + quoted(input.text(), 40) + " is what a peer sent", 0.75};
    if (isWithin(text, {".headers()", "request", "req.", "body", "recv", ".query", "packet", "frame"}))
        return Source{"a peer", "resolved: " + quoted(input.text(), 40) + " is what a peer sent",
                      isReadAgain(call) ? 0.7 : 0.85};
    if (isWithin(text, {"env::var", "args()", "read_to_string", "read_line", "fs::read", ".split", ".lines()",
                        "stdout", "captures", "cap[", "caps"}))
        return Source{"a file, a setting or a peer",
                      "resolved: " + quoted(input.text(), 40) + " is text from outside", 0.7};
    return {};
}

/// `text.parse::<Name>()` of a type of this repository that takes every text.
bool takesEveryText(const Call &call, const RuleInput &input)
{
    const Node type = call.node.field("function").field("type_arguments").firstNamedChild();
    if (call.name != "parse" || !type)
        return false;
    for (const rust::Function *function : input.model.methods(type.text(), "from_str")) {
        const Node impl = function->node.ancestor({"impl_item"});
        if (impl.text().find("Infallible") != std::string_view::npos)
            return true;
    }
    return false;
}

/// For a buffer only a comparison with what remains tells: that something remains is not enough, and for a
/// value of its own length no comparison is.
bool isComparedBefore(const Panic &panic, const std::vector<std::string> &places)
{
    const Node function = panic.node.ancestor({"function_item"});
    for (const Node node : function.field("body").descendants()) {
        if (node.index() >= panic.node.index())
            return false;
        const bool compares = node.is("binary_expression") &&
                              isOneOf(node.field("operator").text(), {"<", "<=", ">", ">=", "==", "!="});
        const bool ensures = mentions(rust::macroName(node), {"ensure", "assert", "check"});
        if ((compares || ensures) && mentionsPlace(node.text(), places) && rust::canReach(node, panic.node))
            return true;
    }
    return false;
}

/// The code asked before whether the value is there.
bool wasAsked(const Panic &panic, const rust::Function &function)
{
    const Call call = rust::toCall(rust::stripAdapters(panic.operand));
    const std::string place = call.isMethod() ? rust::placeText(call.receiver) : std::string();
    for (const Node &input : inputsOf(function)) {
        const std::string_view type = input.field("type").text();
        const bool buffer = type.starts_with("&mut") || type.find("Buf") != std::string_view::npos;
        if (buffer && !place.empty() && input.field("pattern").text() == place)
            return mentions(call.name, {"u8", "u16", "u32", "u64", "i32", "i64", "byte", "slice", "exact"}) &&
                   isComparedBefore(panic, {place});
    }
    return wasChecked(panic);
}

/// The first part of a split is always there; bytes that were cut to a fixed size are as many.
bool cannotMiss(const Call &call)
{
    const Node first = call.isMethod()          ? call.receiver
                       : call.arguments.empty() ? Node()
                                                : call.arguments.front();
    Node cut = rust::stripAdapters(first);
    if (const Call cursor = rust::toCall(cut);
        cursor.path.ends_with("Cursor::new") && cursor.arguments.size() == 1)
        cut = rust::stripAdapters(cursor.arguments.front());
    if (cut.is("index_expression") && cut.namedChildren().size() == 2 &&
        cut.namedChildren()[1].is("range_expression"))
        return true;
    // A vector of the parts of a split has one at least.
    if (isOneOf(call.name, {"pop", "last", "first"}) && cut.is("identifier") &&
        isWithin(rust::initialiserOf(cut).text(), {".split("}))
        return true;
    if (call.name != "next")
        return false;
    // Also through a variable, where nothing was taken before.
    const Node parts = rust::stripAdapters(call.receiver);
    const Call split = rust::toCall(parts.is("identifier") ? rust::initialiserOf(parts) : parts);
    if (!isOneOf(split.name, {"split", "splitn", "rsplit", "rsplitn"}))
        return false;
    const std::vector<Node> uses =
        parts.is("identifier") ? rust::usesOf(parts.text(), rust::bodyOf(parts)) : std::vector<Node>();
    return std::none_of(uses.begin(), uses.end(), [&](const Node &use) {
        return use.index() < parts.index() && use.index() > split.node.index();
    });
}

/// An early exit for what is empty or too short, and only the first or last piece is unwrapped.
bool wasTooShort(const Panic &panic, const rust::Function &function)
{
    const Call call = rust::toCall(rust::stripAdapters(panic.operand));
    if (!isOneOf(call.name, {"next", "next_back", "last", "first", "pop", "chars", "nth"}))
        return false;
    for (const Node &branch : function.body.descendants("if_expression")) {
        if (branch.index() < panic.node.index() && rust::diverges(branch.field("consequence")) &&
            mentions(branch.field("condition").text(), {"is_empty()", "len"}))
            return true;
    }
    return false;
}

/// The function has a way to refuse its input; others are called with what is known to be well formed.
bool saysNo(const rust::Function &function)
{
    return function.returnsResult() || function.returnType.text().starts_with("Option<");
}

/// How likely the operation itself fails on malformed input: reading text, a number, a record or more bytes
/// does; of the rest, most cannot fail for reasons that stand elsewhere.
double doubtOf(const Call &call, const rust::Function &function)
{
    const bool reads = isOneOf(call.name, {"from_utf8", "from_utf16", "from_slice", "from_reader", "from_str",
                                           "from_str_radix", "parse", "parse_from_rfc3339", "to_str",
                                           "decompress", "as_ref", "east_opt", "peer_addr"}) ||
                       call.name.starts_with("decode") || call.name.starts_with("deserialize") ||
                       call.name.starts_with("read") || call.name.starts_with("parse_");
    // A path that somebody names is mostly text.
    if (call.name == "to_str" && mentions(call.receiver.text(), {"path"}))
        return 0.75;
    const bool counted = call.name == "nth" && !call.arguments.empty() && isConstant(call.arguments.front());
    const bool takesPart =
        (call.name == "next" || counted) && call.isMethod() &&
        isWithin(std::string(call.receiver.text()) + std::string(rust::initialiserOf(call.receiver).text()),
                 {".split", ".lines()"});
    // The docs say that it panics, or that the text is checked.
    const bool declared = mentions(function.docs, {"panic"});
    return (reads || takesPart) && !declared ? 1 : 0.7;
}

std::optional<Source> sourceOf(const Panic &panic, const rust::Function &function)
{
    const Node operand = rust::stripAdapters(panic.operand);
    const Call call = rust::toCall(operand);
    if (!call || cannotMiss(call))
        return {};
    if (call.isMethod() && call.name == "peer_addr")
        return Source{"a peer", "resolved: `peer_addr` fails once the peer has closed the connection", 0.7};
    if (auto header = call.isMethod() ? ofHeader(call) : std::nullopt)
        return header;
    // After a `?` an Option is left, and what makes it is not said.
    if (panic.operand.is("try_expression"))
        return {};
    if (saysNo(function) && isDecoder(function) &&
        !isOneOf(call.name, {"try_into", "write", "write_all", "lock", "position", "len"}) &&
        !call.name.starts_with("push") && call.path.find("NonZero") == std::string::npos &&
        !isOwnText(operand.text()) &&
        comesFromInput(call.isMethod() ? call.receiver : operand, inputsOf(function)))
        return Source{"a peer or a file",
                      "resolved: " + quoted(operand.text(), 40) + " is taken from what " +
                          quoted(function.name, 30) + " decodes",
                      doubtOf(call, function) * (function.returnsResult() ? 1 : 0.9)};
    return ofText(call);
}

Draft makeDraft(const Panic &panic, const Source &source, const rust::Function &function)
{
    const std::string code = quoted(panic.operand.text(), 30);
    Draft draft;
    draft.at = panic.node;
    draft.title = fittingTitle({code + " panics on malformed input", "An unwrap panics on malformed input"});
    draft.steps = {
        {"input", source.what + " holds something else than is expected here", function.node},
        {"code", quoted(function.name, 26) + " panics at " + quoted(panic.node.text(), 40), panic.node}};
    draft.outcome = "Whoever writes the input can end the thread or task, as often as it likes.";
    draft.facts = {source.fact, "resolved: nothing in " + quoted(function.name, 30) + " checks it before"};
    draft.confidence = source.confidence;
    if (function.returnsResult() && rust::bodyOf(panic.node) == function.body &&
        rust::toCall(rust::stripAdapters(panic.operand)).name != "get")
        draft.edits = {{{panic.operand.bytes().end, panic.node.bytes().end}, "?"}};
    return draft;
}

} // namespace

void check_unwrap_on_outside_input(const RuleInput &input, Reporter &reporter)
{
    if (isTool(input.file))
        return;
    std::set<const rust::Function *> told;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const auto panic = unwrapAt(node);
        if (!panic)
            continue;
        const rust::Function *function = input.file.functionAt(node);
        if (!function || function->isTest || function->name == "main" || handlerOf(*function))
            continue;
        const auto source = sourceOf(*panic, *function);
        // What makes a request of a request goes out: it reads what this program has put there.
        const bool goesOut =
            source && source->what == "a request" && isWithin(function->returnType.text(), {"Request<"});
        if (!source || goesOut || takesEveryText(rust::toCall(rust::stripAdapters(panic->operand)), input) ||
            handsOnPanic(*panic) || givesReason(*panic) || cannotFail(*panic) ||
            wasAsked(*panic, *function) || wasTooShort(*panic, *function))
            continue;
        // Optional parts of a message: the first says it for the others.
        const bool part = rust::toCall(rust::stripAdapters(panic->operand)).name == "as_ref";
        if (part && !told.insert(function).second)
            continue;
        Draft draft = makeDraft(*panic, *source, *function);
        draft.confidence *= doubtOf(node, input.file) * (panic->name == "unwrap_or_else" ? 0.7 : 1);
        // A function without errors is mostly called with what is known to be well formed.
        if (!function->returnsResult() || rust::bodyOf(node) != function->body) {
            draft.facts.push_back("assumed: callers hand over what was not looked at before");
            draft.confidence *= 0.75;
        }
        // Whoever writes a message has thought of the failure, and mostly takes it for a mistake of its own.
        if (panic->name == "expect") {
            draft.facts.push_back("assumed: what the message says can happen");
            draft.confidence *= 0.75;
        }
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
