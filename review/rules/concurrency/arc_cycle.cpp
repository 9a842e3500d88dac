// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The method runs on a counted object: `self: Arc<Self>`, `self: &Arc<Self>`.
bool hasCountedSelf(const rust::Function &function)
{
    return !function.parameters.empty() && function.parameters.front().name == "self" &&
           hasAny(compact(function.parameters.front().pattern.text()) +
                      compact(function.parameters.front().type.text()) +
                      compact(function.node.field("parameters").text().substr(0, 40)),
                  {"self:Arc<Self>", "self:&Arc<Self>", "self:Rc<Self>", "self:&Rc<Self>"});
}

/// The expression is one more reference to the object itself: `self.clone()`, `Arc::clone(&self)`.
bool isOwnReference(const Node &expression)
{
    const std::string text = compact(expression.text());
    return isOneOf(text, {"self.clone()", "Arc::clone(self)", "Arc::clone(&self)", "Rc::clone(self)",
                          "Rc::clone(&self)"});
}

/// The name by which the closure holds the object: a variable made of it outside of the closure.
Node ownReferenceIn(const Node &closure)
{
    if (closure.text().find("upgrade()") != std::string_view::npos)
        return {};
    for (const Node &name : closure.descendants("identifier")) {
        const Node made = rust::initialiserOf(name);
        if (made && !made.isInside(closure) && isOwnReference(made))
            return made;
    }
    // `let this = self.clone()` outside is another body's variable: by its name.
    const Node body = rust::bodyOf(closure);
    for (const Node &let : body.descendants("let_declaration")) {
        const std::string name = compact(let.field("pattern").text());
        if (let.index() < closure.index() && isOwnReference(let.field("value")) && rust::blockOf(let) &&
            closure.isInside(rust::blockOf(let)) &&
            anyIn(closure, [&](const Node &node) { return node.is("identifier") && node.text() == name; }))
            return let.field("value");
    }
    return {};
}

/// Where the closure is kept in the object: `self.hooks.lock().unwrap().push(Box::new(…))`,
/// `self.on_close.set(…)`.
Call keptIn(const Node &closure)
{
    for (Node around = closure.parent();
         around && !around.isAny({"block", "closure_expression", "function_item"});
         around = around.parent()) {
        const Call call = rust::toCall(around);
        if (!call.isMethod() || !isOneOf(call.name, {"push", "push_back", "insert", "set", "replace", "store",
                                                     "get_or_insert", "get_or_init"}))
            continue;
        std::string_view receiver = call.receiver.text();
        return receiver.starts_with("self.") ? call : Call();
    }
    return {};
}

/// Something lets go of what the field holds: a shutdown, a drop, a cancellation.
bool isLetGo(const Call &kept, const RuleInput &input)
{
    const std::string receiver = compact(kept.receiver.text()).substr(5);
    const std::string field = receiver.substr(0, receiver.find_first_of(".(["));
    const std::string &text = input.file.tree().text();
    for (std::size_t at = text.find("." + field); at != std::string::npos;
         at = text.find("." + field, at + 1)) {
        const std::string_view rest = std::string_view(text).substr(at + field.size() + 1, 60);
        const std::string_view line = rest.substr(0, rest.find('\n'));
        if (hasAny(line,
                   {".take()", ".clear()", ".remove(", ".drain(", ".retain(", ".pop", "= None", "mem::take"}))
            return true;
    }
    return text.find("mem::take(&mut self." + field) != std::string::npos;
}

} // namespace

void check_arc_cycle(const RuleInput &input, Reporter &reporter)
{
    if (!hasAny(input.file, {"Arc<Self>", "Rc<Self>"}))
        return;
    for (const Node &closure : input.file.root().descendants("closure_expression")) {
        const rust::Function *function = input.file.functionAt(closure);
        if (!function || input.file.isTest(closure) || !hasCountedSelf(*function) ||
            !closure.text().starts_with("move"))
            continue;
        const Call kept = keptIn(closure);
        const Node reference = kept ? ownReferenceIn(closure) : Node();
        if (!reference || isLetGo(kept, input))
            continue;
        const std::string place = quoted(rust::stripAdapters(kept.receiver).text(), 26);
        Draft draft;
        draft.at = closure;
        draft.title = fittingTitle({"The closure kept in " + place + " keeps its own owner alive",
                                    "A kept closure keeps its own owner alive"});
        draft.steps = {{"thread", "makes one more reference to the object", reference},
                       {"thread", "moves it into a closure that the object keeps in " + place, kept.node},
                       {"thread", "drops its last reference; the closure still has one", closure}};
        draft.outcome =
            "The object and the closure own each other and are never dropped, with all that they hold: "
            "files, connections, memory.";
        draft.facts = {"resolved: the closure owns a strong reference to the object that keeps it",
                       "resolved: nothing in this file takes it out again"};
        draft.evidence = {reference, kept.node};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
