// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_wording.h"
#include "review/rules/relocks.h"

#include <set>
#include <string>
#include <string_view>

namespace review::rules {
namespace {

/// Some text takes the lock of this name to write: `updates.write(`, whatever stands between the two.
bool isWritten(const std::string &receiver, const RuleInput &input)
{
    const std::string name = receiver.substr(receiver.rfind('.') + 1);
    if (name.empty() || name.ends_with(')'))
        return true;
    for (const auto &source : input.model.sources()) {
        const std::string &text = source->text();
        for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
            const std::size_t dot = text.find_first_not_of(" \n\t", at + name.size());
            if (dot == std::string::npos || text[dot] != '.')
                continue;
            const std::string_view method = std::string_view(text).substr(dot + 1, 18);
            if (method.starts_with("write") || method.starts_with("try_write") ||
                method.starts_with("blocking_write") || method.starts_with("upgrad"))
                return true;
        }
    }
    return false;
}

} // namespace

void check_rwlock_recursive_read(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("read"))
        return;
    for (const rust::Node &body : input.locks.bodies(input.file)) {
        std::set<std::string> told;
        for (const Relock &relock : relocksIn(body, input, RelockKind::Shared)) {
            if (!told.insert(relock.guard.lock.key).second)
                continue;
            Draft draft = describeRelock(relock, input.file);
            draft.title = quoted(relock.guard.lock.receiver, 36) + " is read-locked twice at once";
            draft.facts.push_back("assumed: someone write-locks it at the same time");
            // Two looks in one expression are short; the gap for a writer is small.
            if (relock.guard.variable.empty() && !relock.callee)
                draft.confidence *= 0.8;
            if (!isWritten(relock.guard.lock.receiver, input)) {
                draft.facts.push_back("assumed: someone writes, though no text here does by this name");
                draft.confidence *= 0.7;
            }
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
