// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/guard_flow.h"
#include "review/rust/guards.h"
#include "review/rust/lock_namer.h"

#include <algorithm>

namespace review::rust {
namespace {

constexpr int maxCallDepth = 4;
constexpr std::size_t maxTaken = 64;

std::string firstName(const std::string &place)
{
    return place.substr(0, place.find_first_of(".["));
}

class TakenReader {
public:
    explicit TakenReader(const Model &model) : m_model(model) {}

    std::vector<TakenLock> read(const Function &function, int depth)
    {
        std::vector<TakenLock> taken;
        if (!function.body || std::find(m_open.begin(), m_open.end(), &function) != m_open.end())
            return taken;
        m_open.push_back(&function);
        readOwn(function, taken);
        if (depth > 0)
            readCalls(function, depth, taken);
        m_open.pop_back();
        return taken;
    }

private:
    void readOwn(const Function &function, std::vector<TakenLock> &taken);
    void readCalls(const Function &function, int depth, std::vector<TakenLock> &taken);
    static bool isVisibleOutside(const Lock &lock, const Function &function);

    const Model &m_model;
    std::vector<const Function *> m_open;
};

/// On `self`, a static or a parameter: something that the caller can have locked too.
bool TakenReader::isVisibleOutside(const Lock &lock, const Function &function)
{
    if (lock.key.starts_with("static "))
        return true;
    const std::string first = firstName(lock.place);
    return std::any_of(function.parameters.begin(), function.parameters.end(),
                       [&](const Parameter &parameter) { return !first.empty() && parameter.name == first; });
}

void TakenReader::readOwn(const Function &function, std::vector<TakenLock> &taken)
{
    const auto readBody = [&](const Node &body) {
        for (const Guard &guard : guardsIn(body, *function.file, m_model)) {
            if (!guard.tries && isVisibleOutside(guard.lock, function))
                taken.push_back({guard.lock, guard.mode, guard.call, {}});
        }
    };
    readBody(function.body);
    // Closures that are called in place run as part of the function.
    const std::vector<git::ByteRange> detached = detachedBodies(function.body);
    for (const Node node : function.body.descendants()) {
        if (!node.is("closure_expression"))
            continue;
        const std::uint32_t at = node.bytes().begin;
        const bool elsewhere =
            std::any_of(detached.begin(), detached.end(),
                        [at](const git::ByteRange &range) { return at >= range.begin && at < range.end; });
        if (!elsewhere)
            readBody(node);
    }
}

void TakenReader::readCalls(const Function &function, int depth, std::vector<TakenLock> &taken)
{
    const std::vector<git::ByteRange> detached = detachedBodies(function.body);
    for (const Call &call : callsIn(function.body)) {
        const std::uint32_t at = call.node.bytes().begin;
        const bool elsewhere =
            std::any_of(detached.begin(), detached.end(),
                        [at](const git::ByteRange &range) { return at >= range.begin && at < range.end; });
        if (elsewhere || taken.size() >= maxTaken)
            continue;
        for (const Function *callee : m_model.callees(call.node, *function.file)) {
            if (callee->isAsync && !isAwaited(call.node))
                continue;
            for (TakenLock &inner : read(*callee, depth - 1)) {
                inner.lock = throughCall(inner.lock, *callee, call.node, *function.file, m_model);
                inner.path.insert(inner.path.begin(), call.node);
                if (isVisibleOutside(inner.lock, function))
                    taken.push_back(std::move(inner));
            }
        }
    }
}

} // namespace

Lock throughCall(const Lock &lock, const Function &callee, const Node &node, const File &caller,
                 const Model &model)
{
    Lock seen = lock;
    const std::string first = firstName(lock.place);
    if (lock.key.starts_with("static "))
        return seen;
    const Call &call = toCall(node);
    Node given;
    if (call.isMethod() && first == "self")
        given = call.receiver;
    std::size_t number = 0;
    for (const Parameter &parameter : callee.parameters) {
        if (parameter.name == "self" && call.isMethod())
            continue;
        if (parameter.name == first && !first.empty() && number < call.arguments.size())
            given = call.arguments[number];
        ++number;
    }
    const std::string rest = lock.place.substr(first.size());
    const Lock base = given ? LockNamer(model, caller).name(given) : Lock();
    // A lock that is a parameter itself gets the name of what is handed in.
    if (rest.empty() && given && first != "self") {
        seen.key = base.key;
        seen.declaration = base.declaration;
    }
    const bool known = given && !base.place.empty();
    seen.place = known ? base.place + rest : "";
    seen.receiver = known ? base.receiver + rest : lock.receiver;
    seen.root = base.root;
    seen.fixed = lock.fixed && known && base.fixed;
    return seen;
}

std::vector<TakenLock> locksTakenBy(const Function &function, const Model &model, int depth)
{
    return TakenReader(model).read(function, std::min(depth, maxCallDepth));
}

} // namespace review::rust
