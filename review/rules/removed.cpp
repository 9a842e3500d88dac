// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/removed.h"

#include "review/rules/changed_parts.h"
#include "review/rules/phrases.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>

namespace review::rules {

namespace {

/// The functions of a file by what both sides call them: trait, type with its parameters, and name. Of
/// several that are called the same, such as those of two `cfg`s, the one at the same place among as many.
class FunctionNames {
public:
    explicit FunctionNames(const rust::File &file)
    {
        std::map<std::string, std::vector<const rust::Function *>> named;
        for (const rust::Function &function : file.functions()) {
            const rust::Node type = function.node.ancestor({"impl_item"}).field("type");
            named[compact(type.text()) + ' ' + pathOf(function)].push_back(&function);
            const auto [entry, isNew] = m_byPath.try_emplace(pathOf(function), &function);
            if (!isNew)
                entry->second = nullptr;
        }
        for (const auto &[name, functions] : named) {
            for (std::size_t i = 0; i < functions.size(); ++i) {
                const std::string full =
                    name + ' ' + std::to_string(i) + '/' + std::to_string(functions.size());
                m_functions.emplace(full, functions[i]);
                m_names.emplace(functions[i], full);
            }
        }
    }
    const std::map<std::string, const rust::Function *> &all() const { return m_functions; }
    /// The one that `function` of `other` was before the change, or is after it; null if that is not known.
    const rust::Function *sameAs(const rust::Function &function, const FunctionNames &other) const
    {
        if (const auto found = m_functions.find(other.m_names.at(&function)); found != m_functions.end())
            return found->second;
        const auto ours = m_byPath.find(pathOf(function));
        return ours != m_byPath.end() && other.m_byPath.at(pathOf(function)) ? ours->second : nullptr;
    }

private:
    static std::string pathOf(const rust::Function &function)
    {
        return function.traitName + ' ' + function.path();
    }

