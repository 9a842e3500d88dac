// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/checks.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

/// Bytes a `Buf::get_…` takes; 0 for those that take as many as they are told, nothing for other methods.
std::optional<unsigned> bytesTaken(std::string_view method)
{
    constexpr std::array<std::string_view, 6> variable{"copy_to_slice", "copy_to_bytes", "advance",
                                                       "split_to",      "get_uint",      "get_int"};
    if (std::find(variable.begin(), variable.end(), method) != variable.end())
        return 0;
    if (!method.starts_with("get_"))
        return std::nullopt;
    std::string_view type = method.substr(4);
    if (type.ends_with("_le") || type.ends_with("_ne"))
        type.remove_suffix(3);
    if (type.size() < 2 || std::string_view("uif").find(type[0]) == std::string_view::npos)
        return std::nullopt;
    unsigned bits = 0;
    for (const char c : type.substr(1)) {
        if (!std::isdigit(static_cast<unsigned char>(c)))
            return std::nullopt;
        bits = bits * 10 + static_cast<unsigned>(c - '0');
    }
    return bits == 0 || bits > 128 ? std::nullopt : std::optional(bits / 8);
}

constexpr std::array<std::string_view, 12> checks{"remaining", "has_remaining", "len",      "is_empty",
                                                  "chunk",     "chunks",        "split_to", "try_into",
                                                  "first",     "get",           "last",     "starts_with"};
constexpr std::array<std::string_view, 8> checkingWords{"check",     "ensure", "need",     "require",
                                                        "remaining", "expect", "at_least", "enough"};

/// What makes a receiver a buffer that panics when it runs dry.
struct Buffer {
    std::string fact;
    bool assumed = false;
};

bool isBufBound(const rust::Function &function, std::string_view typeName)
{
    const std::string_view text =
        function.node.text().substr(0, function.body.bytes().begin - function.node.bytes().begin);
    const std::size_t name = text.find(std::string(typeName) + ": ");
    return name != std::string_view::npos && text.substr(name, 60).find("Buf") != std::string_view::npos;
}

std::optional<Buffer> bufferOf(const rust::Call &call, const rust::Function &function, const RuleInput &input)
{
    const std::string place = quoted(rust::placeText(call.receiver), 24);
    const rust::Type type = input.model.infer(call.receiver, input.file);
    const rust::Type &peeled = type.peeled();
    const bool isSlice = peeled.is("[]") && peeled.args.size() == 1;
    if (peeled.name() == "Bytes" || peeled.name() == "BytesMut" || isSlice)
        return Buffer{"resolved: " + place + " is a `" + (isSlice ? "&[u8]" : std::string(peeled.name())) +
                          '`',
                      type.assumed};
    const bool isImpl = (peeled.is("impl") || peeled.is("dyn")) && !peeled.args.empty() &&
                        peeled.args.front().name().starts_with("Buf") &&
                        peeled.args.front().name() != "BufRead";
    if (isImpl || (type.known() && isBufBound(function, peeled.name())))
        return Buffer{"resolved: " + place + " is a `bytes::Buf`", type.assumed};
    return std::nullopt;
}

/// The place the buffer is known by: `buf` of `buf`, `&mut buf`, `self.buf`.
bool namesPlace(std::string_view text, const std::string &place)
{
    const std::size_t found = text.find(place);
    return found != std::string_view::npos;
}

bool isCheck(const rust::Call &call, const std::string &place)
{
    if (call.isMethod() && rust::placeText(call.receiver) == place)
        return std::find(checks.begin(), checks.end(), call.name) != checks.end();
    const bool checksByName =
        std::any_of(checkingWords.begin(), checkingWords.end(),
                    [&](std::string_view word) { return call.name.find(word) != std::string_view::npos; });
    return checksByName &&
           std::any_of(call.arguments.begin(), call.arguments.end(),
                       [&](const rust::Node &argument) { return namesPlace(argument.text(), place); });
}

/// The names that a variable's value was made from, through calls as well: "bytes" and "text" of `buffer`
/// after `let bytes = from_hex(text); let buffer = Bytes::from(bytes);`
std::vector<std::string> namesBehind(const rust::Node &name)
{
    std::vector<std::string> names;
    std::vector<rust::Node> open{name};
    for (std::size_t i = 0; i < open.size() && open.size() < 24; ++i) {
        const rust::Node value = open[i].is("identifier") ? rust::initialiserOf(open[i]) : rust::Node();
        names.emplace_back(open[i].text());
        if (value.is("identifier"))
            open.push_back(value);
        for (const rust::Node &part : value ? value.descendants("identifier") : std::vector<rust::Node>())
            open.push_back(part);
    }
    return names;
}

