// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_wording.h"

#include "review/rust/flow.h"

namespace review::rules {

std::string lockFact(const rust::Lock &lock)
{
    if (lock.typeName.empty())
        return "assumed: " + quoted(lock.receiver, 60) + " is a lock; its type was not seen";
    std::string fact = lock.assumed ? "assumed: " : "resolved: ";
    fact += quoted(lock.receiver, 60) + " is a `" + lock.typeName + "` of " + rust::toText(lock.family);
    if (lock.assumed)
        fact += ", judged by its name alone";
    return fact;
}

std::string lockingVerb(const rust::Lock &lock, rust::GuardMode mode)
{
    if (lock.family == rust::LockFamily::RefCell)
        return mode == rust::GuardMode::Shared ? "borrows" : "mutably borrows";
    if (lock.typeName.find("RwLock") == std::string::npos)
        return "locks";
    return mode == rust::GuardMode::Shared ? "read-locks" : "write-locks";
}

std::string actorOf(const rust::Node &node, const rust::File &file)
{
    return rust::runsAsync(node, file) ? "task" : "thread";
}

std::string editionFact(const rust::File &file)
{
    return (file.editionKnown() ? "resolved: the crate's edition is " : "assumed: the crate's edition is ") +
           file.edition();
}

} // namespace review::rules
