// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/remarks.h"
#include "review/rules/rule.h"
#include "review/rules/type_parameters.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace review::rules {
namespace {

using rust::Node;

/// Bounds of the standard library that do not bring Send or Sync with them. Any other trait may.
bool saysNothing(const std::string &bound)
{
    const std::string head = bound.substr(0, bound.find('<'));
    return bound.starts_with('\'') || head.starts_with("Fn") ||
           isOneOf(head, {"?Sized",
                          "Sized",
                          "Clone",
                          "Copy",
                          "Debug",
                          "Display",
                          "Default",
                          "Eq",
                          "PartialEq",
                          "Ord",
                          "PartialOrd",
                          "Hash",
                          "Unpin",
                          "Drop",
                          "Iterator",
                          "IntoIterator",
                          "AsRef",
                          "Borrow",
                          "Deref",
                          "DerefMut",
                          "From",
                          "Into",
                          "ToOwned",
                          "Read",
                          "Write",
                          "Future",
                          "Any",
                          "fmt::Debug",
                          "fmt::Display",
                          "std::fmt::Debug",
                          "std::fmt::Display"});
}

bool isBound(const TypeParameter &parameter)
{
    return !std::all_of(parameter.bounds.begin(), parameter.bounds.end(), saysNothing);
}

const rust::Field *holder(const rust::Struct &owner, std::string_view parameter, const rust::Model &model,
                          int depth = 0);

/// `Env<T>` where `T` is only a marker of `Env`: no value of it is inside.
bool isMarkerIn(const Node &type, std::string_view parameter, const rust::Struct &owner,
                const rust::Model &model, int depth)
{
    const rust::Struct *inner = type.is("generic_type") && depth < 3
                                    ? model.findStruct(type.field("type").text(), *owner.file)
                                    : nullptr;
    if (!inner || inner == &owner)
        return false;
    std::size_t index = 0;
    for (const Node &argument : type.field("type_arguments").namedChildren()) {
        if (argument.is("lifetime"))
            continue;
        if (namesParameter(argument, parameter) &&
            (index >= inner->generics.size() || holder(*inner, inner->generics[index], model, depth + 1)))
            return false;
        ++index;
    }
    return true;
}

/// The field that owns or points to values of the parameter; markers and functions do not.
const rust::Field *holder(const rust::Struct &owner, std::string_view parameter, const rust::Model &model,
                          int depth)
{
    for (const rust::Field &field : owner.fields) {
        const std::string type = compact(field.type.text());
        const std::string head = type.substr(0, type.find('<'));
        if (head.ends_with("PhantomData") || type.starts_with("fn(") || type.starts_with("unsafe") ||
            type.starts_with("extern"))
            continue;
        // An associated type of the parameter is another type, with bounds of its own.
        if (type.find(std::string(parameter) + "::") != std::string::npos)
            continue;
        if (namesParameter(field.type, parameter) && !isMarkerIn(field.type, parameter, owner, model, depth))
            return &field;
    }
    return nullptr;
}

/// What `&self` gives to other threads: a reference to the value, or the value itself.
struct Exposure {
    const rust::Function *function = nullptr;
    bool shares = false;
    bool moves = false;
};

Exposure exposureOf(const rust::Struct &owner, std::string_view parameter, const RuleInput &input)
{
    Exposure exposure;
    for (const rust::File *file : input.model.filesWithOwner(owner.name)) {
        for (const rust::Function &function : file->functions()) {
            if (function.selfType != owner.name || function.parameters.empty() ||
                !compact(function.parameters.front().pattern.text()).starts_with('&') ||
                compact(function.parameters.front().pattern.text()).find("mut") != std::string::npos)
                continue;
            if (function.traitName == "Drop" || function.traitName == "Debug")
                continue;
            const bool derefs = function.traitName == "Deref" || function.traitName == "AsRef";
            bool shares = derefs;
            bool moves = false;
            const auto look = [&](const Node &type) {
                if (!type || !namesParameter(type, parameter))
                    return;
                const std::string text = compact(type.text());
                const bool reference = text.find('&') != std::string::npos ||
                                       text.find("Fn") != std::string::npos ||
                                       text.find("Ref<") != std::string::npos;
                (reference ? shares : moves) = true;
            };
            look(function.returnType);
            for (std::size_t i = 1; i < function.parameters.size(); ++i)
                look(function.parameters[i].type);
            if ((shares || moves) && !exposure.function)
                exposure.function = &function;
            exposure.shares = exposure.shares || shares;
            exposure.moves = exposure.moves || moves;
        }
    }
    return exposure;
}

/// The struct's own name for an argument of the impl's type: `Wrapper<U>` for `struct Wrapper<T>`.
std::string genericOf(const rust::Struct &owner, const Node &implType, const std::string &argument)
{
    std::vector<std::string> arguments;
    for (const Node &node : implType.field("type_arguments").namedChildren()) {
        if (!node.isAny({"lifetime"}))
            arguments.push_back(compact(node.text()));
    }
    for (std::size_t i = 0; i < arguments.size() && i < owner.generics.size(); ++i) {
        if (arguments[i] == argument)
            return owner.generics[i];
    }
    return {};
}

void addBound(const TypeParameter &parameter, const std::string &bound, Draft &draft)
{
    const std::uint32_t end = parameter.node.bytes().end;
    if (parameter.node.text().find('=') != std::string_view::npos)
        return;
    const bool bounded = parameter.node.text().find(':') != std::string_view::npos;
    draft.edits.push_back({{end, end}, (bounded ? " + " : ": ") + bound});
}

/// A parameter that values of the type are reached through, and what it lacks.
struct Lack {
    TypeParameter parameter;
    const rust::Field *field = nullptr;
    Exposure exposure;
    std::string bound; ///< "Send", "Sync", "Send + Sync"
};

std::vector<Lack> lacksOf(const rust::Impl &impl, const rust::Struct &owner, const RuleInput &input)
{
    std::vector<Lack> lacks;
    for (TypeParameter &parameter : typeParametersOf(impl.node)) {
        const std::string generic = genericOf(owner, impl.node.field("type"), parameter.name);
        const rust::Field *field =
            generic.empty() || isBound(parameter) ? nullptr : holder(owner, generic, input.model);
        if (!field)
            continue;
        Lack lack{std::move(parameter), field, {}, "Send"};
        if (impl.traitName == "Sync") {
            lack.exposure = exposureOf(owner, generic, input);
            if (!lack.exposure.function)
                continue;
            if (lack.exposure.shares)
                lack.bound = lack.exposure.moves ? "Send + Sync" : "Sync";
        } else if (compact(field->type.text()).starts_with('&')) {
            lack.bound = "Sync";
        }
        lacks.push_back(std::move(lack));
    }
    return lacks;
}

void describe(const Lack &lack, const rust::Impl &impl, Draft &draft)
{
    draft.evidence.push_back(lack.field->node);
    draft.facts.push_back("resolved: field " + quoted(lack.field->name, 30) + " of `" + impl.typeName +
                          "` is " + quoted(lack.field->type.text(), 50));
    if (lack.exposure.function) {
        draft.evidence.push_back(lack.exposure.function->node);
        draft.facts.push_back("resolved: `" + lack.exposure.function->path() +
                              "` hands the value out through `&self`");
    }
    if (!lack.parameter.bounds.empty())
        draft.facts.push_back("resolved: no bound on `" + lack.parameter.name + "` brings " + lack.bound);
    addBound(lack.parameter, lack.bound, draft);
}

/// `impl<T: Copy + Send> Ring<T>`, `where T: Send`: the bound stands between the name and the next comma.
bool asksSend(std::string_view signature, const std::string &parameter)
{
    const std::string text = compact(signature);
    for (std::size_t at = text.find(parameter + ":"); at != std::string::npos;
         at = text.find(parameter + ":", at + 1)) {
        if (text.substr(at, text.find_first_of(",>{", at) - at).find("Send") != std::string::npos)
            return true;
    }
    return false;
}

/// Whoever makes such a value has a parameter that is Send: a block of its methods asks for it, or a function
/// that returns one.
bool isMadeOfSend(const rust::Impl &impl, const std::string &parameter, const RuleInput &input)
{
    const auto signature = [](const Node &node, const Node &body) {
        return node.text().substr(0, body ? body.bytes().begin - node.bytes().begin : node.text().size());
    };
    for (const rust::Impl &other : input.file.impls()) {
        if (other.typeName == impl.typeName && other.traitName.empty() &&
            asksSend(signature(other.node, other.node.field("body")), parameter))
            return true;
    }
    for (const rust::Function &function : input.file.functions()) {
        const bool makes = (function.selfType == impl.typeName && function.name == "new") ||
                           function.returnType.text().find(impl.typeName + "<") != std::string_view::npos;
        if (makes && signature(function.node, function.body).find("Send") != std::string_view::npos)
            return true;
    }
    return false;
}

/// How sure it is that safe code of others gets at the type. A type of this module's own, one that is called
/// unsafe and one whose impl gives a reason may be used with care.
double reachOf(const rust::Impl &impl, const rust::Struct &owner, Draft &draft)
{
    if (!compact(owner.node.text()).starts_with("pubstruct") ||
        mentions(std::string(owner.node.ancestor({"mod_item"}).field("name").text()), {"private"})) {
        draft.facts.push_back("assumed: values of `" + owner.name + "` get out of this crate");
        return 0.65;
    }
    if (mentions(owner.name, {"unsafe", "ignore", "assert", "fake", "sendwrapper", "syncwrapper", "sendptr",
                              "syncptr", "rawptr"}) ||
        !remarkOn(impl.node).empty()) {
        draft.facts.push_back("assumed: the reason that the authors give does not hold");
        return 0.65;
    }
    return 1;
}

std::optional<Draft> draftFor(const rust::Impl &impl, const RuleInput &input)
{
    const rust::Struct *owner = input.model.findStruct(impl.typeName, input.file);
    if (!owner || impl.node.text().find("impl !") != std::string_view::npos)
        return {};
    const std::vector<Lack> lacks = lacksOf(impl, *owner, input);
    if (lacks.empty() || isMadeOfSend(impl, lacks.front().parameter.name, input))
        return {};
    const std::string type = quoted(impl.node.field("type").text(), 40);
    std::string missing = "`" + lacks.front().parameter.name + ": " + lacks.front().bound + "`";
    if (lacks.size() > 1)
        missing += " and others";
    Draft draft;
    draft.at = impl.node;
    draft.title =
        fittingTitle({"`unsafe impl " + impl.traitName + "` for " + type + " lacks " + missing,
                      "`unsafe impl " + impl.traitName + "` for `" + impl.typeName + "` lacks " + missing,
                      "A manual `" + impl.traitName + "` lacks the bound " + missing});
    draft.steps = {
        {"thread A", "puts a value that must stay on one thread into " + type, lacks.front().field->node},
        {"thread B",
         impl.traitName == "Sync" ? "reaches the same value through a shared reference"
                                  : "gets the value, which the compiler allows",
         impl.node}};
    draft.outcome = "Both threads use the value without synchronisation: a data race from safe code.";
    for (const Lack &lack : lacks)
        describe(lack, impl, draft);
    draft.confidence = reachOf(impl, *owner, draft);
    // `SyncPointer<T>(*const T)` is there to take a pointer to other threads, and says so.
    if (impl.typeName.starts_with("Sync") || impl.typeName.starts_with("Send") ||
        impl.typeName.starts_with("Unsafe")) {
        draft.facts.push_back("assumed: who makes such a value does not see to its threads");
        draft.confidence *= 0.65;
    }
    return draft;
}

/// `Send` and `Sync` of one type are one finding, told at the first of the two.
void addTo(Draft &first, Draft twin, const rust::Impl &impl)
{
    first.facts.push_back("resolved: its `" + impl.traitName + "` lacks a bound too");
    first.evidence.push_back(twin.at);
    first.edits.insert(first.edits.end(), twin.edits.begin(), twin.edits.end());
    first.confidence = std::max(first.confidence, twin.confidence);
}

} // namespace

void check_unsafe_send_sync_bounds(const RuleInput &input, Reporter &reporter)
{
    std::vector<std::pair<std::string, Draft>> told;
    for (const rust::Impl &impl : input.file.impls()) {
        if (!impl.isUnsafe || !isOneOf(impl.traitName, {"Send", "Sync"}))
            continue;
        auto draft = draftFor(impl, input);
        if (!draft)
            continue;
        const auto twin = std::find_if(told.begin(), told.end(),
                                       [&](const auto &each) { return each.first == impl.typeName; });
        if (twin == told.end())
            told.emplace_back(impl.typeName, std::move(*draft));
        else
            addTo(twin->second, std::move(*draft), impl);
    }
    for (auto &[name, draft] : told)
        reporter.report(std::move(draft));
}

} // namespace review::rules