    std::map<std::string, const rust::Function *> m_functions;
    std::unordered_map<const rust::Function *, std::string> m_names;
    std::unordered_map<std::string, const rust::Function *> m_byPath; ///< null where there are several
};

/// What a call is known by among others of its signature: the call before it.
std::string precededBy(const rust::Call &call, const rust::Function &function)
{
    const rust::Call *before = nullptr;
    for (const rust::Call &other : rust::callsIn(function.body)) {
        if (other.node.index() >= call.node.index())
            break;
        if (!call.node.isInside(other.node) && !isOneOf(other.path, {"Some", "Ok", "Err"}))
            before = &other;
    }
    return before ? signatureOf(*before) : std::string();
}

/// One of several that are the same is gone, and the others stay where they were: this is the one.
bool isTheGoneOne(const rust::Call &call, const RewrittenFunction &function)
{
    const auto &before = function.baseCalls->like(call);
    const auto &after = function.headCalls->like(call);
    if (after.size() >= before.size() || before.size() > 8)
        return false;
    std::vector<std::string> keys;
    for (const rust::Call *other : before)
        keys.push_back(precededBy(*other, *function.base));
    for (const rust::Call *other : after) {
        const auto kept = std::find(keys.begin(), keys.end(), precededBy(*other, *function.head));
        if (kept == keys.end())
            return false;
        keys.erase(kept);
    }
    return std::find(keys.begin(), keys.end(), precededBy(call, *function.base)) != keys.end();
}

/// The lines of code of a function without white space, sorted.
std::vector<std::string> sortedCodeLines(const rust::Node &function)
{
    std::vector<std::string> lines = compactLines(function);
    std::erase_if(lines, [](const std::string &line) { return !isCodeLine(line); });
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::size_t countOf(const rust::Function &function, const IsWanted &isWanted)
{
    const auto calls = rust::callsIn(function.body);
    return static_cast<std::size_t>(std::count_if(calls.begin(), calls.end(), isWanted));
}

} // namespace

std::string signatureOf(const rust::Call &call)
{
    return std::string(call.name) + '@' +
           (call.isMethod() ? compact(call.receiver.text()) : std::string(call.path));
}

CallsBySignature::CallsBySignature(const rust::Function &function)
{
    for (const rust::Call &call : rust::callsIn(function.body))
        m_calls[signatureOf(call)].push_back(&call);
}

const std::vector<const rust::Call *> &CallsBySignature::like(const rust::Call &call) const
{
    static const std::vector<const rust::Call *> none;
    const auto found = m_calls.find(signatureOf(call));
    return found == m_calls.end() ? none : found->second;
}

namespace {

RewrittenFunction rewritten(const rust::Function &base, const rust::Function &head)
{
    return {&base, &head, std::make_shared<CallsBySignature>(base), std::make_shared<CallsBySignature>(head)};
}

/// A function that stands on one side only.
struct Lone {
    const rust::Function *function = nullptr;
    std::vector<std::string> lines; ///< sortedCodeLines() of its body
};

/// Most of the lines of code of the longer one stand in the other one as well; two in five are enough where
/// the type has lost one function and got one.
bool isRenamed(const Lone &base, const Lone &head, bool isOnly)
{
    std::vector<std::string> both;
    std::set_intersection(base.lines.begin(), base.lines.end(), head.lines.begin(), head.lines.end(),
                          std::back_inserter(both));
    const std::size_t longer = std::max(base.lines.size(), head.lines.size());
    return both.size() >= 3 && (both.size() * 3 >= longer * 2 || (isOnly && both.size() * 5 >= longer * 2));
}

/// Functions of one type that stand on one side only, where one of the base and one of the head are alike.
void addRenamed(const std::map<std::string, const rust::Function *> &base,
                const std::map<std::string, const rust::Function *> &head,
                std::vector<RewrittenFunction> &found)
{
    constexpr std::size_t many = 12;
    std::set<const rust::Function *> paired;
    for (const RewrittenFunction &function : found)
        paired.insert({function.base, function.head});
    const auto alone = [&](const auto &side, const auto &other) {
        std::vector<Lone> functions;
        for (const auto &[path, function] : side) {
            if (function->body && !function->isTest && !other.contains(path) && !paired.contains(function))
                functions.push_back({function, {}});
        }
        return functions;
    };
    std::vector<Lone> gone = alone(base, head);
    std::vector<Lone> added = alone(head, base);
    if (gone.size() > many || added.size() > many)
        return; // another file rather than a changed one
    for (std::vector<Lone> *side : {&gone, &added}) {
        for (Lone &each : *side)
            each.lines = sortedCodeLines(each.function->body);
    }
    const auto countOfType = [](const std::vector<Lone> &side, const Lone &one) {
        return std::count_if(side.begin(), side.end(), [&](const Lone &other) {
            return other.function->selfType == one.function->selfType;
        });
    };
    for (const Lone &now : added) {
        const rust::Function *before = nullptr;
        std::size_t alike = 0;
        for (const Lone &old : gone) {
            if (old.function->selfType == now.function->selfType &&
                isRenamed(old, now, countOfType(gone, old) == 1 && countOfType(added, now) == 1)) {
                before = old.function;
                ++alike;
            }
        }
        if (alike == 1)
            found.push_back(rewritten(*before, *now.function));
    }
    std::stable_sort(found.begin(), found.end(), [](const auto &left, const auto &right) {
        return left.head->node.index() < right.head->node.index();
    });
}

} // namespace

std::vector<std::string> compactLines(const rust::Node &node)
{
    std::vector<std::string> lines;
    const git::Lines &all = node.tree()->lines();
    for (std::uint32_t i = node.lines().begin; i < node.lines().end; ++i)
        lines.push_back(compact(all[i]));
    return lines;
}

bool isCodeLine(const std::string &compactLine)
{
    return compactLine.size() > 2 && !compactLine.starts_with("//");
}

std::size_t linesAdded(const RewrittenFunction &function)
{
    const std::vector<std::string> old = sortedCodeLines(function.base->node);
    const std::vector<std::string> now = sortedCodeLines(function.head->node);
    std::vector<std::string> added;
    std::set_difference(now.begin(), now.end(), old.begin(), old.end(), std::back_inserter(added));
    return added.size();
}

bool isStatement(const rust::Call &call)
{
    const rust::Node parent = rust::withAdapters(call.node).parent();
    return parent.is("expression_statement") ||
           (parent.is("let_declaration") && parent.field("pattern").text() == "_");
}

struct Comparison::Names {
    FunctionNames base;
    FunctionNames head;
};

Comparison::Comparison(const rust::File &base, const rust::File &head) : m_base(base), m_head(head) {}

Comparison::~Comparison() = default;

const Comparison::Names &Comparison::names()
{
    if (!m_names)
        m_names.reset(new Names{FunctionNames(m_base), FunctionNames(m_head)});
    return *m_names;
}

const std::vector<RewrittenFunction> &Comparison::rewrittenFunctions()
{
    if (m_rewritten)
        return *m_rewritten;
    std::vector<RewrittenFunction> found;
    for (const rust::Function &function : m_head.functions()) {
        const rust::Function *before = names().base.sameAs(function, names().head);
        if (before && before->body && function.body && !function.isTest &&
            before->body.text() != function.body.text())
            found.push_back(rewritten(*before, function));
    }
    addRenamed(names().base.all(), names().head.all(), found);
    return m_rewritten.emplace(std::move(found));
}

const std::vector<RewrittenFunction> &rewrittenFunctions(const RuleInput &input)
{
    static const std::vector<RewrittenFunction> none;
    return input.comparison ? input.comparison->rewrittenFunctions() : none;
}

bool Comparison::isWrittenAnew(const rust::Node &headNode)
{
    constexpr std::size_t fewLines = 10;
    const rust::Function *function = m_head.functionAt(headNode);
    if (!function)
        return false;
    const rust::Function *before = names().base.sameAs(*function, names().head);
    if (!before)
        return false;
    const std::vector<std::string> old = sortedCodeLines(before->node);
    const std::vector<std::string> now = sortedCodeLines(function->node);
    std::vector<std::string> gone;
    std::set_difference(old.begin(), old.end(), now.begin(), now.end(), std::back_inserter(gone));
    return gone.size() > fewLines && 3 * gone.size() > old.size();
}

std::size_t countIn(std::string_view text, std::string_view part)
{
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos && !part.empty();
         at = text.find(part, at + part.size()))
        ++count;
    return count;
}

bool callsAny(const rust::Function &function, const IsWanted &isWanted)
{
    const auto calls = rust::callsIn(function.body);
    return std::any_of(calls.begin(), calls.end(), isWanted);
}

bool callsNewFunction(const RewrittenFunction &function, const RuleInput &input,
                      const std::function<bool(const rust::Function &)> &isWanted)
{
    for (const rust::Call &call : rust::callsIn(function.head->body)) {
        if (function.baseCalls->has(call))
            continue;
        for (const rust::Function *callee : input.model.callees(call.node, input.file)) {
            if (callee->body && isWanted(*callee))
                return true;
        }
    }
    return false;
}

std::vector<RemovedCall> removedCalls(const RewrittenFunction &function, const IsWanted &isWanted,
                                      const RuleInput &input)
{
    std::vector<RemovedCall> removed;
    if (countOf(*function.base, isWanted) <= countOf(*function.head, isWanted))
        return removed;
    for (const rust::Call &call : rust::callsIn(function.base->body)) {
        if (isWanted(call) && (!function.headCalls->has(call) || isTheGoneOne(call, function)))
            removed.push_back({call, counterpartOf(call.node, function)});
    }
    const auto doesIt = [&](const rust::Function &callee) { return callsAny(callee, isWanted); };
    if (!removed.empty() && callsNewFunction(function, input, doesIt))
        removed.clear();
    if (removed.empty())
        return removed;
    const std::string base = compact(input.base->tree().text());
    const std::string head = compact(input.file.tree().text());
    std::erase_if(removed, [&](const RemovedCall &each) {
        const std::string call = compact(each.call.node.text());
        const std::size_t receiver = each.call.isMethod() ? compact(each.call.receiver.text()).size() : 0;
        const std::string_view part = std::string_view(call).substr(receiver);
        return countIn(head, part) >= countIn(base, part); // another function of the file does it now
    });
    return removed;
}

Draft draftOfGone(const RemovedCall &removed, const RewrittenFunction &function, const std::string &what,
                  const std::string &verb)
{
    const std::string gone = quoted(removed.call.node.text()) + " is gone";
    Draft draft;
    draft.at = removed.near;
    draft.title = fittingTitle({gone + " from `" + function.head->path() + '`', gone, what});
    draft.evidence = {removed.call.node};
    draft.facts = {"resolved: `" + std::string(removed.call.name) +
                       "` is called before the change and not after it",
                   "assumed: nothing that calls `" + function.head->name + "` " + verb + " in its place"};
    return draft;
}

namespace {

/// The same call that stands before the place on both sides, or after it, else the function's name.
rust::Node callBeside(const rust::Node &baseNode, const RewrittenFunction &function)
{
    rust::Node before;
    rust::Node after;
    const rust::Call within = rust::toCall(rust::stripAdapters(rust::toCall(baseNode).receiver));
    if (within && function.headCalls->has(within))
        before = within.node; // what the call was chained to
    for (const rust::Call &call : rust::callsIn(function.base->body)) {
        if (before == within.node && before)
            break;
        if (isOneOf(call.path, {"Some", "Ok", "Err"}) || call.node.isInside(baseNode) ||
            baseNode.isInside(call.node) || !function.headCalls->has(call))
            continue;
        if (call.node.index() < baseNode.index())
            before = call.node;
        else if (!after)
            after = call.node;
    }
    const rust::Node neighbour = before ? before : after;
    if (neighbour) {
        // Of several that are the same the one that stands as far down among them.
        const auto &old = function.baseCalls->like(rust::toCall(neighbour));
        const auto at = std::find_if(old.begin(), old.end(),
                                     [&](const rust::Call *call) { return call->node == neighbour; });
        const auto number = static_cast<std::size_t>(at - old.begin());
        if (const auto &same = function.headCalls->like(rust::toCall(neighbour)); !same.empty())
            return same[neighbour == within.node ? 0 : std::min(number, same.size() - 1)]->node;
    }
    return function.head->node.field("name");
}

} // namespace

rust::Node counterpartOf(const rust::Node &baseNode, const RewrittenFunction &function)
{
    constexpr std::uint32_t fewLines = 2;
    const rust::Node now = standsNowAt(baseNode, function);
    const rust::Node named = callBeside(baseNode, function);
    const std::uint32_t at = named.lines().begin;
    const bool isNear = at + fewLines >= now.lines().begin && at <= now.lines().begin + fewLines;
    return now && !isNear ? now : named;
}

} // namespace review::rules
