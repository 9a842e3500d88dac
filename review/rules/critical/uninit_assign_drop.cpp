// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/raw_memory.h"
#include "review/rules/rule.h"
#include "review/rules/type_parameters.h"
#include "review/rules/value_flow.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool makesUninit(const Node &node)
{
    if (node.is("unsafe_block"))
        return node.text().size() < 200 &&
               anyIn(node, [](const Node &at) { return at.is("call_expression") && makesUninit(at); });
    const Call call = rust::toCall(node);
    return call && (isOneOf(call.name, {"alloc", "uninitialized", "new_uninit", "uninit", "malloc",
                                        "allocate", "new_uninit_slice", "alloc_zeroed"}) &&
                    (call.name != "alloc" || call.arguments.size() == 1) &&
                    (call.isMethod() ? call.name == "allocate" : true));
}

/// What an assignment writes through: the `p` of `*p = v` and of `(*p).field = v`.
Node pointerOf(Node left)
{
    while (left.isAny({"field_expression", "parenthesized_expression"}))
        left = left.is("field_expression") ? left.field("value") : left.firstNamedChild();
    return left.is("unary_expression") && left.text().starts_with('*') ? left.firstNamedChild() : Node();
}

/// The memory a pointer leads to, if nothing was written there yet: where it was made.
Node uninitOrigin(const Node &pointer)
{
    const auto hands = [](const Call &call) {
        return isOneOf(call.name, {"from_raw", "into_raw", "new", "as_mut_ptr", "cast", "as_mut", "as_ptr",
                                   "add", "offset", "unwrap", "expect", "leak", "from_raw_parts"});
    };
    return originOf(pointer, makesUninit, hands);
}

/// The code wraps what it points to so that nothing is dropped.
bool isWrapped(const Node &pointer)
{
    Node at = pointer;
    for (int depth = 0; at && depth < 6; ++depth) {
        const std::string_view text = at.text();
        if (text.find("ManuallyDrop") != std::string_view::npos)
            return true;
        at = at.is("identifier") ? valueOf(rust::bindingOf(at)) : Node();
    }
    return false;
}

/// The closure that is called gives back a value of a type parameter: `F: FnOnce() -> T`.
bool returnsParameter(const Call &call)
{
    if (call.path != call.name || !call)
        return false;
    const std::vector<TypeParameter> parameters = typeParametersAround(call.node);
    for (const TypeParameter &closure : parameters) {
        for (const std::string &bound : closure.bounds) {
            const std::size_t arrow = bound.rfind("->");
            if (arrow == std::string::npos)
                continue;
            for (const TypeParameter &value : parameters) {
                if (bound.substr(arrow + 2) == value.name && !value.has("Copy"))
                    return true;
            }
        }
    }
    return false;
}

enum class Drops { No, Yes, Unknown };

/// Whether replacing a value of the type drops something.
Drops dropsOf(const Node &value, const RuleInput &input)
{
    if (value.isAny({"integer_literal", "float_literal", "boolean_literal", "char_literal",
                     "type_cast_expression", "reference_expression", "binary_expression"}))
        return Drops::No;
    const Call made = rust::toCall(value);
    if (made.path.starts_with("ManuallyDrop") || made.path.starts_with("MaybeUninit") ||
        made.path.ends_with("null_mut") || made.path.ends_with("null") ||
        isOneOf(made.name, {"size_of", "len", "as_ptr", "as_mut_ptr"}))
        return Drops::No;
    const rust::Type type = input.model.infer(value, input.file);
    for (const TypeParameter &parameter : typeParametersAround(value)) {
        if (type.path == parameter.name)
            return parameter.has("Copy") ? Drops::No : Drops::Yes;
    }
    if (!type.known() && returnsParameter(made))
        return Drops::Yes;
    if (isOneOf(type.name(), {"String", "Vec", "Box", "Arc", "Rc", "HashMap", "BTreeMap", "VecDeque", "Mutex",
                              "RefCell", "CString", "PathBuf", "BytesMut", "Bytes"}))
        return Drops::Yes;
    if (type.known() && !type.path.empty() && type.path.front() >= 'a' &&
        type.path.find(':') == std::string::npos)
        return Drops::No; // u8, usize, bool
    if (type.path.starts_with('*') || type.path.starts_with('&'))
        return Drops::No;
    return Drops::Unknown;
}

void checkAssignment(const Node &assignment, const RuleInput &input, Reporter &reporter)
{
    const Node pointer = pointerOf(assignment.field("left"));
    if (!pointer || input.file.isTest(assignment))
        return;
    const Node origin = uninitOrigin(pointer);
    if (!origin || isWrapped(pointer) ||
        rust::statementOf(origin).text().find("ManuallyDrop") != std::string_view::npos)
        return;
    const Node value = assignment.field("right");
    const Drops drops = dropsOf(value, input);
    if (drops == Drops::No)
        return;
    const std::string left = quoted(assignment.field("left").text(), 24);
    Draft draft;
    draft.at = assignment;
    draft.title = fittingTitle({"Assigning to " + left + " drops memory that was never a value",
                                "The assignment drops memory that was never a value"});
    draft.steps = {
        {"thread", "gets memory without a value in it", origin},
        {"thread", "assigns, which first drops the old value: whatever bytes are there", assignment}};
    draft.outcome = "The destructor runs on garbage: a free of a wild pointer, or a crash.";
    draft.evidence = {origin};
    draft.facts = {"resolved: " + left + " points to memory from " + quoted(origin.text(), 40)};
    if (drops == Drops::Unknown) {
        draft.confidence = 0.6;
        draft.facts.push_back("assumed: the type of " + quoted(value.text(), 30) + " has a destructor");
    }
    const bool plain = assignment.field("left").is("unary_expression") && pointer.is("identifier") &&
                       input.model.infer(pointer, input.file).path == "*mut";
    if (plain)
        draft.edits.push_back(
            {assignment.bytes(), std::string(pointer.text()) + ".write(" + std::string(value.text()) + ")"});
    reporter.report(std::move(draft));
}

} // namespace

void check_uninit_assign_drop(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("uninit") && !tree.contains("alloc"))
        return;
    for (const Node &node : input.file.root().descendants("assignment_expression")) {
        if (node.text().find('*') < node.text().find('='))
            checkAssignment(node, input, reporter);
    }
}

} // namespace review::rules