/// The text in front of the read looks at how much is left, in any way.
bool isChecked(const rust::Call &read, const std::string &place, const rust::Function &function)
{
    // `let mut reader = buf;` after `buf.len()` was looked at.
    const rust::Node name = rust::stripAdapters(read.receiver);
    rust::Node source = name.is("identifier") ? rust::stripAdapters(rust::initialiserOf(name)) : rust::Node();
    if (const rust::Call copy = rust::toCall(source); copy.isMethod() && copy.name == "clone")
        source = rust::stripAdapters(copy.receiver);
    const std::string whole = source.is("identifier") ? std::string(source.text()) : std::string();
    const std::vector<std::string> madeOf = namesBehind(name);
    for (const rust::Call &call : rust::callsIn(function.body)) {
        if (call.node.bytes().begin < read.node.bytes().begin &&
            (isCheck(call, place) || (!whole.empty() && isCheck(call, whole)) ||
             (call.name.starts_with("valid") && mentionsPlace(call.node.text(), madeOf))))
            return true;
    }
    // `read_uuid(&mut &*body)?` before `body.advance(16)`: a copy of the view was read first.
    for (const rust::Node &copy : function.body.descendants("let_declaration")) {
        if (copy.bytes().begin < read.node.bytes().begin &&
            compact(copy.field("value").text()) == "&mut&*" + place)
            return true;
    }
    // In the conditions of a match guard or a while loop around it.
    const rust::Node loop = rust::loopAround(read.node);
    return loop && namesPlace(loop.field("condition").text(), place);
}

/// Only this file's callers decide about a private function: one that checks first is taken as the rule for
/// all.
bool callersCheck(const rust::Function &function, const RuleInput &input)
{
    for (const rust::Function &caller : input.file.functions()) {
        if (!caller.body || caller.node == function.node)
            continue;
        const std::string_view text = caller.body.text();
        if (text.find(function.name + "(") == std::string_view::npos)
            continue;
        for (const std::string_view word : {".remaining()", ".has_remaining()", ".len()", ".is_empty()"}) {
            const std::size_t check = text.find(word);
            if (check != std::string_view::npos && check < text.find(function.name + "("))
                return true;
        }
    }
    return false;
}

/// The buffer was made here with a size of its own, so it does not run dry by surprise.
bool isFixedCut(const rust::Node &expression)
{
    const rust::Node cut = rust::stripAdapters(expression);
    return cut.is("index_expression") && cut.namedChildren().back().is("range_expression") &&
           cut.namedChildren().back().namedChildren().size() == 2;
}

bool hasOwnSize(const rust::Node &receiver)
{
    const rust::Node initialiser = rust::initialiserOf(rust::stripAdapters(receiver));
    // `&data[8..16]` panics by itself or is as long as it says.
    if (isFixedCut(receiver) || isFixedCut(initialiser))
        return true;
    // `&header[..]` of `let mut header = [0u8; HEADER_SIZE];`
    const rust::Node whole = rust::stripAdapters(initialiser);
    const rust::Node array = whole.is("index_expression") ? whole.namedChildren().front() : whole;
    if (array.is("identifier") && rust::initialiserOf(array).is("array_expression"))
        return true;
    if (!initialiser)
        return false;
    // `socket.read(4).await?` gives four bytes or fails.
    for (const rust::Call &call : rust::callsIn(initialiser)) {
        if (isOneOf(call.name, {"read", "read_exact"}) && call.arguments.size() == 1 &&
            isConstant(call.arguments.front()))
            return true;
    }
    const std::string_view text = initialiser.text();
    for (const std::string_view word : {"split_to", "copy_to_bytes", "vec!", "[0", "from_static",
                                        "with_capacity", "to_be_bytes", "slice("}) {
        if (text.find(word) != std::string_view::npos)
            return true;
    }
    return false;
}

/// A private helper goes on in a buffer that its caller has begun, and may have measured.
bool goesOnForCaller(const rust::Function &function, const rust::Node &receiver)
{
    const rust::Node binding = rust::bindingOf(rust::stripAdapters(receiver));
    const bool shown = function.isPublic && !function.node.text().starts_with("pub(");
    return !shown && function.traitName.empty() && binding.is("parameter") &&
           binding.field("type").text().starts_with("&mut");
}

/// How much is taken is fixed or was itself decoded; a length worked out some other way may have been checked
/// on that way.
bool takesWhatItIsTold(const rust::Call &call)
{
    if (*bytesTaken(call.name) > 0 || call.name == "copy_to_slice" || call.arguments.empty())
        return true;
    const rust::Node length = rust::stripAdapters(call.arguments.back());
    const rust::Node initialiser = rust::initialiserOf(length);
    const std::string_view text = initialiser ? initialiser.text() : length.text();
    return length.is("integer_literal") || text.find(".get_u") != std::string_view::npos;
}

