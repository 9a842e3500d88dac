// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_targets.h"

#include <string>

namespace review::rules {

namespace {

bool isInCrate(const std::string &path)
{
    return path.starts_with("Self::") || path.starts_with("crate::") || path.starts_with("self::") ||
           path.starts_with("super::");
}

} // namespace

bool isSureTarget(const rust::Call &call, const rust::Function &callee, const rust::File &file,
                  const rust::Model &model)
{
    if (call.isMethod()) {
        if (call.receiver.text() == "self") {
            const rust::Function *caller = file.functionAt(call.node);
            return caller && !callee.selfType.empty() && caller->selfType == callee.selfType;
        }
        const rust::Type type = model.infer(call.receiver, file);
        return type.known() && !type.assumed;
    }
    const bool isPath = call.path.find("::") != std::string::npos;
    return (isPath || callee.selfType.empty()) &&
           (callee.file == &file || isInCrate(file.resolve(call.path)));
}

} // namespace review::rules
