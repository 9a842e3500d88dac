// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/handlers.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

enum class Shape { Unknown, Option, Result };

/// The message inside the handler's request: `PutRequest` of `Request<PutRequest>`, when `base` is that
/// message.
const rust::Struct *messageOf(const Node &base, const Handler &handler, const RuleInput &input)
{
    Node value = rust::stripAdapters(base);
    if (value.is("identifier") && rust::initialiserOf(value))
        value = rust::stripAdapters(rust::initialiserOf(value));
    const Call call = rust::toCall(value);
    if (!isOneOf(call.name, {"into_inner", "get_ref", "get_mut"}))
        return nullptr;
    for (const Node &parameter : handler.inputs) {
        const rust::Type type = input.model.typeOf(parameter.field("type"), input.file);
        if (type.args.size() == 1 && rust::bindingOf(rust::stripAdapters(call.receiver)) == parameter)
            return input.model.findStruct(type.args.front().name(), input.file);
    }
    return nullptr;
}

/// The type of a field of the request's message; unknown for other expressions.
rust::Type typeOfField(const Node &operand, const Handler &handler, const RuleInput &input)
{
    const rust::Struct *message =
        operand.is("field_expression") ? messageOf(operand.field("value"), handler, input) : nullptr;
    if (!message)
        return {};
    for (const rust::Field &field : message->fields) {
        if (field.name == operand.field("field").text())
            return input.model.typeOf(field.type, *message->file);
    }
    return {};
}

/// Whether an Option or a Result is unwrapped: by its type, else by the method that made it.
Shape shapeOf(const Node &operand, const Handler &handler, const RuleInput &input)
{
    rust::Type type = typeOfField(operand, handler, input);
    if (!type.known())
        type = input.model.infer(operand, input.file);
    if (type.known() && !type.assumed)
        return type.name() == "Option"   ? Shape::Option
               : type.name() == "Result" ? Shape::Result
                                         : Shape::Unknown;
    const Call call = rust::toCall(operand);
    if (isOneOf(call.name,
                {"first", "last", "split_once", "strip_prefix", "checked_sub", "checked_add", "pop"}))
        return Shape::Option;
    if (isOneOf(call.name,
                {"parse", "try_into", "from_utf8", "try_from", "decode", "from_slice", "from_str"}))
        return Shape::Result;
    return Shape::Unknown;
}

/// What the answer calls the value: the last name of its place.
std::string nameOf(const Node &operand)
{
    Node node = operand;
    for (Call call = rust::toCall(node); call; call = rust::toCall(node)) {
        node = call.isMethod() ? call.receiver : call.arguments.empty() ? Node() : call.arguments.front();
        node = rust::stripAdapters(node);
    }
    const std::string place = rust::placeText(node);
    return place.substr(place.rfind('.') == std::string::npos ? 0 : place.rfind('.') + 1);
}

/// The unwrap becomes an answer with INVALID_ARGUMENT.
void answerInvalid(const Panic &panic, const Handler &handler, const RuleInput &input, Draft &draft)
{
    const bool unwraps = panic.kind == Panic::Kind::Unwrap || panic.kind == Panic::Kind::Expect;
    const bool status = handler.framework == "tonic" && handler.function->returnType &&
                        handler.function->returnType.text().find("Status") != std::string_view::npos;
    if (!unwraps || !status)
        return;
    const std::string prefix =
        input.file.resolve("Status").find("::") != std::string::npos ? "Status::" : "tonic::Status::";
    const Shape shape = shapeOf(panic.operand, handler, input);
    const std::string name = nameOf(rust::stripAdapters(panic.operand));
    if (shape == Shape::Unknown || name.empty())
        return;
    const std::string text =
        shape == Shape::Option
            ? ".ok_or_else(|| " + prefix + "invalid_argument(\"`" + name + "` is missing\"))?"
            : ".map_err(|error| " + prefix + "invalid_argument(error.to_string()))?";
    draft.edits.push_back({{panic.operand.bytes().end, panic.node.bytes().end}, text});
}

/// What the title says of a handler that was left unfinished: as a whole, or for some requests.
std::string titleOfStub(const std::string &code, const std::string &name, bool always)
{
    if (always)
        return fittingTitle(
            {"Every call of " + name + " panics: " + code, "Every call of " + name + " panics"});
    return fittingTitle({name + " panics on some requests: " + code, name + " panics on some requests"});
}

/// `value[ID_COLUMN]`: a name in brackets, which a JSON value answers with null.
bool isNamed(const Panic &panic, const RuleInput &input)
{
    if (panic.kind != Panic::Kind::Index || !panic.index.is("identifier") || rust::bindingOf(panic.index))
        return false;
    const std::string declared = "const " + std::string(panic.index.text()) + ": &";
    return std::ranges::any_of(input.model.sources(),
                               [&](const auto &source) { return source->contains(declared); });
}

Draft makeDraft(const Panic &panic, const Handler &handler, const RuleInput &input)
{
    const std::string code = quoted(panic.node.text(), 34);
    const std::string name = quoted(handler.function->name, 30);
    const bool stub = panic.kind == Panic::Kind::Macro;
    Draft draft;
    draft.at = panic.node;
    const bool always = stub && rust::blockOf(panic.node) == handler.function->body;
    draft.title = stub ? titleOfStub(code, name, always)
                       : fittingTitle({code + " panics on what the caller sent",
                                       "A handler panics on what the caller sent"});
    const std::string with = always ? ""
                             : stub ? " with a request that is not handled yet"
                                    : " with a value that is missing, malformed or out of range";
    draft.steps = {{"client", "calls " + name + with, handler.function->node},
                   {"server", "panics at " + code, panic.node}};
    draft.outcome =
        "The client gets a broken stream instead of an answer; locks held by the task are poisoned, and with "
        "`panic = \"abort\"` the process ends.";
    draft.evidence = {handler.inputs.front()};
    draft.facts = {"resolved: " + name + " is a handler of " + handler.framework + ", and " +
                       quoted(handler.inputs.front().text(), 50) + " comes from the caller",
                   stub ? "resolved: nothing answers before " + code
                        : "resolved: nothing in " + name + " checks the value before"};
    if (panic.kind == Panic::Kind::Index)
        draft.confidence = 0.9;
    answerInvalid(panic, handler, input, draft);
    return draft;
}

} // namespace

void check_remote_panic_in_handler(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        const auto handler = handlerOf(function);
        if (!handler)
            continue;
        for (const Panic &panic : remotePanicsIn(*handler)) {
            if (!isNamed(panic, input))
                reporter.report(makeDraft(panic, *handler, input));
        }
    }
}

} // namespace review::rules
