// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/atomics.h"

#include "review/rules/call_search.h"
#include "review/rules/phrases.h"

#include <algorithm>

namespace review::rules {

std::string_view orderingOf(const rust::Node &argument)
{
    if (!argument.isAny({"identifier", "scoped_identifier"}))
        return {};
    const std::string_view text = argument.text();
    const std::size_t colon = text.rfind(':');
    const std::string_view name = colon == std::string_view::npos ? text : text.substr(colon + 1);
    return isOneOf(name, {"Relaxed", "Acquire", "Release", "AcqRel", "SeqCst"}) ? name : std::string_view();
}

bool takesMutSelf(const rust::Function &function)
{
    const auto isMutSelf = [](const rust::Parameter &parameter) {
        return parameter.name == "self" && parameter.pattern.text().find("mut") != std::string_view::npos;
    };
    return std::any_of(function.parameters.begin(), function.parameters.end(), isMutSelf);
}

bool AtomicAccess::acquires() const
{
    return kind != Kind::Store && (ordering == "Acquire" || ordering == "AcqRel" || ordering == "SeqCst");
}

bool AtomicAccess::releases() const
{
    return kind != Kind::Load && (ordering == "Release" || ordering == "AcqRel" || ordering == "SeqCst");
}

AtomicAccess atomicAccess(const rust::Call &call)
{
    AtomicAccess access;
    if (!call.isMethod() || call.arguments.empty() || call.arguments.size() > 4)
        return access;
    using enum AtomicAccess::Kind;
    const std::size_t count = call.arguments.size();
    const auto at = [&](std::size_t index) {
        return index < count ? orderingOf(call.arguments[index]) : std::string_view();
    };
    if (call.name == "load" && count == 1) {
        access.ordering = at(0);
    } else if (call.name == "store" && count == 2) {
        access.kind = Store;
        access.ordering = at(1);
    } else if ((call.name == "swap" || call.name.starts_with("fetch_")) && count == 2) {
        access.kind = Modify;
        access.ordering = at(1);
    } else if (call.name == "fetch_update" && count == 3) {
        access.kind = CompareExchange;
        access.ordering = at(0);
        access.onFailure = at(1);
    } else if (call.name.starts_with("compare_exchange") && count == 4) {
        access.kind = CompareExchange;
        access.ordering = at(2);
        access.onFailure = at(3);
    } else if (call.name == "compare_and_swap" && count == 3) {
        access.kind = Modify;
        access.ordering = at(2);
    }
    if (access.ordering.empty())
        return access;
    access.call = call;
    access.place = rust::placeText(call.receiver);
    if (access.place.empty())
        access.place = compact(call.receiver.text());
    return access;
}

std::vector<AtomicAccess> atomicAccessesIn(const rust::Node &node)
{
    std::vector<AtomicAccess> accesses;
    for (const rust::Call &call : rust::callsIn(node)) {
        if (AtomicAccess access = atomicAccess(call); !access.place.empty())
            accesses.push_back(std::move(access));
    }
    return accesses;
}

bool hasAtomics(const rust::File &file)
{
    return hasAny(file, {"Relaxed", "Acquire", "Release", "SeqCst", "AcqRel"});
}

std::string fieldNameOf(std::string_view place)
{
    const std::size_t dot = place.find_last_of(".:");
    std::string name(dot == std::string_view::npos ? place : place.substr(dot + 1));
    return name.substr(0, name.find('['));
}

} // namespace review::rules
