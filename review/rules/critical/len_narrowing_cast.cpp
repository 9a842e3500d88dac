// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/checks.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// `x.len()`, possibly through a let.
Node lengthOf(const Node &value)
{
    const Node length = value.is("identifier") ? rust::initialiserOf(value) : value;
    const Call call = rust::toCall(length);
    return call.isMethod() && call.name == "len" && call.arguments.empty() ? length : Node();
}

/// A list, text or bytes of any length; types of our own have limits of their own.
bool hasFreeLength(const Call &call, const RuleInput &input)
{
    if (isConstant(call.receiver))
        return false;
    const rust::Type type = input.model.infer(call.receiver, input.file);
    return isOneOf(type.peeled().name(), {"Vec", "String", "str", "[]", "Bytes", "BytesMut", "VecDeque",
                                          "HashMap", "BTreeMap", "HashSet", "BTreeSet", "SmallVec"});
}

Draft makeDraft(const Node &cast, const Node &length, const std::string &type)
{
    const std::string code = quoted(cast.text(), 34);
    Draft draft;
    draft.at = cast;
    draft.title =
        fittingTitle({code + " wraps around for a longer value", "A length is cut to a `" + type + "`"});
    const std::string limit = type.ends_with("8") ? "255" : "65,535";
    draft.steps = {{"caller", "hands over something longer than " + limit, length},
                   {"code", "keeps the low bits of the length only", cast}};
    draft.outcome =
        "The length that is written is too small: the reader takes the rest of the value for the next "
        "field, or the record cannot be read back.";
    draft.evidence = {length};
    draft.facts = {"resolved: " + quoted(cast.field("value").text(), 30) + " is a length of 64 bits",
                   "resolved: nothing before compares it with a limit"};
    return draft;
}

} // namespace

void check_len_narrowing_cast(const RuleInput &input, Reporter &reporter)
{
    for (const Node &node : input.file.root().descendants("type_cast_expression")) {
        if (!node.is("type_cast_expression"))
            continue;
        const std::string type(node.field("type").text());
        const Node length =
            isOneOf(type, {"u8", "u16", "i16", "i8"}) ? lengthOf(node.field("value")) : Node();
        if (!length || isTestOrTool(node, input.file) || !hasFreeLength(rust::toCall(length), input))
            continue;
        if (!isCheckedBefore(node, placesIn(node.field("value"))))
            reporter.report(makeDraft(node, length, type));
    }
}

} // namespace review::rules
