// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/path_rules.h"

#include "git/display.h"
#include "git/utf8.h"

namespace git {
namespace {

constexpr std::size_t maxPathBytes = 4096;

Error refuse(const std::string &path, const std::string &reason)
{
    return {ErrorKind::InvalidInput, "The path \"" + displayName(path) + "\" is refused: " + reason + "."};
}

} // namespace

bool isDotGit(std::string_view part)
{
    std::string visible;
    for (std::size_t i = 0; i < part.size();) {
        const Utf8Character character = utf8At(part, i);
        const std::size_t length = character.length ? character.length : 1;
        if (!isInvisible(character.codePoint))
            visible += part.substr(i, length);
        i += length;
    }
    visible.erase(std::min(visible.find(':'), visible.size()));
    while (visible.ends_with('.') || visible.ends_with(' '))
        visible.pop_back();
    for (char &c : visible) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    return visible == ".git" || visible == "git~1";
}

Result<void> checkWorkPath(const std::string &path)
{
    if (path.empty() || path.size() > maxPathBytes || path.find('\0') != std::string::npos)
        return refuse(path, "it is empty, too long or has a NUL byte");
    if (path.front() == '/')
        return refuse(path, "it is not relative to the work tree");
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find_first_of("/\\", begin), path.size());
        const std::string_view part = std::string_view(path).substr(begin, end - begin);
        if (part.empty() || part == "." || part == "..")
            return refuse(path, "it has an empty part, \".\" or \"..\"");
        if (isDotGit(part))
            return refuse(path, "nothing is read or written in git's own folder");
        begin = end + 1;
    }
    return {};
}

} // namespace git
