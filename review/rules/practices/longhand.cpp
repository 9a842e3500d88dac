// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"

#include <string>
#include <utility>

namespace review::rules {

namespace {

using rust::Node;

void report(const Node &at, const std::string &better, const std::string &why, Reporter &reporter)
{
    Draft draft;
    draft.at = at;
    draft.title = fittingTitle({"Has a shorter form: " + better, "There is a shorter form"});
    draft.steps = {{"the code", "says " + quoted(at.text(), 60), at}};
    draft.why = why;
    draft.facts = {"resolved: the form is decided by the syntax alone"};
    reporter.report(std::move(draft));
}

bool isFormat(const Node &argument)
{
    const Node inner = argument.is("reference_expression") ? argument.field("value") : argument;
    return rust::macroName(inner) == "format";
}

/// `|x| x.clone()`, `|x| *x`
bool isCloning(const Node &closure)
{
    if (!closure.is("closure_expression"))
        return false;
    const std::string text = compact(closure.text());
    const std::size_t bar = text.find('|', 1);
    if (bar == std::string::npos)
        return false;
    const std::string name = text.substr(1, bar - 1);
    return text.substr(bar + 1) == name + ".clone()" || text.substr(bar + 1) == "*" + name;
}

bool isEmptyMade(const Node &value)
{
    const std::string text = compact(value.text());
    return isOneOf(text, {"Vec::new()", "String::new()", "HashMap::new()", "BTreeMap::new()", "vec![]",
                          "HashSet::new()", "Default::default()", "BTreeSet::new()", "VecDeque::new()"});
}

/// `&Vec<T>`, `&String`: a slice takes more, and costs nothing.
void checkParameters(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        if (!function.traitName.empty() || function.isTest)
            continue;
        for (const rust::Parameter &parameter : function.parameters) {
            const std::string type = parameter.type ? compact(parameter.type.text()) : std::string();
            if (type.starts_with("&Vec<") || type == "&String" || type == "&PathBuf")
                report(parameter.type,
                       type == "&String"    ? "`&str`"
                       : type == "&PathBuf" ? "`&Path`"
                                            : "`&[T]`",
                       "The reference to the container can do nothing that the slice cannot.", reporter);
        }
    }
}

} // namespace

void check_longhand(const RuleInput &input, Reporter &reporter)
{
    checkParameters(input, reporter);
    for (const rust::Call &call : callsNamed({"expect"}, input.file)) {
        if (call.isMethod() && call.arguments.size() == 1 && isFormat(call.arguments.front()))
            report(call.node, "`unwrap_or_else(|e| panic!(…))`",
                   "The message is made, with an allocation, even when nothing fails.", reporter);
    }
    for (const rust::Call &call : callsNamed({"map"}, input.file)) {
        if (call.isMethod() && call.arguments.size() == 1 && isCloning(call.arguments.front()))
            report(call.node, "`.cloned()` or `.copied()`",
                   "The adapter says what happens, and knows its length.", reporter);
    }
    for (const rust::Call &call : callsNamed({"or_insert", "unwrap_or"}, input.file)) {
        if (call.isMethod() && call.arguments.size() == 1 && isEmptyMade(call.arguments.front()))
            report(call.node, call.name == "or_insert" ? "`.or_default()`" : "`.unwrap_or_default()`",
                   "The value is made only when it is needed, and its type stands once.", reporter);
    }
    for (const rust::Call &call : callsNamed({"replace"}, input.file)) {
        if (mentions(call.path, {"mem::replace"}) && call.arguments.size() == 2 &&
            isEmptyMade(call.arguments.back()))
            report(call.node, "`mem::take`", "It says that the value is moved out.", reporter);
    }
    for (const rust::Call &call : callsNamed({"next"}, input.file)) {
        const rust::Call filter = call.isMethod() ? rust::toCall(call.receiver) : rust::Call();
        if (filter.name == "filter" && filter.isMethod() && filter.arguments.size() == 1 &&
            !call.node.parent().is("field_expression"))
            report(call.node, "`.find(…)`", "One adapter says it.", reporter);
    }
    for (const rust::Call &call :
         callsNamed({"sort_by", "max_by", "min_by", "sort_unstable_by"}, input.file)) {
        const std::string text = compact(call.node.text());
        if (text.find("partial_cmp(") != std::string::npos && text.find(").unwrap()") != std::string::npos)
            report(call.node, "`total_cmp`", "One NaN in the data makes the comparison panic.", reporter);
    }
}

} // namespace review::rules
