// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/config_check.h"

#include "git/display.h"
#include "git/safe_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>

#include <fcntl.h>

namespace git {
namespace {

constexpr std::uint64_t maxConfigBytes = 1u << 20;

std::string_view trimmed(std::string_view text)
{
    const auto isSpace = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string toLower(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    return lower;
}

/// "filter.clean" for `[filter "x"] clean = …`: section and key in lower case, without the subsection.
bool namesCommand(const std::string &name)
{
    constexpr std::array commands = {"core.fsmonitor", "core.hookspath",    "core.sshcommand",
                                     "core.pager",     "core.editor",       "core.askpass",
                                     "diff.external",  "diff.command",      "diff.textconv",
                                     "filter.clean",   "filter.smudge",     "filter.process",
                                     "merge.driver",   "credential.helper", "uploadpack.packobjectshook"};
    return std::find(commands.begin(), commands.end(), name) != commands.end();
}

void readLine(std::string_view line, std::string &section, ConfigFacts &facts)
{
    line = trimmed(line);
    if (line.starts_with('[')) {
        const std::size_t end = line.find(']');
        const std::size_t nameEnd = line.find_first_of(" \t\"].");
        section = toLower(line.substr(1, nameEnd == std::string_view::npos ? nameEnd : nameEnd - 1));
        line = end == std::string_view::npos ? std::string_view() : trimmed(line.substr(end + 1));
    }
    if (line.empty() || line.front() == '#' || line.front() == ';')
        return;
    const std::size_t equals = line.find('=');
    const std::string name = section + '.' + toLower(trimmed(line.substr(0, equals)));
    if (namesCommand(name) &&
        std::find(facts.commands.begin(), facts.commands.end(), name) == facts.commands.end())
        facts.commands.push_back(name);
    constexpr std::array files = {"include.path", "includeif.path", "core.excludesfile",
                                  "core.attributesfile"};
    if (std::find(files.begin(), files.end(), name) != files.end() && equals != std::string_view::npos) {
        std::string value(trimmed(line.substr(equals + 1)));
        std::erase(value, '"');
        facts.files.push_back(std::move(value));
    }
}

bool isSafeToRead(const std::string &path)
{
    struct stat status = {};
    if (stat(path.c_str(), &status) != 0)
        return true;
    return S_ISREG(status.st_mode) && static_cast<std::uint64_t>(status.st_size) <= maxConfigBytes;
}

Error refuse(const std::string &path)
{
    return {ErrorKind::InvalidInput, "The repository's configuration " + displayName(path) +
                                         " is no regular file or larger than 1 MiB: it is not opened."};
}

std::string includedPath(const std::string &gitFolder, const std::string &value)
{
    if (value.starts_with("~/")) {
        const char *home = std::getenv("HOME");
        return (home ? std::string(home) : std::string()) + value.substr(1);
    }
    return value.starts_with('/') ? value : gitFolder + '/' + value;
}

} // namespace

ConfigFacts readConfigFacts(std::string_view text)
{
    ConfigFacts facts;
    std::string section;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        readLine(text.substr(0, end), section, facts);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return facts;
}

Result<std::vector<std::string>> checkConfig(const std::string &gitFolder)
{
    const std::string path = gitFolder + "/config";
    if (!isSafeToRead(path))
        return refuse(path);
    std::vector<std::string> warnings;
    const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    const std::optional<std::string> text = file ? readAll(file.get(), maxConfigBytes) : std::nullopt;
    if (!text)
        return warnings;
    const ConfigFacts facts = readConfigFacts(*text);
    for (const std::string &include : facts.files) {
        if (!isSafeToRead(includedPath(gitFolder, include)))
            return refuse(include);
        warnings.push_back("The repository's configuration reads the file " + displayName(include) + ".");
    }
    if (!facts.commands.empty()) {
        std::string names;
        for (const std::string &name : facts.commands)
            names += (names.empty() ? "" : ", ") + name;
        warnings.push_back("The repository's configuration names commands to run (" + names +
                           "). Ferriscope runs none of them; git would.");
    }
    return warnings;
}

} // namespace git
