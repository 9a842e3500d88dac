// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/rule.h"
#include "review/rust/calls.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace review::rules {

/// What makes two calls of two sides the same one: name, and receiver or path, without white space.
std::string signatureOf(const rust::Call &call);

/// The calls of one function by their signatures, found out by one pass over it.
class CallsBySignature {
public:
    explicit CallsBySignature(const rust::Function &function);
    /// Those of the same signature, in source order.
    const std::vector<const rust::Call *> &like(const rust::Call &call) const;
    bool has(const rust::Call &call) const { return !like(call).empty(); }

private:
    std::unordered_map<std::string, std::vector<const rust::Call *>> m_calls;
};

/// A function of the file that the change rewrote: the same path on both sides, once each, with other texts;
/// or another name of the same type, with most of its lines.
struct RewrittenFunction {
    const rust::Function *base = nullptr;
    const rust::Function *head = nullptr;
    std::shared_ptr<const CallsBySignature> baseCalls; ///< never null
    std::shared_ptr<const CallsBySignature> headCalls;
};

/// What the rules that compare a file with what it was all ask, worked out when it is first asked for. For
/// one thread; the two files outlive it.
class Comparison {
public:
    Comparison(const rust::File &base, const rust::File &head);
    ~Comparison();

    /// Outside of tests, in source order.
    const std::vector<RewrittenFunction> &rewrittenFunctions();

    /// The function around the node of the head was written anew rather than changed in a place: more than
    /// ten of its lines of code are gone, and more than a third. What is missing then has mostly another
    /// form. False where the node's function has no counterpart in the base.
    bool isWrittenAnew(const rust::Node &headNode);

private:
    struct Names;
    const Names &names();

    const rust::File &m_base;
    const rust::File &m_head;
    std::unique_ptr<const Names> m_names;
    std::optional<std::vector<RewrittenFunction>> m_rewritten;
};

/// Those of the rule's file; none where it is new.
const std::vector<RewrittenFunction> &rewrittenFunctions(const RuleInput &input);

using IsWanted = std::function<bool(const rust::Call &)>;

/// A call that the base has and the head lacks.
struct RemovedCall {
    rust::Call call; ///< of the base
    rust::Node near; ///< in the head: the call that stood next to it, else the function's name
};

/// The wanted calls of the base that are gone: more of them there than in the head, none of the same receiver
/// or path left (or fewer of these, and the others still follow what they followed), none in a function
/// of this repository that only the head calls, and fewer of its name and arguments in the file.
std::vector<RemovedCall> removedCalls(const RewrittenFunction &function, const IsWanted &isWanted,
                                      const RuleInput &input);

/// What all say of a call that is gone: place, title, evidence and facts. `what` is the title where the
/// call's own text does not fit ("A wake-up is gone"), `verb` what the call does ("wakes").
Draft draftOfGone(const RemovedCall &removed, const RewrittenFunction &function, const std::string &what,
                  const std::string &verb);

/// Where the head is nearest to a place of the base: the same call before it, or after it, where that is at
/// most two lines away from where the place would stand now; else what stands there.
rust::Node counterpartOf(const rust::Node &baseNode, const RewrittenFunction &function);

/// How often a part stands in a text, without overlaps.
std::size_t countIn(std::string_view text, std::string_view part);

/// The lines that a node stands on, without white space.
std::vector<std::string> compactLines(const rust::Node &node);
/// No comment, no lone bracket, not empty.
bool isCodeLine(const std::string &compactLine);

/// The lines of code of the head that the base has not, and how many. A change that only takes away adds none
/// or one.
std::size_t linesAdded(const RewrittenFunction &function);
/// The call is a statement of its own, made for what it does: `map.remove(&k);`, `log.flush().await?;`,
/// `let _ = x.close();`.
bool isStatement(const rust::Call &call);

/// The head calls a function with a body, which the base does not call, and which is wanted: what was taken
/// away may be done there.
bool callsNewFunction(const RewrittenFunction &function, const RuleInput &input,
                      const std::function<bool(const rust::Function &)> &isWanted);

/// A call of this name stands in the function's body, macros included.
bool callsAny(const rust::Function &function, const IsWanted &isWanted);

} // namespace review::rules
