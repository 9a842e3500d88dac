// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/raw_memory.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool frees(const Call &call)
{
    if (call.isMethod())
        return false;
    return isOneOf(call.name, {"from_raw", "dealloc", "free", "drop_in_place", "close", "from_raw_fd"}) ||
           (call.name.find('_') != std::string_view::npos &&
            mentions(call.name, {"destroy", "free", "release", "delete", "unref", "close"}));
}

/// Where `drop` frees a field, by a pointer or number that a copy of the struct would hold as well.
Node freedIn(const rust::Function &drop, const rust::Field &field)
{
    const std::string place = "self." + field.name;
    for (const Call &call : rust::callsIn(drop.body)) {
        if (frees(call) && !call.arguments.empty() && handedPlace(call.arguments.front()) == place)
            return call.node;
    }
    return {};
}

bool isPlainHandle(const Node &type)
{
    const std::string text = compact(type.text());
    return type.is("pointer_type") || text.starts_with("NonNull<") || text == "RawFd" || text == "c_int" ||
           text == "libc::c_int";
}

void checkStruct(const rust::Struct &owner, const std::string &derive, const RuleInput &input,
                 Reporter &reporter)
{
    for (const rust::Function *drop : input.model.methods(owner.name, "drop")) {
        if (drop->traitName != "Drop" || !drop->body || drop->file != owner.file)
            continue;
        for (const rust::Field &field : owner.fields) {
            const Node freed = isPlainHandle(field.type) ? freedIn(*drop, field) : Node();
            if (!freed)
                continue;
            Draft draft;
            draft.at = owner.node;
            draft.title = fittingTitle({"A clone of `" + owner.name + "` frees `" + field.name + "` again",
                                        "A derived `Clone` copies a handle that `drop` frees"});
            draft.steps = {{"caller",
                            "clones the `" + owner.name + "`; both hold the same `" + field.name + "`",
                            field.node},
                           {"thread", "drops one of them, which frees it", freed},
                           {"thread", "uses or drops the other", freed}};
            draft.outcome = "Use after free, then a double free.";
            draft.evidence = {field.node, freed};
            draft.facts = {"resolved: `" + derive + "` is derived and copies the field as it is",
                           "resolved: `drop` calls " + quoted(freed.text(), 50)};
            reporter.report(std::move(draft));
            return;
        }
    }
}

} // namespace

void check_derived_clone_frees(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Struct &owner : input.file.structs()) {
        const auto derives =
            std::find_if(owner.attributes.begin(), owner.attributes.end(), [](const auto &text) {
                return text.starts_with("derive") && text.find("Clone") != std::string::npos;
            });
        if (derives != owner.attributes.end() && !input.file.isTest(owner.node))
            checkStruct(owner, "Clone", input, reporter);
    }
}

} // namespace review::rules
