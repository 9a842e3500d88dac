// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <string>
#include <utility>

namespace review::rules {

namespace {

/// A descriptor that nobody closes by itself: `x.into_raw_fd()`, a system call that opens one.
bool opens(const rust::Node &value)
{
    const rust::Node inner = rust::stripAdapters(value);
    const rust::Call call = rust::toCall(inner);
    if (isOneOf(call.name, {"into_raw_fd", "into_raw_socket", "into_raw_handle"}))
        return true;
    if (call.path.starts_with("libc::") &&
        isOneOf(call.name,
                {"socket", "open", "eventfd", "epoll_create", "epoll_create1", "kqueue", "dup", "accept",
                 "accept4", "timerfd_create", "memfd_create", "inotify_init1", "openat", "signalfd"}))
        return true;
    if (isOneOf(rust::macroName(inner), {"syscall", "cvt"})) {
        const std::string text = compact(inner.text());
        for (const char *name : {"!(socket(", "!(open(", "!(eventfd(", "!(epoll_create1(", "!(epoll_create(",
                                 "!(kqueue(", "!(dup(", "!(accept4(", "!(accept(", "!(timerfd_create("}) {
            if (text.find(name) != std::string::npos)
                return true;
        }
    }
    return false;
}

/// Somebody owns or closes it from here on.
bool owns(const rust::Node &node, std::string_view name)
{
    const rust::Call call = rust::toCall(node);
    if (!isOneOf(call.name, {"from_raw_fd", "from_raw_socket", "from_raw_handle", "close", "borrow_raw",
                             "new", "from"}) &&
        rust::macroName(node).empty())
        return false;
    if (!call && compact(node.text()).find("close(" + std::string(name)) == std::string::npos)
        return false;
    return !call || !rust::usesOf(name, node).empty();
}

/// `if fd < 0 { return Err(..) }`: there is no descriptor to close.
bool saysThatNoneWasOpened(const rust::Node &exit, std::string_view name)
{
    const rust::Node branch = exit.ancestor({"if_expression", "match_arm", "function_item"});
    return branch.is("if_expression") && !rust::usesOf(name, branch.field("condition")).empty();
}

/// The first way out of the function between the two places.
rust::Node exitBetween(const rust::Node &body, const rust::Node &from, std::string_view name)
{
    rust::Node exit;
    for (const rust::Node node : body.descendants()) {
        if (node.index() <= from.index() || node.isInside(from) || !rust::runsIn(node, body))
            continue;
        if (owns(node, name))
            return exit;
        if (!exit && node.is("return_expression") && !saysThatNoneWasOpened(node, name) &&
            rust::usesOf(name, node).empty() && mentions(node.text(), {"err"}))
            exit = node;
        const auto ownsInside = [](const rust::Node &part) {
            return rust::toCall(part).name.find("from_raw_") != std::string_view::npos;
        };
        if (!exit && node.is("try_expression") && !anyIn(node, ownsInside))
            exit = node;
    }
    return {};
}

} // namespace

void check_raw_fd_not_owned(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("from_raw_"))
        return;
    for (const rust::Node &declaration : input.file.root().descendants("let_declaration")) {
        const rust::Node pattern = declaration.field("pattern");
        if (!pattern.is("identifier") || !opens(declaration.field("value")))
            continue;
        const rust::Node body = rust::bodyOf(declaration);
        const rust::Node exit = body ? exitBetween(body, declaration, pattern.text()) : rust::Node();
        if (!exit)
            continue;
        const std::string name(pattern.text());
        Draft draft;
        draft.at = declaration;
        draft.title =
            fittingTitle({"`" + name + "` stays open when " + quoted(exit.text()) + " ends the function",
                          "`" + name + "` stays open on an early return"});
        draft.steps = {
            {"function", "holds `" + name + "` as a bare number, which nothing closes", declaration},
            {"function", "ends here with an error", exit}};
        draft.outcome = "Each failure leaves one more descriptor open, until the process can open none.";
        draft.evidence = {exit};
        draft.facts = {"resolved: `" + name + "` is owned or closed only after this way out",
                       "assumed: nobody else closes it"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