/// What this program itself has put away: a value of its store, the state of an operator.
bool isOwnRecord(const rust::Function &function, const rust::Node &receiver)
{
    const rust::Node initialiser = rust::initialiserOf(rust::stripAdapters(receiver));
    std::string origin(initialiser.text());
    for (const rust::Node &name :
         initialiser ? initialiser.descendants("identifier") : std::vector<rust::Node>())
        origin += rust::initialiserOf(name).text();
    return mentions(function.name, {"state", "restore", "reload", "legacy"}) ||
           mentions(origin, {".get(", ".get_"});
}

/// A whole message that its reader has cut off by the length in its head: `fn from_bytes(mut bytes: Bytes)`.
/// Only a peer that breaks its own protocol sends one that is shorter inside.
bool isWholeMessage(const rust::Function &function, const rust::Node &receiver)
{
    const rust::Node binding = rust::bindingOf(rust::stripAdapters(receiver));
    return !function.traitName.empty() && binding.is("parameter") &&
           isOneOf(compact(binding.field("type").text()), {"Bytes", "bytes::Bytes", "BytesMut"});
}

struct Reads {
    std::vector<rust::Call> calls;
    Buffer buffer;
};

void reportReads(const std::string &place, const Reads &reads, const rust::Function &function,
                 const RuleInput &input, Reporter &reporter)
{
    const rust::Call &first = reads.calls.front();
    const std::string name = quoted(first.name, 20);
    Draft draft;
    draft.at = first.node;
    draft.title = name + " reads " + quoted(place, 16) + " without a check of what remains";
    draft.steps = {{"input", "ends early: a message cut short, a torn write, a hostile peer", function.node},
                   {"decoder", name + " asks for more bytes than there are and panics", first.node}};
    draft.outcome =
        "One short input takes down the task that decodes it, and with it the connection or the node.";
    for (std::size_t i = 1; i < std::min<std::size_t>(reads.calls.size(), 4); ++i)
        draft.evidence.push_back(reads.calls[i].node);
    draft.facts = {reads.buffer.fact, "resolved: nothing before it in " + quoted(function.path(), 40) +
                                          " asks how much of " + quoted(place, 24) + " is left"};
    draft.confidence = (reads.buffer.assumed ? 0.65 : 1) * doubtOf(first.node, input.file);
    if (goesOnForCaller(function, first.receiver)) {
        draft.facts.push_back("assumed: no caller has looked how much is left");
        draft.confidence *= 0.7;
    }
    if (isWholeMessage(function, first.receiver)) {
        draft.facts.push_back("assumed: the peer breaks its protocol inside a message of the right length");
        draft.confidence *= 0.7;
    }
    if (isOwnRecord(function, first.receiver)) {
        draft.facts.push_back("assumed: what this program has stored itself can be damaged");
        draft.confidence *= 0.7;
    }

    unsigned total = 0;
    bool isStraight = true;
    const rust::Node statement = rust::statementOf(first.node);
    for (const rust::Call &call : reads.calls) {
        const unsigned bytes = *bytesTaken(call.name);
        isStraight = isStraight && bytes > 0 && rust::blockOf(call.node) == rust::blockOf(first.node);
        total += bytes;
    }
    if (isStraight && statement && function.returnType.text().starts_with("Option<") &&
        rust::blockOf(first.node) == function.body) {
        const std::string left =
            input.model.infer(first.receiver, input.file).peeled().is("[]") ? ".len()" : ".remaining()";
        const std::string indent = indentOf(statement);
        const std::uint32_t start = statement.bytes().begin;
        draft.edits.push_back({{start, start},
                               "if " + place + left + " < " + std::to_string(total) + " {\n" + indent +
                                   "    return None;\n" + indent + "}\n" + indent});
    }
    reporter.report(std::move(draft));
}

void checkFunction(const rust::Function &function, const RuleInput &input, Reporter &reporter)
{
    std::map<std::string, Reads> byPlace;
    std::vector<std::string> order;
    for (const rust::Call &call : rust::callsIn(function.body)) {
        if (!call.isMethod() || !bytesTaken(call.name))
            continue;
        const std::string place = rust::placeText(call.receiver);
        if (place.empty() || isChecked(call, place, function) || hasOwnSize(call.receiver) ||
            !takesWhatItIsTold(call))
            continue;
        const auto buffer = bufferOf(call, function, input);
        if (!buffer || input.file.functionAt(call.node) != &function)
            continue;
        Reads &reads = byPlace[place];
        if (reads.calls.empty())
            order.push_back(place);
        reads.buffer = *buffer;
        reads.calls.push_back(call);
    }
    if (order.empty() || (!function.isPublic && callersCheck(function, input)))
        return;
    for (const std::string &place : order)
        reportReads(place, byPlace[place], function, input, reporter);
}

} // namespace

void check_decode_without_remaining(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        if (function.body)
            checkFunction(function, input, reporter);
    }
}

} // namespace review::rules
