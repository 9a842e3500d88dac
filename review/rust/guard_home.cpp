// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/guard_home.h"

#include "review/rust/lock_families.h"
#include "review/rust/patterns.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace review::rust {
namespace {

template <std::size_t N>
bool isOneOf(std::string_view name, const std::array<std::string_view, N> &names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// On a Result or Option of a guard: give the guard, or the same wrapped in another way.
constexpr std::array<std::string_view, 6> unwraps{
    "unwrap", "expect", "unwrap_or_else", "unwrap_unchecked", "unwrap_or_default", "into_inner"};
constexpr std::array<std::string_view, 5> rewraps{"ok", "map_err", "ok_or", "ok_or_else", "or_else"};
constexpr std::array<std::string_view, 6> consumes{"map",         "and_then",    "map_or",
                                                   "map_or_else", "is_some_and", "is_ok_and"};

/// Of a concurrent map: their value is what holds its locks.
constexpr std::array<std::string_view, 2> iterators{"iter", "iter_mut"};
/// On an iterator that holds a lock itself: give another iterator that owns it.
constexpr std::array<std::string_view, 18> lazy{"map",       "filter",  "filter_map", "flat_map", "flatten",
                                                "enumerate", "zip",     "chain",      "rev",      "cloned",
                                                "copied",    "inspect", "take_while", "take",     "skip",
                                                "peekable",  "step_by", "skip_while"};

/// Macros whose value is that of an expression around their arguments: their temporaries live on after them.
constexpr std::array<std::string_view, 6> transparent{"matches", "dbg", "ready", "vec", "try", "tri"};
/// Macros that keep all their arguments until they are done.
constexpr std::array<std::string_view, 27> joint{
    "print",           "println",         "eprint",      "eprintln",  "format",    "write",
    "writeln",         "panic",           "assert",      "assert_eq", "assert_ne", "debug_assert",
    "debug_assert_eq", "debug_assert_ne", "unreachable", "info",      "warn",      "error",
    "debug",           "trace",           "event",       "log",       "bail",      "ensure",
    "anyhow",          "select",          "json"};

/// Where a macro around a temporary ends it: with the argument where what the macro does is not known, which
/// mostly puts it into a block of its own.
std::uint32_t endInMacro(const Node &value)
{
    for (Node part = value; part && !part.is("block"); part = part.parent()) {
        if (!part.parent().is("macro_arguments"))
            continue;
        const Node macro = part.parent().parent();
        const std::string_view name = macroName(macro);
        if (isOneOf(name, transparent))
            continue;
        return isOneOf(name, joint) ? macro.bytes().end : part.bytes().end;
    }
    return std::numeric_limits<std::uint32_t>::max();
}

/// Follows the guard's value outwards from the call that makes it.
class HomeFinder {
public:
    HomeFinder(bool wrapped, bool unknown, const File &file, const Model &model)
        : m_file(file)
        , m_model(model)
        , m_wrapped(wrapped)
        , m_unknown(unknown)
    {}

    GuardHome find(const Node &call)
    {
        m_value = call;
        m_iterates = isOneOf(toCall(call).name, iterators);
        while (!m_done)
            step();
        m_home.expression = m_value;
        m_home.stillWrapped = m_wrapped;
        if (m_home.kind == GuardHome::Kind::Temporary)
            placeTemporary();
        return m_home;
    }

private:
    void step();
    void stepOutOfReceiver(const Node &call);
    void stepOutOfArgument(const Node &call);
    void stepOutOfMatch(const Node &match);
    void stepOutOfTail(const Node &block);
    void stepOutOfBranch(const Node &branching);
    void assign(const Node &assignment);
    void bindLet(const Node &let, const Node &pattern);
    void bindCondition(const Node &condition);

    void temporary() { m_done = true; }
    void moved(std::uint32_t end, const std::string &reason)
    {
        m_done = true;
        m_home.kind = GuardHome::Kind::Moved;
        m_home.temporary = {m_value.bytes().end, std::max(end, m_value.bytes().end)};
        m_home.reason = reason;
    }
    void variable(std::string_view name, const Node &binding, const Node &pattern, const Node &region,
                  bool startsHeld)
    {
        m_done = true;
        m_home.kind = GuardHome::Kind::Variable;
        m_home.variable = name;
        m_home.binding = binding;
        m_home.pattern = pattern;
        m_home.region = region;
        m_home.startsHeld = startsHeld;
        m_home.reason = "`" + std::string(name) + "` holds it to the end of its block";
    }
    void placeTemporary();

    const File &m_file;
    const Model &m_model;
    GuardHome m_home;
    Node m_value;
    bool m_wrapped;
    bool m_unknown;
    bool m_iterates = false;
    bool m_done = false;
};

void HomeFinder::step()
{
    const Node parent = m_value.parent();
    const std::string_view field = m_value.fieldName();
    if (parent.isAny({"parenthesized_expression", "await_expression", "try_expression"})) {
        m_wrapped = m_wrapped && !parent.is("try_expression");
        m_value = parent;
    } else if (parent.is("field_expression") && field == "value") {
        Node function = parent.parent().is("generic_function") ? parent.parent() : parent;
        const bool called = function.parent().is("call_expression") && function.fieldName() == "function";
        if (called)
            stepOutOfReceiver(function.parent());
        else
            temporary();
    } else if (parent.is("arguments")) {
        stepOutOfArgument(parent.parent());
    } else if (parent.is("match_expression") && field == "value") {
        stepOutOfMatch(parent);
    } else if (parent.is("let_condition")) {
        bindCondition(parent);
    } else if (parent.is("let_declaration") && field == "value") {
        bindLet(parent, parent.field("pattern"));
    } else if (parent.is("tuple_expression") && parent.parent().is("let_declaration") &&
               parent.parent().field("pattern").is("tuple_pattern")) {
        const auto values = parent.namedChildren();
        const auto patterns = parent.parent().field("pattern").children();
        std::vector<Node> elements;
        std::copy_if(patterns.begin(), patterns.end(), std::back_inserter(elements),
                     [](const Node &node) { return node.isNamed() || node.is("_"); });
        const auto number =
            static_cast<std::size_t>(std::find(values.begin(), values.end(), m_value) - values.begin());
        if (number < elements.size())
            bindLet(parent.parent(), elements[number]);
        else
            temporary();
    } else if (parent.is("assignment_expression") && field == "right") {
        assign(parent);
    } else if (parent.isAny({"return_expression", "break_expression"})) {
        moved(0, "it is returned to the caller");
    } else if (parent.isAny({"field_initializer", "tuple_expression", "array_expression",
                             "shorthand_field_initializer"})) {
        moved(parent.bytes().end, "it is moved into another value");
    } else if (parent.is("closure_expression") && field == "body") {
        moved(0, "it is returned to the caller");
    } else if (parent.is("match_arm") && field == "value") {
        stepOutOfBranch(parent.parent().parent());
    } else if (parent.is("expression_statement") && !parent.text().ends_with(';') &&
               parent.parent().is("block") && !parent.nextNamedSibling()) {
        m_value = parent;
        stepOutOfTail(parent.parent());
    } else if (parent.is("block") && !m_value.nextNamedSibling() && !m_value.is("expression_statement")) {
        stepOutOfTail(parent);
    } else {
        temporary();
    }
}

void HomeFinder::stepOutOfReceiver(const Node &call)
{
    const std::string_view name = toCall(call).name;
    const bool mayUnwrap = m_wrapped || m_unknown;
    if (mayUnwrap && isOneOf(name, unwraps)) {
        m_wrapped = false;
        m_value = call;
    } else if (mayUnwrap && isOneOf(name, rewraps)) {
        m_value = call;
    } else if (m_iterates) {
        // Each adapter owns the iterator before it, and what runs it to its end drops it.
        if (isOneOf(name, lazy))
            m_value = call;
        else
            moved(call.bytes().end, "`" + std::string(name) + "` runs it to its end");
    } else if (m_wrapped && isOneOf(name, consumes)) {
        moved(call.bytes().end, "it is moved into the closure of `" + std::string(name) + "`");
    } else {
        temporary();
    }
}

void HomeFinder::stepOutOfArgument(const Node &node)
{
    const Call &call = toCall(node);
    const std::size_t colon = call.path.rfind("::");
    const std::string owner = colon == std::string::npos ? "" : call.path.substr(0, colon);
    const bool maps = isGuardName(std::string_view(owner).substr(owner.rfind(':') + 1)) &&
                      call.name != "unlock_fair" && call.name != "bump" && call.name != "unlocked";
    const bool wraps = call.name == "Some" || call.name == "Ok" || call.path == "Box::new";
    // `try_map` gives what it made, or the guard back: which one is held from here on is not followed.
    if (maps && call.name.find("try_") != std::string_view::npos)
        return moved(node.bytes().end, "it is moved into the call of `" + std::string(call.name) + "`");
    if (maps || wraps) {
        m_wrapped = m_wrapped || (wraps && call.path != "Box::new");
        m_value = node;
        return;
    }
    if (guardFamily(m_model.infer(node, m_file)) != LockFamily::None) {
        m_wrapped = false;
        m_value = node;
        return;
    }
    moved(node.bytes().end, "it is moved into the call of `" + std::string(call.name) + "`");
}

/// `match m.lock() { Ok(g) => …, Err(e) => … }`: the arm that binds the guard has it; an arm that gives it
/// back hands it on.
void HomeFinder::stepOutOfMatch(const Node &match)
{
    for (const Node &arm : match.field("body").namedChildren()) {
        if (!arm.is("match_arm"))
            continue;
        const Node pattern = arm.field("pattern");
        const Node inner = pattern.firstNamedChild();
        const bool takes = (m_wrapped || m_unknown)
                               ? inner.is("tuple_struct_pattern") && inner.field("type").text() != "Err"
                               : inner.is("identifier");
        const std::vector<Node> names = boundNames(pattern);
        if (!takes || names.size() != 1 || pattern.text().find("ref ") != std::string_view::npos)
            continue;
        Node value = arm.field("value");
        if (value.is("block") && value.namedChildren().size() == 1)
            value = value.firstNamedChild();
        if (value.is("identifier") && value.text() == names[0].text()) {
            m_wrapped = false;
            m_value = match;
            return;
        }
        variable(names[0].text(), match, pattern, arm.field("value"), true);
        return;
    }
    temporary();
}

void HomeFinder::bindCondition(const Node &condition)
{
    const Node pattern = condition.field("pattern");
    const std::vector<Node> names = boundNames(pattern);
    const bool takes = (m_wrapped || m_unknown) && pattern.is("tuple_struct_pattern") &&
                       pattern.field("type").text() != "Err";
    Node owner = condition.parent();
    if (owner.is("let_chain"))
        owner = owner.parent();
    if (!takes || names.size() != 1 || !owner.isAny({"if_expression", "while_expression"})) {
        temporary();
        return;
    }
    const Node region = owner.field(owner.is("if_expression") ? "consequence" : "body");
    variable(names[0].text(), owner, pattern, region, true);
}

void HomeFinder::bindLet(const Node &let, const Node &pattern)
{
    if (pattern.is("_")) {
        m_done = true;
        m_home.kind = GuardHome::Kind::DroppedAtOnce;
        m_home.binding = let;
        m_home.reason = "`let _ =` binds nothing, so the guard is dropped at once";
        return;
    }
    const std::vector<Node> names = boundNames(pattern);
    if (names.empty()) {
        temporary();
        return;
    }
    variable(names[0].text(), let, let, let.parent(), false);
}

void HomeFinder::assign(const Node &assignment)
{
    const Node left = assignment.field("left");
    if (left.text() == "_") {
        m_done = true;
        m_home.kind = GuardHome::Kind::DroppedAtOnce;
        m_home.binding = assignment;
        m_home.reason = "`_ =` binds nothing, so the guard is dropped at once";
        return;
    }
    const Node binding = left.is("identifier") ? bindingOf(left) : Node();
    if (!binding || bodyOf(binding) != bodyOf(assignment)) {
        moved(assignment.bytes().end, "it is stored in `" + std::string(left.text().substr(0, 60)) + "`");
        return;
    }
    const Node region = binding.is("let_declaration") ? binding.parent() : bodyOf(assignment);
    variable(left.text(), assignment, binding, region, false);
}

void HomeFinder::stepOutOfTail(const Node &block)
{
    const Node around = block.parent();
    if (around.isAny({"function_item", "closure_expression", "async_block"})) {
        moved(0, "it is returned to the caller");
    } else if (around.is("if_expression") && block.fieldName() == "consequence") {
        stepOutOfBranch(around);
    } else if (around.is("else_clause")) {
        stepOutOfBranch(around.parent());
    } else if (around.is("match_arm")) {
        stepOutOfBranch(around.parent().parent());
    } else if (around.isAny({"loop_expression", "while_expression", "for_expression", "macro_invocation"})) {
        temporary();
    } else {
        m_value = around.is("unsafe_block") ? around : block;
    }
}

void HomeFinder::stepOutOfBranch(const Node &branching)
{
    // A branch of a statement has no value to hand on.
    const bool statement =
        branching.parent().is("expression_statement") &&
        (branching.parent().text().ends_with(';') || branching.parent().nextNamedSibling());
    if (statement || !branching) {
        temporary();
        return;
    }
    bool others = false;
    const auto flowsOn = [&](const Node &branch) {
        others = others || (branch && !m_value.isInside(branch) && !diverges(branch));
    };
    if (branching.is("if_expression")) {
        flowsOn(branching.field("consequence"));
        flowsOn(branching.field("alternative"));
    } else {
        for (const Node &arm : branching.field("body").namedChildren())
            flowsOn(arm.field("value"));
    }
    m_home.conditional = m_home.conditional || others;
    m_value = branching;
}

void HomeFinder::placeTemporary()
{
    // `let x = &m.lock().unwrap().field` keeps the temporary as long as `x`.
    Node place = m_value;
    while (place.parent().isAny({"field_expression", "parenthesized_expression"}) ||
           (place.parent().is("unary_expression") && place.parent().text().starts_with('*')))
        place = place.parent();
    const Node borrow = place.parent();
    if (borrow.is("reference_expression") && borrow.parent().is("let_declaration") &&
        borrow.fieldName() == "value") {
        const Node let = borrow.parent();
        m_home.temporary = {m_value.bytes().end, let.parent().bytes().end};
        m_home.binding = let;
        m_home.reason = "`let` binds a reference to it, which keeps the temporary to the end of the block";
        return;
    }
    const TemporaryScope scope = temporaryScope(m_value, m_file.edition());
    m_home.temporary = {m_value.bytes().end,
                        std::max(std::min(scope.end, endInMacro(m_value)), m_value.bytes().end)};
    m_home.binding = scope.holder;
    m_home.reason = scope.reason;
}

} // namespace

GuardHome guardHome(const Node &call, bool wrapped, bool unknown, const File &file, const Model &model)
{
    return HomeFinder(wrapped, unknown, file, model).find(call);
}

} // namespace review::rust
