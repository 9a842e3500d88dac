// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/model.h"

#include "review/rust/model_answers.h"
#include "review/rust/path_parts.h"
#include "review/rust/type_reader.h"

#include <algorithm>

namespace review::rust {
namespace {

/// Else nothing of that name comes through the module, and its file need not be read.
bool mayBring(const SourceFile &module, std::string_view name)
{
    return module.names().mayUse(name) || module.names().hasGlobs;
}

/// The folder that a file's crate has its sources in, with the name that code uses: "disk_io" of
/// "crates/disk-io/src/file.rs". Empty where the crate is the repository's own folder.
std::string crateName(const std::string &path)
{
    const std::size_t source = path.rfind("src/");
    std::string folder = path.substr(0, source == std::string::npos ? path.rfind('/') + 1 : source);
    if (!folder.empty())
        folder.pop_back();
    folder = folder.substr(folder.rfind('/') + 1);
    std::replace(folder.begin(), folder.end(), '-', '_');
    return folder;
}

/// A crate's folder often has only the end of its name: `app_common_base` in `common/base`.
bool mayName(std::string_view crate, const std::string &folder)
{
    return crate == folder || crate.ends_with('_' + folder);
}

bool isRelative(std::string_view path)
{
    return path.find("::") == std::string_view::npos || path.starts_with("crate::") ||
           path.starts_with("self::") || path.starts_with("super::");
}

} // namespace

Model::Sources Model::moduleFiles(std::string_view modulePath, const File &from) const
{
    const std::string module = lastPart(modulePath);
    if (module == "self")
        return {from.m_source};
    if (module == "super") {
        // The file of the folder: a/b/c.rs and a/b/c/mod.rs have a/b.rs, a/b/mod.rs or a crate's root above
        // them.
        std::string folder = from.path().substr(0, from.path().rfind('/') + 1);
        if (from.path().ends_with("/mod.rs"))
            folder = folder.substr(0, folder.rfind('/', folder.size() - 2) + 1);
        const std::string sibling = folder.empty() ? "" : folder.substr(0, folder.size() - 1) + ".rs";
        for (const std::string &path : {folder + "mod.rs", sibling, folder + "lib.rs", folder + "main.rs"}) {
            if (const auto found = m_sourcesByPath.find(path); found != m_sourcesByPath.end())
                return {found->second};
        }
        return {};
    }
    const auto found = m_sourcesByModule.find(module);
    if (found == m_sourcesByModule.end())
        return {};
    Sources files = found->second;
    if (module == "crate") {
        // The root of the same crate shares the path up to `src/`.
        std::erase_if(files, [&](const SourceFile *root) {
            return !from.path().starts_with(root->path().substr(0, root->path().rfind('/') + 1));
        });
    }
    return files;
}

std::string Model::followed(std::string path, const File &from) const
{
    const File *file = &from;
    for (int hops = 0; hops < 4; ++hops) {
        if (!path.starts_with("crate::") && !path.starts_with("self::") && !path.starts_with("super::"))
            return path;
        const std::string name = lastPart(path);
        std::string next;
        const File *nextFile = nullptr;
        for (const SourceFile *source : moduleFiles(withoutLast(path), *file)) {
            const File *module = mayBring(*source, name) ? source->file() : nullptr;
            if (!module)
                continue;
            const auto use = module->m_uses.find(name);
            const std::string target = use != module->m_uses.end() ? use->second : fromGlobs(name, *module);
            if (target.empty() || target == path)
                continue;
            if (!next.empty() && next != target)
                return path;
            next = target;
            nextFile = module;
        }
        if (next.empty())
            return path;
        path = next;
        file = nextFile;
    }
    return path;
}

std::string Model::fromGlobs(std::string_view name, const File &from) const
{
    for (const std::string &glob : from.m_globUses) {
        if (globProvides(glob, name))
            return glob + "::" + std::string(name);
    }
    for (const std::string &glob : from.m_globUses) {
        if (!glob.starts_with("crate") && !glob.starts_with("super") && !glob.starts_with("self"))
            continue;
        for (const SourceFile *source : moduleFiles(glob, from)) {
            const bool mayUse = source != from.m_source && source->names().mayUse(name);
            const File *module = mayUse ? source->file() : nullptr;
            if (!module)
                continue;
            if (const auto use = module->m_uses.find(std::string(name)); use != module->m_uses.end())
                return use->second;
        }
    }
    return {};
}

/// The path goes through no file of this repository and begins with none of its crates: what it names is
/// another crate's. The name of a crate in the repository's own folder is not known, so there nothing is
/// outside.
bool Model::isOutside(std::string_view path) const
{
    if (isRelative(path))
        return false;
    const std::string_view first = path.substr(0, path.find("::"));
    for (std::size_t begin = 0, end = path.find("::"); end != std::string_view::npos;
         begin = end + 2, end = path.find("::", begin)) {
        if (m_sourcesByModule.contains(std::string(path.substr(begin, end - begin))))
            return false;
    }
    const auto roots = m_sourcesByModule.find("crate");
    return roots == m_sourcesByModule.end() ||
           std::none_of(roots->second.begin(), roots->second.end(), [&](const SourceFile *root) {
               const std::string folder = crateName(root->path());
               return folder.empty() ? root->path().ends_with("lib.rs") : mayName(first, folder);
           });
}

/// What a crate names by another crate's path does not stand in that crate itself.
bool Model::isOfOtherCrate(const std::string &path, const Function &function, const File &from) const
{
    const std::string own = crateName(from.path());
    const std::string first = path.substr(0, path.find("::"));
    const bool library = from.path().find("src/") != std::string::npos && !from.path().ends_with("main.rs") &&
                         from.path().find("/bin/") == std::string::npos;
    return !isRelative(path) && library && !own.empty() && !mayName(first, own) &&
           !m_sourcesByModule.contains(first) && crateName(function.file->path()) == own;
}

} // namespace review::rust
