// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/types.h"

#include <string>
#include <string_view>

namespace review::rules {

namespace {

/// The atomic that holds the same values; empty if there is none.
std::string_view atomicFor(std::string_view scalar)
{
    if (scalar == "bool")
        return "AtomicBool";
    if (scalar == "u64" || scalar == "i64")
        return scalar == "u64" ? "AtomicU64" : "AtomicI64";
    if (scalar == "u32" || scalar == "i32")
        return scalar == "u32" ? "AtomicU32" : "AtomicI32";
    if (scalar == "usize" || scalar == "isize")
        return scalar == "usize" ? "AtomicUsize" : "AtomicIsize";
    return {};
}

} // namespace

void check_mutex_over_scalar(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    // A condition variable needs a mutex, whatever it protects.
    if ((!tree.contains("Mutex<") && !tree.contains("RwLock<")) || tree.contains("Condvar"))
        return;
    for (const rust::Struct &owner : input.file.structs()) {
        for (const rust::Field &field : owner.fields) {
            if (field.type.text().find("Mutex<") == std::string_view::npos &&
                field.type.text().find("RwLock<") == std::string_view::npos)
                continue;
            const rust::Type type = input.model.typeOf(field.type, input.file).peeled();
            const rust::LockFamily family = rust::lockFamily(type);
            const std::string_view atomic = type.args.empty() ? "" : atomicFor(type.args.front().path);
            if (family == rust::LockFamily::None || family == rust::LockFamily::Unknown ||
                family == rust::LockFamily::RefCell || atomic.empty())
                continue;
            const std::string name = quoted(owner.name + "." + field.name, 36);
            Draft draft;
            draft.at = field.node;
            draft.title = fittingTitle({name + " locks for one `" + type.args.front().path + "`",
                                        quoted(field.name, 36) + " locks for a single number"});
            draft.steps = {
                {"thread 1", "locks " + name + " to read or set one value", field.node},
                {"thread 2", "waits, though the processor does this in one instruction", field.node}};
            draft.outcome = "Threads queue up for a value that `" + std::string(atomic) +
                            "` reads and changes without a lock.";
            draft.facts = {"resolved: " + name + " is a `" + std::string(type.name()) + "` of " +
                               rust::toText(family),
                           "assumed: no other code holds this lock to protect more than the value"};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
