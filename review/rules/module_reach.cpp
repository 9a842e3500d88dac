// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/module_reach.h"

#include "review/rules/phrases.h"

#include <string>

namespace review::rules {
namespace {

/// Modules are not nested deeper than people can read.
constexpr int mostLevels = 16;

/// "store" and the folder "src/db" of "src/db/store.rs" and of "src/db/store/mod.rs".
struct Module {
    std::string name, folder;
};

Module moduleOf(const std::string &path)
{
    const auto split = [](const std::string &text) {
        const std::size_t slash = text.rfind('/');
        return slash == std::string::npos ? Module{text, {}}
                                          : Module{text.substr(slash + 1), text.substr(0, slash)};
    };
    Module module = split(path.substr(0, path.rfind('.')));
    return module.name == "mod" ? split(module.folder) : module;
}

/// How a parent declares the module: whether at all, and whether others see it.
struct Declaration {
    bool found = false;
    bool open = false;
};

Declaration declarationIn(const rust::File &parent, const std::string &name)
{
    Declaration declaration;
    for (const rust::Node &item : parent.root().namedChildren()) {
        const std::string text = item.isAny({"mod_item", "use_declaration"}) ? compact(item.text()) : "";
        if (item.is("mod_item") && item.field("name").text() == name) {
            // Two of them stand for two builds: the narrower one is what is shipped.
            declaration.open = (declaration.open || !declaration.found) && text.starts_with("pubmod");
            declaration.found = true;
        }
    }
    for (const rust::Node &item : parent.root().namedChildren()) {
        const bool handsOn = item.is("use_declaration") && item.text().starts_with("pub use") &&
                             item.text().find(name + "::") != std::string_view::npos;
        declaration.open = declaration.open || (declaration.found && handsOn);
    }
    return declaration;
}

} // namespace

bool isOutOfReach(const rust::File &file, const rust::Model &model)
{
    const rust::File *at = &file;
    for (int level = 0; level < mostLevels; ++level) {
        const std::string &path = at->path();
        if (path.ends_with("/main.rs") || path == "main.rs")
            return true;
        if (path.ends_with("/lib.rs") || path == "lib.rs")
            return false;
        const Module module = moduleOf(path);
        const rust::File *parent = nullptr;
        for (const char *name : {"/mod.rs", ".rs", "/lib.rs", "/main.rs"}) {
            const rust::File *candidate = model.file(module.folder + name);
            const Declaration declaration =
                candidate && candidate != at ? declarationIn(*candidate, module.name) : Declaration();
            if (!declaration.found)
                continue;
            if (!declaration.open)
                return true;
            parent = candidate;
            break;
        }
        if (!parent)
            return false;
        at = parent;
    }
    return false;
}

} // namespace review::rules
