// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/collections.h"

#include "review/rules/phrases.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {

using rust::Call;
using rust::Node;

Container containerOf(const rust::Type &type)
{
    const std::string_view name = type.peeled().name();
    if (isOneOf(name, {"Vec", "VecDeque", "SmallVec", "ArrayVec", "LinkedList", "[]"}))
        return Container::Sequence;
    if (isOneOf(name, {"HashMap", "BTreeMap", "IndexMap", "FxHashMap", "AHashMap", "FnvHashMap"}))
        return Container::Map;
    if (isOneOf(name, {"HashSet", "BTreeSet", "IndexSet", "FxHashSet", "AHashSet", "FnvHashSet"}))
        return Container::Set;
    return isOneOf(name, {"String", "str"}) ? Container::Text : Container::None;
}

Container containerOf(const Node &expression, const RuleInput &input)
{
    const rust::Type type = input.model.infer(expression, input.file);
    return type.known() && !type.assumed ? containerOf(type) : Container::None;
}

bool copiesHeap(const rust::Type &type)
{
    const rust::Type *at = &type;
    while (isOneOf(at->path, {"&", "&mut"}) && !at->args.empty())
        at = &at->args.front();
    return isOneOf(at->name(),
                   {"Vec", "VecDeque", "String", "HashMap", "BTreeMap", "HashSet", "BTreeSet", "IndexMap",
                    "PathBuf", "FxHashMap", "AHashMap", "FnvHashMap", "AHashSet", "FxHashSet"});
}

bool isReadingMethod(std::string_view name)
{
    return isOneOf(name, {"len",           "is_empty",     "get",
                          "contains",      "contains_key", "iter",
                          "first",         "last",         "keys",
                          "values",        "as_str",       "as_bytes",
                          "as_slice",      "starts_with",  "ends_with",
                          "find",          "chars",        "bytes",
                          "split",         "trim",         "to_lowercase",
                          "to_uppercase",  "eq",           "cmp",
                          "binary_search", "windows",      "chunks",
                          "parse",         "as_path",      "exists",
                          "is_dir",        "is_file",      "join",
                          "lines",         "as_ref",       "range",
                          "display",       "rev_iter",     "eq_ignore_ascii_case",
                          "is_subset",     "is_disjoint"});
}

Node repeatedBy(const Node &node)
{
    if (const Node loop = rust::loopAround(node)) {
        // What a `for` runs over is evaluated once.
        if (!loop.is("for_expression") || !node.isInside(loop.field("value")))
            return loop;
    }
    const Node body = rust::bodyOf(node);
    if (!body.is("closure_expression") || !body.parent().is("arguments"))
        return {};
    const Call &call = rust::toCall(body.parent().parent());
    const bool each = isOneOf(
        call.name, {"map",        "filter",       "filter_map",  "flat_map",  "for_each",     "any",
                    "all",        "position",     "find",        "retain",    "take_while",   "skip_while",
                    "fold",       "try_for_each", "inspect",     "map_while", "partition",    "find_map",
                    "max_by_key", "min_by_key",   "sort_by_key", "sort_by",   "dedup_by_key", "try_fold"});
    if (!each || !call.isMethod())
        return {};
    // `option.map(…)` runs once: only chains that begin with an iterator repeat.
    const std::string chain = compact(call.receiver.text());
    const bool iterates =
        chain.find(".iter()") != std::string::npos || chain.find(".into_iter()") != std::string::npos ||
        chain.find(".keys()") != std::string::npos || chain.find(".values()") != std::string::npos ||
        chain.find(".drain(") != std::string::npos || chain.find("..") != std::string::npos ||
        isOneOf(call.name, {"retain", "for_each", "filter_map", "flat_map"});
    return iterates ? body : Node();
}

bool isMadeInside(const Node &place, const Node &loop)
{
    Node root = place;
    while (root.isAny({"field_expression", "index_expression", "reference_expression",
                       "parenthesized_expression", "unary_expression", "try_expression", "call_expression"}))
        root = root.is("call_expression") ? root.field("function") : root.firstNamedChild();
    if (!root.is("identifier"))
        return false;
    const Node binding = rust::bindingOf(root);
    return binding && binding.isInside(loop);
}

} // namespace review::rules
