// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/query.h"
#include "review/rules/query_matcher.h"
#include "review/rules/rule.h"

#include <string>
#include <vector>

namespace review::rules {

/// What a predicate answers of one node. Unknown is neither yes nor no: neither `#type-is?` nor
/// `#not-type-is?` holds of a type that is not known.
struct QueryAnswer {
    enum class State { No, Yes, Unknown };
    State state = State::Unknown;
    std::string fact;       ///< what a Yes rests on, for people; empty: nothing to tell
    bool isAssumed = false; ///< the answer rests on a guess

    QueryAnswer() = default;
    QueryAnswer(bool yes, std::string told = {}) : state(yes ? State::Yes : State::No), fact(std::move(told))
    {}
};

/// Why a predicate can't be asked: there is none of this name, or it takes other arguments. Empty: it can.
std::string whyWrong(const QueryPredicate &predicate);

/// Whether all predicates hold of a match. What they rest on is added to `facts` ("resolved: …",
/// "assumed: …"). Asks the Rust model; its cost is charged to the matcher.
bool holds(const std::vector<QueryPredicate> &predicates, const QueryCaptures &captures,
           const RuleInput &input, QueryMatcher &matcher, std::vector<std::string> &facts);

} // namespace review::rules
