// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/reached_calls.h"

#include "review/rules/glob.h"
#include "review/rules/phrases.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace review::rules {

namespace {

using rust::Node;

constexpr int maxDepth = 3;
constexpr std::size_t maxFunctions = 100;

/// "thread::sleep" is the end of "std::thread::sleep".
bool isEndOf(std::string_view path, const std::string &name)
{
    return matchesGlob(path, name) || matchesGlob(path, "*::" + name);
}

/// The body whose thread runs what a node does when it is reached: its own for a function or closure.
Node ownBody(const Node &node)
{
    if (node.is("function_item"))
        return node.field("body");
    return node.isAny({"closure_expression", "async_block"}) ? node : rust::bodyOf(node);
}

class CallSearch {
public:
    CallSearch(const std::vector<std::string> &names, const rust::Model &model)
        : m_names(names)
        , m_model(model)
    {}

    Node find(const Node &node, const rust::File &file, int depth)
    {
        const Node body = ownBody(node);
        for (const Node &macro : node.descendants("macro_invocation")) {
            if (isNamed(std::string(rust::macroName(macro)) + '!') && runsWithin(macro, body, file))
                return macro;
        }
        const auto calls = rust::callsIn(node);
        for (const rust::Call &call : calls) {
            if (runsWithin(call.node, body, file) && isWanted(call, file))
                return call.node;
        }
        for (const rust::Call &call : calls) {
            if (runsWithin(call.node, body, file)) {
                if (const Node found = findBehind(call, file, depth))
                    return found;
            }
        }
        return {};
    }

    const std::string &through() const { return m_through; }

private:
    bool isNamed(std::string_view name) const
    {
        return std::any_of(m_names.begin(), m_names.end(),
                           [&](const std::string &each) { return matchesGlob(name, each); });
    }

    static bool runsWithin(const Node &node, const Node &body, const rust::File &file)
    {
        for (Node inner = rust::bodyOf(node); inner && inner != body; inner = rust::bodyOf(inner.parent())) {
            if (inner.is("async_block") || rust::bodyKind(inner, file) == rust::BodyKind::Blocking)
                return false;
        }
        return true;
    }

    bool isWanted(const rust::Call &call, const rust::File &file) const
    {
        const std::string path = call.isMethod() ? std::string() : file.resolveAt(call.path, call.node);
        return std::any_of(m_names.begin(), m_names.end(), [&](const std::string &name) {
            if (!call.isMethod())
                return isEndOf(path, name);
            const std::size_t split = name.rfind("::");
            if (split == std::string::npos)
                return matchesGlob(call.name, name);
            if (!matchesGlob(call.name, std::string_view(name).substr(split + 2)))
                return false;
            const rust::Type type = m_model.infer(call.receiver, file);
            return type.known() && isEndOf(type.peeled().path, name.substr(0, split));
        });
    }

    /// In the functions that a call leads to.
    Node findBehind(const rust::Call &call, const rust::File &file, int depth)
    {
        for (const rust::Function *callee : m_model.callees(call.node, file)) {
            if (isNamed(callee->path()))
                return call.node;
            if (depth >= maxDepth || !callee->body || m_seen.size() >= maxFunctions ||
                !m_seen.insert(callee).second)
                continue;
            if (const Node found = find(callee->body, *callee->file, depth + 1)) {
                m_through = callee->path();
                return found;
            }
        }
        return {};
    }

    const std::vector<std::string> &m_names;
    const rust::Model &m_model;
    std::set<const rust::Function *> m_seen;
    std::string m_through; ///< the outermost function on the way
};

} // namespace

ReachedCall reachedCall(const Node &node, const std::vector<std::string> &names, const RuleInput &input)
{
    CallSearch search(names, input.model);
    ReachedCall reached;
    reached.call = search.find(node, input.file, 0);
    if (!reached.call)
        return reached;
    const Node name = reached.call.field(reached.call.is("macro_invocation") ? "macro" : "function");
    reached.told = "it comes to the call " + quoted(name.text(), 40);
    if (!search.through().empty())
        reached.told += ", through `" + search.through() + "`";
    return reached;
}

} // namespace review::rules
