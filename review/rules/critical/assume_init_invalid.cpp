// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/raw_memory.h"
#include "review/rules/rule.h"
#include "review/rules/type_parameters.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <array>
#include <utility>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// A type for which no bytes at all are needed to be valid.
bool mayBeUninit(const std::string &type)
{
    return type.find("MaybeUninit") != std::string::npos || type.find("ManuallyDrop") != std::string::npos ||
           type == "()" || type == "<()>";
}

/// The parameter is all that the text says of the type, or what it repeats.
bool isGeneric(const std::string &type, const Node &at)
{
    const std::vector<TypeParameter> parameters = typeParametersAround(at);
    return std::any_of(parameters.begin(), parameters.end(), [&](const TypeParameter &parameter) {
        return type == parameter.name || type == "<" + parameter.name + ">" ||
               type.find("<" + parameter.name + ">") != std::string::npos ||
               type.starts_with("[" + parameter.name + ";");
    });
}

/// Types for which zero bytes are no value.
bool hasNoZero(std::string type)
{
    if (type.starts_with('<'))
        type.erase(0, 1);
    const auto starts = [&](std::string_view head) { return type.starts_with(head); };
    constexpr std::array<std::string_view, 10> heads{"&",   "fn(",  "extern", "Box<",     "Arc<",
                                                     "Rc<", "Vec<", "String", "NonNull<", "NonZero"};
    return std::any_of(heads.begin(), heads.end(), starts);
}

/// `MaybeUninit::uninit()`, or a variable that is one and that nobody wrote to.
bool isUntouched(const Node &receiver, const Node &use)
{
    if (rust::toCall(receiver).path.ends_with("MaybeUninit::uninit"))
        return true;
    const Node value = rust::initialiserOf(receiver);
    if (!rust::toCall(value).path.ends_with("MaybeUninit::uninit"))
        return false;
    const Node body = rust::bodyOf(use);
    const std::vector<Node> uses = rust::usesOf(receiver.text(), body);
    return uses.size() == 1 && uses.front() == receiver &&
           body.text().find("&mut " + std::string(receiver.text())) == std::string_view::npos &&
           body.text().find(std::string(receiver.text()) + ".as_mut_ptr(") == std::string_view::npos &&
           body.text().find(std::string(receiver.text()) + ".write(") == std::string_view::npos;
}

Draft makeDraft(const Node &at, const std::string &what, const std::string &type)
{
    Draft draft;
    draft.at = at;
    draft.title = fittingTitle({quoted(at.text(), 40) + " " + what, "A value " + what});
    draft.steps = {{"thread", "makes a value without writing its bytes", at},
                   {"thread", "moves, compares or drops it as if it were one", at}};
    draft.outcome = "The behaviour is undefined from the moment the value exists, used or not; dropping it "
                    "frees whatever the bytes happen to say.";
    if (!type.empty())
        draft.facts.push_back("resolved: the type is written as " + quoted(type, 40));
    return draft;
}

void checkUninit(const Node &node, const RuleInput &input, Reporter &reporter)
{
    const std::string type = writtenTypeOf(node, input);
    if (mayBeUninit(type) || rust::statementOf(node).text().find("ManuallyDrop") != std::string_view::npos)
        return;
    Draft draft = makeDraft(node, "is a value that was never initialised", type);
    // Out parameters of C functions are the harmless end of it.
    const bool plain = type.empty() || type.find("libc::") != std::string::npos || type.starts_with("[u8;") ||
                       type.starts_with("<[u8;") || type.find("_t") != std::string::npos;
    if (!isGeneric(type, node) && plain) {
        draft.confidence = 0.6;
        draft.facts.push_back("assumed: the type is not one of `MaybeUninit`s only");
    }
    reporter.report(std::move(draft));
}

void checkZeroed(const Node &node, const RuleInput &input, Reporter &reporter)
{
    const std::string type = writtenTypeOf(node, input);
    if (mayBeUninit(type) || (!hasNoZero(type) && !isGeneric(type, node)))
        return;
    Draft draft = makeDraft(node, "may be no valid value of its type", type);
    if (!hasNoZero(type)) {
        const auto allowsZero = [](const TypeParameter &parameter) {
            return parameter.has("Pod") || parameter.has("Zeroable") || parameter.has("FromBytes") ||
                   parameter.has("Copy") || parameter.has("Primitive") || parameter.has("AnyBitPattern");
        };
        const std::vector<TypeParameter> parameters = typeParametersAround(node);
        if (std::any_of(parameters.begin(), parameters.end(), allowsZero))
            return;
        draft.confidence = 0.7;
        draft.facts.push_back("assumed: callers may use a type for which zero bytes are no value");
    }
    reporter.report(std::move(draft));
}

/// `mem::uninitialized()` in what a `macro_rules!` writes, for types of the callers' choice.
void checkMacros(const RuleInput &input, Reporter &reporter)
{
    for (const Node &macro : input.file.root().descendants("macro_definition")) {
        for (const Node &name : macro.descendants("identifier")) {
            const std::string_view before =
                std::string_view(macro.tree()->text()).substr(0, name.bytes().begin);
            if (name.text() != "uninitialized" || !before.ends_with("mem::") || input.file.isTest(name))
                continue;
            Draft draft = makeDraft(name, "makes a value that was never initialised", {});
            draft.facts = {"resolved: the macro writes it for types that its callers choose"};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace

void check_assume_init_invalid(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("assume_init()") && !tree.contains("uninitialized") && !tree.contains("zeroed"))
        return;
    checkMacros(input, reporter);
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (!isOneOf(call.name, {"assume_init", "uninitialized", "zeroed"}) || input.file.isTest(node))
            continue;
        if (call.name == "assume_init") {
            if (call.isMethod() && isUntouched(call.receiver, node)) {
                std::string type = writtenTypeOf(call.receiver, input);
                if (type.empty() || type.find('<') == std::string::npos)
                    type = writtenTypeOf(node, input);
                // A type without bytes has nothing to be initialised.
                const rust::Function *function = input.file.functionAt(node);
                const bool empty =
                    function && compact(function->body.text()).find(">(),0)") != std::string::npos;
                if (!mayBeUninit(type) && !empty) {
                    Draft draft = makeDraft(node, "is a value that was never initialised", type);
                    draft.confidence = type.empty() ? 0.6 : 1.0;
                    reporter.report(std::move(draft));
                }
            }
        } else if (callsStd(call, "mem::uninitialized", input.file)) {
            checkUninit(node, input, reporter);
        } else if (callsStd(call, "mem::zeroed", input.file)) {
            checkZeroed(node, input, reporter);
        }
    }
}

} // namespace review::rules
