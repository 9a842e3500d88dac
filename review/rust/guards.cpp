// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/guards.h"

#include "review/rust/guard_flow.h"
#include "review/rust/inference.h"
#include "review/rust/lock_families.h"
#include "review/rust/lock_namer.h"

#include <algorithm>

namespace review::rust {
namespace {

constexpr int maxWrappers = 2;

bool contains(const std::vector<git::ByteRange> &ranges, std::uint32_t at)
{
    return std::any_of(ranges.begin(), ranges.end(),
                       [at](const git::ByteRange &range) { return at >= range.begin && at < range.end; });
}

/// The byte that stands for the moment a node runs.
std::uint32_t momentOf(const Node &node)
{
    const git::ByteRange bytes = node.bytes();
    const bool atEnd =
        node.isAny({"call_expression", "await_expression", "try_expression"}) && bytes.end > bytes.begin;
    return atEnd ? bytes.end - 1 : bytes.begin;
}

/// The lock below references, smart pointers and guards; null if the type is none.
const Type *lockIn(const Type &type)
{
    for (const Type *at = &type; at && at->known(); at = Inference::target(*at)) {
        const Type *inner = at;
        if (lockFamily(*inner) != LockFamily::None && !Inference::target(*inner))
            return inner;
    }
    return nullptr;
}

/// A type of which nothing is known below its references and smart pointers.
bool isOpaque(const Type &type)
{
    const Type *at = &type;
    while (at->known() && Inference::target(*at))
        at = Inference::target(*at);
    return !at->known();
}

void subtract(std::vector<git::ByteRange> &ranges, const std::vector<git::ByteRange> &holes)
{
    for (const git::ByteRange &hole : holes) {
        std::vector<git::ByteRange> left;
        for (const git::ByteRange &range : ranges) {
            if (hole.end <= range.begin || hole.begin >= range.end) {
                left.push_back(range);
                continue;
            }
            if (range.begin < hole.begin)
                left.push_back({range.begin, hole.begin});
            if (hole.end < range.end)
                left.push_back({hole.end, range.end});
        }
        ranges = std::move(left);
    }
}

/// Finds the acquisitions of one body.
class GuardReader {
public:
    GuardReader(const Node &body, const File &file, const Model &model, int wrappers)
        : m_body(body)
        , m_file(file)
        , m_model(model)
        , m_wrappers(wrappers)
    {}

    std::vector<Guard> read();

private:
    void readLockCall(const Call &call);
    void readWrapperCall(const Call &call);
    void add(Guard guard, bool wrapped);
    bool mayReturnGuard(const Call &call) const;

