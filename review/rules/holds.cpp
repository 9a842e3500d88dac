// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/holds.h"

#include "review/rules/phrases.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <cctype>
#include <span>
#include <string_view>
#include <utility>

namespace review::rules {

namespace {

using rust::Call;
using rust::Node;

/// The last name of a place: "core" of `self.inner().core`, "shards" of `self.shards[i]`, "cluster" of
/// `self.cluster().clone()`.
std::string lastName(std::string place)
{
    if (const std::size_t bracket = place.find('['); bracket != std::string::npos)
        place.resize(bracket);
    while (place.ends_with("()") || place.ends_with('?'))
        place.resize(place.size() - (place.ends_with('?') ? 1 : 2));
    if (const std::size_t dot = place.find_last_of(".:)(&*"); dot != std::string::npos)
        place.erase(0, dot + 1);
    return place;
}

/// "inflight" of `state.read_inflight()`, "peers" of `self.peers.write()`.
std::string nameOf(const Call &call)
{
    std::string_view method = call.name;
    for (const std::string_view prefix : {"try_", "read_", "write_", "lock_", "get_"}) {
        if (method.starts_with(prefix) && method.size() > prefix.size())
            method.remove_prefix(prefix.size());
    }
    for (const std::string_view suffix : {"_read_lock", "_write_lock", "_lock", "_guard", "_mut", "_owned"}) {
        if (method.ends_with(suffix))
            method.remove_suffix(suffix.size());
    }
    const bool isPlain = isOneOf(method, {"lock", "read", "write", "guard", "exclusive", "shared", "owned",
                                          "arc", "upgradable_read", "upgradeable_read", "borrow", "blocking",
                                          "get", "entry", "iter", "recursive", "safe", "blocking_lock"});
    if (!isPlain || !call.receiver)
        return std::string(method);
    return lastName(compact(rust::stripAdapters(call.receiver).text()));
}

bool isLockingMacro(const Node &macro)
{
    const std::string_view name = rust::macroName(macro);
    const std::string_view text = macro.text();
    return mentions(name, {"lock", "read", "write"}) && !mentions(name, {"thread", "println"}) &&
           !isOneOf(name, {"write", "writeln", "read", "unlock", "block"}) && !name.starts_with("block") &&
           name.size() <= 14 && text.size() < 80 && text.find_first_of(",\";") == std::string_view::npos;
}

/// A method of a type that may be no lock itself, but is used as one; or a getter that is named after a lock,
/// or returns a guard elsewhere in the repository.
bool isLockingGetter(const Call &call, const rust::Model &model)
{
    const std::string_view name = call.name;
    if (!call.isMethod() || !call.arguments.empty())
        return false;
    if (isOneOf(name, {"lock", "read", "write"}))
        return true;
    if (name.size() < 6 ||
        mentions(name, {"unlock", "try_", "is_", "has_", "release", "drop", "block", "clock", "locked"}))
        return false;
    if ((name.starts_with("lock_") && name != "lock_file") || name.ends_with("_lock"))
        return true;
    return !isOneOf(name, {"borrow", "flatten", "remove", "insert", "commit", "iter_mut", "as_ref", "as_mut",
                           "access", "handle", "finish"}) &&
           model.mayReturnGuard(name);
}

bool isMapEntry(const Call &call, const rust::File &file, const rust::Model &model)
{
    if (!call.isMethod() || !isOneOf(call.name, {"get", "get_mut", "entry", "iter", "iter_mut"}))
        return false;
    return model.infer(call.receiver, file).peeled().name() == "DashMap";
}

/// What gives a raw lock back.
bool isUnlocking(const Call &call)
{
    return mentions(call.name, {"unlock", "leavecriticalsection", "release"});
}

/// The lock is a plain call that gives no guard, and so is what gives it back.
bool isRawLocking(const Call &call)
{
    return isOneOf(call.name, {"pthread_mutex_lock", "pthread_rwlock_rdlock", "pthread_rwlock_wrlock",
                               "flock", "EnterCriticalSection", "lock_exclusive", "lock_shared", "raw_lock",
                               "acquire_lock", "AcquireSRWLockExclusive", "spin_lock", "lock"});
}

/// From the call to the first one after it that gives the same lock back.
void addRaw(const Call &call, std::span<const Call> calls, std::vector<Hold> &holds)
{
    const auto placeOf = [](const Call &each) {
        const Node place = each.isMethod()          ? each.receiver
                           : each.arguments.empty() ? Node()
                                                    : each.arguments.front();
        return compact(place.text());
    };
    for (const Call &other : calls) {
        if (other.node.index() <= call.node.index() || !isUnlocking(other) ||
            placeOf(other) != placeOf(call) || other.body != call.body)
            continue;
        rust::Guard guard;
        guard.call = call.node;
        guard.lock.receiver = placeOf(call);
        guard.live = {{call.node.bytes().end, other.node.bytes().begin}};
        std::string place = placeOf(call);
        if (place.ends_with(".get()"))
            place.resize(place.size() - 6);
        holds.push_back({std::move(guard), lastName(place), mentions(call.name, {"shared", "rdlock"})});
        return;
    }
}

bool isWrapped(const Node &call)
{
    const Node field = call.parent();
    return field.is("try_expression") ||
           (field.is("field_expression") &&
            isOneOf(field.field("field").text(), {"unwrap", "expect", "unwrap_or_else", "ok", "map_err"}));
}

/// The call gives a guard that lives on after it.
bool placedAsGuard(const std::vector<Hold> &holds, const Node &call)
{
    return std::any_of(holds.begin(), holds.end(), [&](const Hold &hold) {
        return hold.guard.call == call && !hold.guard.variable.empty();
    });
}

} // namespace

std::vector<Hold> holdsIn(const rust::Function &function, const rust::File &file, const rust::Model &model)
{
    std::vector<Hold> holds;
    const auto &calls = rust::callsIn(function.body);
    std::vector<Node> bodies{function.body};
    for (const Call &call : calls) {
        if (call.body && std::find(bodies.begin(), bodies.end(), call.body) == bodies.end())
            bodies.push_back(call.body);
    }
    for (const Node &body : bodies) {
        for (rust::Guard &guard : rust::guardsIn(body, file, model)) {
            const std::string name = nameOf(rust::toCall(guard.call));
            const bool isShared = guard.mode == rust::GuardMode::Shared;
            holds.push_back({std::move(guard), name, isShared});
        }
    }
    const auto isKnown = [&](const Node &call) {
        return std::any_of(holds.begin(), holds.end(),
                           [&](const Hold &hold) { return hold.guard.call == call; });
    };
    for (const Call &call : calls) {
        const bool isEntry = isMapEntry(call, file, model);
        if (!(isEntry || isLockingGetter(call, model)) || isKnown(call.node))
            continue;
        rust::Guard guard = rust::guardOf(call.node, isWrapped(call.node) || isEntry, file, model);
        const bool isShared = mentions(call.name, {"read", "shared"}) || isOneOf(call.name, {"get", "iter"});
        holds.push_back({std::move(guard), nameOf(call), isShared});
    }
    for (const Call &call : calls) {
        if (isRawLocking(call) && !placedAsGuard(holds, call.node))
            addRaw(call, calls, holds);
    }
    for (const Node &macro : function.body.descendants("macro_invocation")) {
        if (!isLockingMacro(macro))
            continue;
        const std::string text = compact(macro.text());
        std::string place = text.substr(text.find_first_of("([{") + 1);
        place.pop_back();
        rust::Guard guard = rust::guardOf(macro, false, file, model);
        guard.lock.receiver = place;
        holds.push_back({std::move(guard), lastName(place), mentions(rust::macroName(macro), {"read"})});
    }
    // A `read` that calls the `read` of what it wraps is I/O.
    std::erase_if(holds, [&](const Hold &hold) {
        return hold.name.empty() || (hold.guard.lock.family == rust::LockFamily::Unknown &&
                                     rust::toCall(hold.guard.call).name == function.name);
    });
    std::sort(holds.begin(), holds.end(), [](const Hold &left, const Hold &right) {
        return left.guard.call.index() < right.guard.call.index();
    });
    return holds;
}

bool isHeld(const Hold &hold, const Node &node)
{
    return hold.guard.call != node && hold.guard.maybeHeldAt(node);
}

bool isUnder(const std::vector<Hold> &holds, const std::string &name, const Node &node)
{
    return std::any_of(holds.begin(), holds.end(),
                       [&](const Hold &hold) { return hold.name == name && isHeld(hold, node); });
}

bool knows(const std::vector<Hold> &holds, const std::string &name)
{
    return std::any_of(holds.begin(), holds.end(), [&](const Hold &hold) { return hold.name == name; });
}

bool isOnGuard(const Call &call, const Hold &hold)
{
    if (!call.isMethod())
        return false;
    Node root = call.receiver;
    while (root && root != hold.guard.call) {
        const Call inner = rust::toCall(root);
        if (inner && !inner.isMethod())
            return false;
        if (inner)
            root = inner.receiver;
        else if (root.isAny({"field_expression", "await_expression", "try_expression",
                             "parenthesized_expression", "reference_expression", "unary_expression",
                             "index_expression"}))
            root = root.firstNamedChild();
        else
            break;
    }
    return root == hold.guard.call || (!hold.guard.variable.empty() && root.text() == hold.guard.variable);
}

bool isHarmless(const Call &call)
{
    if (!call.isMethod()) {
        const bool isUpper =
            !call.name.empty() && std::isupper(static_cast<unsigned char>(call.name.front()));
        return isUpper || // a variant or a tuple struct
               isOneOf(call.name, {"default", "with_capacity", "from", "min", "max", "swap", "drop"}) ||
               (call.name == "new" &&
                isOneOf(call.path,
                        {"Vec::new", "String::new", "Arc::new", "Box::new", "Rc::new", "HashMap::new",
                         "HashSet::new", "BTreeMap::new", "VecDeque::new", "Duration::new"})) ||
               isOneOf(call.path, {"Arc::clone", "Rc::clone", "Arc::downgrade", "mem::take", "std::mem::take",
                                   "mem::replace", "std::mem::replace", "Instant::now", "Duration::from_secs",
                                   "Duration::from_millis", "Arc::ptr_eq", "Arc::strong_count"});
    }
    return isOneOf(call.name, {"clone",
                               "cloned",
                               "copied",
                               "len",
                               "is_empty",
                               "iter",
                               "iter_mut",
                               "into_iter",
                               "map",
                               "filter",
                               "filter_map",
                               "collect",
                               "as_ref",
                               "as_mut",
                               "as_str",
                               "as_slice",
                               "as_bytes",
                               "as_deref",
                               "unwrap",
                               "expect",
                               "unwrap_or",
                               "unwrap_or_default",
                               "unwrap_or_else",
                               "ok",
                               "err",
                               "ok_or",
                               "ok_or_else",
                               "map_err",
                               "is_some",
                               "is_none",
                               "is_ok",
                               "is_err",
                               "into",
                               "to_string",
                               "to_owned",
                               "to_vec",
                               "get",
                               "get_mut",
                               "contains",
                               "contains_key",
                               "keys",
                               "values",
                               "values_mut",
                               "first",
                               "last",
                               "next",
                               "enumerate",
                               "rev",
                               "zip",
                               "chain",
                               "take",
                               "skip",
                               "any",
                               "all",
                               "find",
                               "position",
                               "count",
                               "sum",
                               "max",
                               "min",
                               "cmp",
                               "eq",
                               "ne",
                               "push",
                               "push_back",
                               "push_str",
                               "pop",
                               "pop_front",
                               "insert",
                               "extend",
                               "entry",
                               "or_default",
                               "or_insert",
                               "or_insert_with",
                               "and_then",
                               "or_else",
                               "then",
                               "copy_from_slice",
                               "saturating_sub",
                               "saturating_add",
                               "wrapping_add",
                               "wrapping_sub",
                               "checked_sub",
                               "checked_add",
                               "elapsed",
                               "as_millis",
                               "as_secs",
                               "load",
                               "fetch_add",
                               "fetch_sub",
                               "borrow",
                               "deref",
                               "downgrade",
                               "upgrade",
                               "id",
                               "name",
                               "starts_with",
                               "ends_with",
                               "trim",
                               "remove",
                               "clear",
                               "drain",
                               "retain",
                               "sort",
                               "as_ptr",
                               "inc",
                               "dec",
                               "set",
                               "observe",
                               "inc_by",
                               "with_label_values"});
}

} // namespace review::rules
