// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_targets.h"

#include "review/rules/phrases.h"

#include <algorithm>
#include <string>

namespace review::rules {

namespace {

bool isInCrate(const std::string &path)
{
    return path.starts_with("Self::") || path.starts_with("crate::") || path.starts_with("self::") ||
           path.starts_with("super::");
}

/// "rust/cache" of "rust/cache/src/foyer.rs".
std::string crateOf(const rust::File &file)
{
    const std::size_t at = file.path().rfind("src/");
    return at == std::string::npos ? std::string() : file.path().substr(0, at);
}

/// The path leads into another crate, by its first part: `foyer::Cache` while this crate is not called so.
bool isForeign(const std::string &path, const std::string &crate)
{
    const std::size_t colon = path.find("::");
    const std::string first = path.substr(0, colon);
    if (colon == std::string::npos || isOneOf(first, {"crate", "self", "super", "Self"}))
        return false;
    std::string folder = crate.substr(0, crate.empty() ? 0 : crate.size() - 1);
    folder = folder.substr(folder.rfind('/') == std::string::npos ? 0 : folder.rfind('/') + 1);
    std::replace(folder.begin(), folder.end(), '-', '_');
    return first != folder;
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
        // What another crate calls by the same name is no method of this one.
        const std::string crate = crateOf(file);
        const std::string &path = type.peeled().path;
        const bool isOthers = !crate.empty() && crateOf(*callee.file) == crate && isForeign(path, crate);
        return type.known() && !type.assumed && !isOthers;
    }
    const bool isPath = call.path.find("::") != std::string::npos;
    return (isPath || callee.selfType.empty()) &&
           (callee.file == &file || isInCrate(file.resolve(call.path)));
}

} // namespace review::rules