    Node m_body;
    const File &m_file;
    const Model &m_model;
    int m_wrappers;
    std::vector<git::ByteRange> m_detached;
    bool m_hasDetached = false;
    std::vector<Guard> m_guards;
};

std::vector<Guard> GuardReader::read()
{
    // Calls are found by their end: `a.lock().unwrap().b.lock()` takes the inner lock first.
    std::vector<const Call *> calls;
    for (const Call &call : callsIn(m_body)) {
        if (call.body == m_body)
            calls.push_back(&call);
    }
    std::stable_sort(calls.begin(), calls.end(),
                     [](const Call *a, const Call *b) { return a->node.bytes().end < b->node.bytes().end; });
    for (const Call *each : calls) {
        const Call &call = *each;
        if (call.isMethod() && lockMethod("", call.name))
            readLockCall(call);
        else if (call.isMethod() && lockMethod("RefCell", call.name))
            readLockCall(call);
        else if (mayReturnGuard(call))
            readWrapperCall(call);
    }
    return std::move(m_guards);
}

void GuardReader::readLockCall(const Call &call)
{
    const LockMethod *byName = lockMethod("", call.name);
    const bool cell = !byName;
    if (cell)
        byName = lockMethod("RefCell", call.name);
    if (call.arguments.size() != (byName->timed ? 1U : 0U))
        return;
    const Type receiver = m_model.infer(call.receiver, m_file);
    const Type *lock = lockIn(receiver);
    if (!lock) {
        if (mayReturnGuard(call))
            readWrapperCall(call);
        else if (!cell && isOpaque(receiver)) {
            Guard guard;
            guard.call = call.node;
            guard.lock = LockNamer(m_model, m_file).name(call.receiver);
            guard.lock.assumed = true;
            guard.mode = byName->shared ? GuardMode::Shared : GuardMode::Exclusive;
            guard.tries = byName->tries;
            guard.recursive = byName->recursive;
            add(std::move(guard), false);
        }
        return;
    }
    const LockMethod *method = lockMethod(lock->name(), call.name);
    const LockFamily family = lockFamily(*lock);
    if (!method)
        return;
    // An async lock's lock() is only a future until it is awaited.
    if (isAsyncLock(family) && !method->tries && !method->blocking && !isAwaited(call.node))
        return;
    Guard guard;
    guard.call = call.node;
    guard.lock = LockNamer(m_model, m_file).name(call.receiver);
    guard.lock.family = family;
    guard.lock.typeName = lock->name();
    guard.lock.assumed = guard.lock.assumed || receiver.assumed;
    guard.mode = method->shared ? GuardMode::Shared : GuardMode::Exclusive;
    guard.tries = method->tries;
    guard.recursive = method->recursive;
    for (const Type &content : lock->args) {
        if (m_model.findStruct(content.peeled().name(), m_file))
            guard.lock.content = content.peeled().name();
    }
    const bool isShort =
        call.name == "rl" || call.name == "wl"; // extension methods that unwrap by themselves
    add(std::move(guard), !isShort && (method->tries || family == LockFamily::Std));
}

/// Cheap, before any inference.
bool GuardReader::mayReturnGuard(const Call &call) const
{
    return m_wrappers > 0 && m_model.mayReturnGuard(call.name);
}

/// A call of a function of the model that locks and returns the guard.
void GuardReader::readWrapperCall(const Call &call)
{
    for (const Function *callee : m_model.callees(call.node, m_file)) {
        if (!callee->body || callee->body == m_body || (callee->isAsync && !isAwaited(call.node)))
            continue;
        Type result = m_model.typeOf(callee->returnType, *callee->file);
        bool wrapped = false;
        while ((result.name().ends_with("Result") || result.name() == "Option") && !result.args.empty()) {
            result = Type(result.args.front());
            wrapped = true;
        }
        if (guardFamily(result) == LockFamily::None)
            continue;
        for (const Guard &inner : GuardReader(callee->body, *callee->file, m_model, m_wrappers - 1).read()) {
            if (inner.reason.find("returned to the caller") == std::string::npos)
                continue;
            Guard guard = inner;
            guard.lock = throughCall(inner.lock, *callee, call.node, m_file, m_model);
            guard.call = call.node;
            guard.live.clear();
            guard.maybe.clear();
            guard.variable.clear();
            guard.binding = Node();
            add(std::move(guard), wrapped);
            return;
        }
    }
}

/// Fills in where the guard lives.
void place(Guard &guard, bool wrapped, const std::vector<git::ByteRange> &detached, const File &file,
           const Model &model)
{
    const bool unknown = guard.lock.family == LockFamily::Unknown;
    const GuardHome home = guardHome(guard.call, wrapped, unknown, file, model);
    guard.expression = home.expression;
    guard.binding = home.binding;
    guard.variable = home.variable;
    guard.reason = home.reason;
    if (home.kind == GuardHome::Kind::Variable) {
        GuardRanges ranges = guardRanges(home);
        guard.live = std::move(ranges.live);
        guard.maybe = std::move(ranges.maybe);
        if (guard.live.empty() || guard.live.back().end < home.region.bytes().end)
            guard.reason = "`" + home.variable + "` holds it until it is dropped or moved";
    } else if (home.temporary.size() > 0) {
        (home.conditional ? guard.maybe : guard.live).push_back(home.temporary);
    }
    // What stands left of `=` is evaluated after what stands right of it.
    const Node assignment =
        guard.expression.ancestor({"assignment_expression", "closure_expression", "block"});
    if (assignment.is("assignment_expression")) {
        if (guard.expression.isInside(assignment.field("left")))
            subtract(guard.live,
                     {{assignment.field("left").bytes().end, assignment.field("right").bytes().end}});
        else if (home.kind == GuardHome::Kind::Temporary && guard.live.size() == 1)
            guard.live.insert(guard.live.begin(), assignment.field("left").bytes());
    }
    subtract(guard.live, detached);
    subtract(guard.maybe, detached);
}

void GuardReader::add(Guard guard, bool wrapped)
{
    if (!m_hasDetached)
        m_detached = detachedBodies(m_body);
    m_hasDetached = true;
    place(guard, wrapped, m_detached, m_file, m_model);
    m_guards.push_back(std::move(guard));
}

} // namespace

bool Guard::heldAt(const Node &node) const
{
    return node.tree() == call.tree() && contains(live, momentOf(node));
}

bool Guard::maybeHeldAt(const Node &node) const
{
    return heldAt(node) || (node.tree() == call.tree() && contains(maybe, momentOf(node)));
}

std::vector<Guard> guardsIn(const Node &body, const File &file, const Model &model)
{
    return GuardReader(body, file, model, maxWrappers).read();
}

Guard guardOf(const Node &call, bool wrapped, const File &file, const Model &model)
{
    Guard guard;
    guard.call = call;
    guard.lock = LockNamer(model, file).name(toCall(call).receiver);
    guard.lock.family = LockFamily::None;
    place(guard, wrapped, detachedBodies(bodyOf(call)), file, model);
    return guard;
}

} // namespace review::rust
