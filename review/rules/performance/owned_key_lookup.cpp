// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/checks.h"
#include "review/rules/collections.h"
#include "review/rules/phrases.h"
#include "review/rules/value_flow.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool makesCopy(const Call &made)
{
    if (made.isMethod())
        return isOneOf(made.name, {"clone", "to_string", "to_owned", "to_vec"}) && made.arguments.empty();
    return made.path == "String::from" && made.arguments.size() == 1;
}

/// What the copy is made of: `x` of `x.clone()` and of `String::from(x)`.
Node sourceOf(const Call &made)
{
    return made.isMethod() ? made.receiver : made.arguments.front();
}

/// The copied value's own type looks a key up as well: the same type, or text for text.
bool servesAsKey(const Call &made, const rust::Type &key, const RuleInput &input)
{
    const rust::Type type = input.model.infer(sourceOf(made), input.file);
    if (type.assumed || !type.known())
        return false;
    const rust::Type *at = &type;
    while (isOneOf(at->path, {"&", "&mut"}) && !at->args.empty())
        at = &at->args.front();
    const bool text = key.name() == "String" && isOneOf(at->name(), {"str", "String"});
    const bool bytes = key.name() == "Vec" && made.name == "to_vec" && isOneOf(at->name(), {"[]", "Vec"});
    return text || bytes || (made.name == "clone" && copiesHeap(*at) && at->name() == key.name());
}

/// The key is a part of what the map itself has lent, or somebody who may have: while it is changed, only a
/// copy can name it.
bool isLentByMap(const Call &lookup, const Node &source)
{
    if (!isOneOf(lookup.name, {"remove", "get_mut"}))
        return false;
    Node root = rust::stripAdapters(source);
    while (root.isAny({"field_expression", "index_expression"}))
        root = rust::stripAdapters(root.firstNamedChild());
    const std::string map = rust::placeText(lookup.receiver);
    const std::string owner = map.substr(0, map.find('.'));
    for (int hops = 0; root.is("identifier") && !owner.empty() && hops < 4; ++hops) {
        const Node value = valueOf(rust::bindingOf(root));
        if (mentionsPlace(value.text(), {owner}) || value.text().find(owner + ".") != std::string_view::npos)
            return true;
        root = rust::stripAdapters(value);
    }
    return false;
}

} // namespace

void check_owned_key_lookup(const RuleInput &input, Reporter &reporter)
{
    for (const Call &lookup :
         callsNamed({"get", "get_mut", "contains_key", "contains", "remove"}, input.file)) {
        if (!lookup.isMethod() || lookup.arguments.size() != 1 ||
            !lookup.arguments[0].is("reference_expression"))
            continue;
        const Call made = rust::toCall(lookup.arguments[0].field("value"));
        if (!made || !makesCopy(made) || isLentByMap(lookup, sourceOf(made)))
            continue;
        const rust::Type type = input.model.infer(lookup.receiver, input.file);
        const Container container = containerOf(type);
        if (type.assumed || (container != Container::Map && container != Container::Set) ||
            type.peeled().args.empty() || !servesAsKey(made, type.peeled().args.front(), input))
            continue;
        const std::string key = quoted(sourceOf(made).text(), 24);
        Draft draft;
        draft.at = lookup.arguments[0];
        draft.title = fittingTitle({key + " is copied to look it up with " + quoted(lookup.name, 16),
                                    "A key is copied only to be looked up"});
        draft.steps = {{"caller", "allocates a copy of " + key, made.node},
                       {"caller", "looks it up by reference and drops it", lookup.node}};
        draft.outcome = "An allocation for each look-up.";
        draft.facts = {"resolved: " + quoted(lookup.receiver.text(), 28) + " is a `" +
                           std::string(type.peeled().name()) + "` and takes its key by reference",
                       "resolved: " + key + " can be borrowed as the key itself"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
