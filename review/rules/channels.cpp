// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/channels.h"

namespace review::rules {

std::string channelEnd(const rust::Node &expression, const RuleInput &input)
{
    const rust::Type type = input.model.infer(expression, input.file);
    if (type.assumed)
        return {};
    const rust::Type &peeled = type.peeled();
    const std::string_view name = peeled.name();
    if (!name.ends_with("Sender") && !name.ends_with("Receiver"))
        return {};
    // `tokio::sync::broadcast` is often imported as a module of that name.
    for (const char *kind : {"broadcast", "watch", "oneshot", "mpsc"}) {
        const std::string tail = std::string(kind) + "::" + std::string(name);
        if (peeled.path == tail)
            return "tokio::sync::" + tail;
    }
    return peeled.path;
}

} // namespace review::rules
