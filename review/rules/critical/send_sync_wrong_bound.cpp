// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rules/type_parameters.h"

#include <algorithm>
#include <string>

namespace review::rules {
namespace {

using rust::Node;

/// What values of a type give to the thread that has them, for one type parameter.
struct Gives {
    Node shared;    ///< `&T` from `&self`, or from an iterator
    Node exclusive; ///< `&mut T`: then it is like owning the value
    Node taken;     ///< moves a T in or out through `&self`
};

bool isWithin(const std::string &type, const std::string &parameter)
{
    // `Option<T>`, `Result<T, E>` and `Poll<Option<T>>` are the value itself; `Iter<'_, T>` is not.
    std::string core = type;
    for (const std::string_view head : {"Option<", "Result<", "Poll<", "Box<"}) {
        if (core.starts_with(head))
            core.erase(0, head.size());
    }
    return core == parameter || core.starts_with(parameter + ">") || core.starts_with(parameter + ",");
}

std::string withoutLifetimes(std::string type)
{
    for (std::size_t at = type.find("&'"); at != std::string::npos; at = type.find("&'", at)) {
        std::size_t end = at + 2;
        while (end < type.size() && (std::isalnum(static_cast<unsigned char>(type[end])) || type[end] == '_'))
            ++end;
        // Without white space `&'a mut T` reads `&'amutT`: the lifetime swallowed what follows.
        type.erase(at + 1, end - at - 1);
        ++at;
    }
    return type;
}

/// The text of a type with one blank after a lifetime, lifetimes of references left out.
std::string plain(const Node &type)
{
    std::string text;
    for (const char c : type.text()) {
        if (c == ' ' || c == '\n' || c == '\t')
            text += (!text.empty() && text.back() != ' ') ? " " : "";
        else
            text += c;
    }
    text = withoutLifetimes(text);
    for (std::size_t at = text.find("& "); at != std::string::npos; at = text.find("& ", at))
        text.erase(at + 1, 1);
    return text;
}

bool shares(const std::string &type, const std::string &parameter)
{
    const std::size_t at = type.find("&" + parameter);
    if (at == std::string::npos)
        return false;
    const std::size_t end = at + 1 + parameter.size();
    return end == type.size() || !(std::isalnum(static_cast<unsigned char>(type[end])) || type[end] == '_');
}

void lookAtFunction(const rust::Function &function, const std::string &parameter, Gives &gives)
{
    if (function.parameters.empty() || function.isUnsafe || isOneOf(function.traitName, {"Drop", "Debug"}))
        return;
    const std::string self = compact(function.parameters.front().pattern.text());
    const std::string returned = function.returnType ? plain(function.returnType) : std::string();
    const bool bySharedSelf = self.starts_with('&') && self.find("mut") == std::string::npos;
    const auto isExclusive = [&](const std::string &type) {
        return type.find("&mut " + parameter) != std::string::npos ||
               type.find("Pin<&mut") != std::string::npos;
    };
    if (isExclusive(returned) && !gives.exclusive)
        gives.exclusive = function.node;
    if (!bySharedSelf)
        return;
    if (shares(returned, parameter) && !gives.shared)
        gives.shared = function.node;
    bool takes = isWithin(returned, parameter);
    for (std::size_t i = 1; i < function.parameters.size(); ++i)
        takes = takes || (function.parameters[i].type && plain(function.parameters[i].type) == parameter);
    if (takes && !gives.taken && function.isPublic)
        gives.taken = function.node;
}

/// `type Item = &'a T`, `type Target = T` of the impls of the type.
void lookAtTraits(const rust::Struct &owner, const std::string &parameter, const RuleInput &input,
                  Gives &gives)
{
    for (const rust::File *file : input.model.filesWithOwner(owner.name)) {
        for (const rust::Impl &impl : file->impls()) {
            if (impl.typeName != owner.name)
                continue;
            if (impl.traitName == "DerefMut" || impl.traitName == "AsMut")
                gives.exclusive = impl.node;
            if (impl.traitName != "Deref" && impl.traitName != "Iterator" && impl.traitName != "Stream")
                continue;
            for (const Node &item : impl.node.field("body").namedChildren()) {
                if (!item.is("type_item") && !item.is("associated_type"))
                    continue;
                const std::string type = plain(item.field("type"));
                if (impl.traitName == "Deref" ? type == parameter : shares(type, parameter))
                    gives.shared = item;
                if (type.find("&mut") != std::string::npos)
                    gives.exclusive = item;
            }
        }
    }
}

Gives givesOf(const rust::Struct &owner, const std::string &parameter, const RuleInput &input)
{
    Gives gives;
    for (const rust::Function &function : owner.file->functions()) {
        if (function.selfType == owner.name)
            lookAtFunction(function, parameter, gives);
    }
    lookAtTraits(owner, parameter, input, gives);
    return gives;
}

/// The impl's bound says less than what the type gives away needs.
void checkParameter(const rust::Impl &impl, const rust::Struct &owner, const TypeParameter &parameter,
                    const RuleInput &input, Reporter &reporter)
{
    const bool hasSend = parameter.has("Send");
    const bool hasSync = parameter.has("Sync");
    if (hasSend == hasSync)
        return; // unsafe-send-sync-bounds looks at those without any
    const Gives gives = givesOf(owner, parameter.name, input);
    // The struct's own bound holds wherever there is a value.
    for (const TypeParameter &own : typeParametersOf(owner.node)) {
        if (own.name == parameter.name && (own.has("Send") || own.has("Sync")))
            return;
    }
    std::string needs;
    Node at;
    if (impl.traitName == "Send" && hasSend && gives.shared && !gives.exclusive && !gives.taken) {
        const bool borrows = std::any_of(owner.fields.begin(), owner.fields.end(), [&](const auto &field) {
            const std::string type = plain(field.type);
            return type.find('&') != std::string::npos && type.find("&mut") == std::string::npos &&
                   namesParameter(field.type, parameter.name);
        });
        // It has the value itself, and a borrow only in name.
        const bool owns = std::any_of(owner.fields.begin(), owner.fields.end(),
                                      [&](const auto &field) { return plain(field.type) == parameter.name; });
        const bool keepsLocked = mentions(owner.name, {"guard", "mutex", "lock"});
        if (!borrows || owns || (keepsLocked && !mentions(owner.name, {"read", "shared"})))
            return;
        needs = "Sync";
        at = gives.shared;
    } else if (impl.traitName == "Sync" && hasSend && gives.shared) {
        needs = "Sync";
        at = gives.shared;
    } else if (impl.traitName == "Sync" && hasSync && gives.taken) {
        needs = "Send";
        at = gives.taken;
    }
    if (needs.empty())
        return;
    const std::string has = hasSend ? "Send" : "Sync";
    Draft draft;
    draft.at = impl.node;
    draft.title = fittingTitle(
        {"`" + impl.traitName + "` for `" + impl.typeName + "` needs `" + parameter.name + ": " + needs +
             "`, not only `" + has + "`",
         "A manual `" + impl.traitName + "` needs the bound `" + parameter.name + ": " + needs + "`"});
    draft.steps = {{"thread A",
                    needs == "Sync" ? "keeps a reference to a value that is not `Sync`, such as a `Cell`"
                                    : "holds a value that must not leave it, such as an `Rc`",
                    at},
                   {"thread B",
                    needs == "Sync" ? "gets `" + owner.name + "` and with it a reference to the same value"
                                    : "moves the value in or out through a shared reference",
                    impl.node}};
    draft.outcome = "Both threads use the value without synchronisation: a data race from safe code.";
    draft.evidence = {at};
    draft.facts = {"resolved: the impl asks for `" + parameter.name + ": " + has + "` only",
                   "resolved: " + quoted(at.text(), 60) + " hands the value to other threads"};
    for (const Node &bound : parameter.node.field("bounds").namedChildren()) {
        if (impl.traitName == "Send" && bound.text() == "Send")
            draft.edits = {{bound.bytes(), "Sync"}};
        else if (impl.traitName == "Sync" && bound.text() == has)
            draft.edits = {{bound.bytes(), "Send + Sync"}};
    }
    reporter.report(std::move(draft));
}

/// The struct's own name for the impl's parameter.
std::string genericOf(const rust::Struct &owner, const Node &implType, const std::string &argument)
{
    std::vector<std::string> arguments;
    for (const Node &node : implType.field("type_arguments").namedChildren()) {
        if (!node.is("lifetime"))
            arguments.push_back(compact(node.text()));
    }
    for (std::size_t i = 0; i < arguments.size() && i < owner.generics.size(); ++i) {
        if (arguments[i] == argument)
            return owner.generics[i];
    }
    return {};
}

} // namespace

void check_send_sync_wrong_bound(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Impl &impl : input.file.impls()) {
        if (!impl.isUnsafe || !isOneOf(impl.traitName, {"Send", "Sync"}) || input.file.isTest(impl.node) ||
            impl.node.text().find("impl !") != std::string_view::npos)
            continue;
        const rust::Struct *owner = input.model.findStruct(impl.typeName, input.file);
        if (!owner)
            continue;
        for (TypeParameter &parameter : typeParametersOf(impl.node)) {
            // The names differ rarely; then what methods say of one would be taken for the other.
            if (genericOf(*owner, impl.node.field("type"), parameter.name) == parameter.name)
                checkParameter(impl, *owner, parameter, input, reporter);
        }
    }
}

} // namespace review::rules
