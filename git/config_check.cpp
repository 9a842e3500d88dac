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
/// More are not needed, and files that include each other could go on for ever.
constexpr int maxIncludes = 100;

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

std::string_view takeLine(std::string_view &text)
{
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

/// The `]` of a section's header; one inside of its quoted subsection is none.
std::size_t headerEnd(std::string_view line)
{
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\')
            ++i;
        else if (line[i] == '"')
            quoted = !quoted;
        else if (line[i] == ']' && !quoted)
            return i;
    }
    return std::string_view::npos;
}

/// A value without quotes, escapes and comment. It goes on in the next line after a backslash at the end.
std::string valueOf(std::string_view line, std::string_view &rest)
{
    std::string value;
    bool quoted = false;
    while (!line.empty()) {
        char c = line.front();
        line.remove_prefix(1);
        if (!quoted && (c == '#' || c == ';'))
            break;
        if (c == '\\' && line.empty()) {
            line = takeLine(rest);
        } else if (c == '"') {
            quoted = !quoted;
        } else {
            if (c == '\\') {
                c = line.front();
                line.remove_prefix(1);
            }
            value += c;
        }
    }
    return std::string(trimmed(value));
}

void readLine(std::string_view line, std::string_view &rest, std::string &section, ConfigFacts &facts)
{
    line = trimmed(line);
    if (line.starts_with('[')) {
        const std::size_t end = headerEnd(line);
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
    if (std::find(files.begin(), files.end(), name) != files.end() && equals != std::string_view::npos)
        facts.files.push_back(valueOf(line.substr(equals + 1), rest));
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

std::string includedPath(const std::string &folder, const std::string &value)
{
    if (value.starts_with("~/")) {
        const char *home = std::getenv("HOME");
        return (home ? std::string(home) : std::string()) + value.substr(1);
    }
    return value.starts_with('/') ? value : folder + '/' + value;
}

/// Goes through a configuration and all that it includes.
class ConfigCheck {
public:
    Result<void> check(const std::string &path)
    {
        if (!isSafeToRead(path))
            return refuse(path);
        const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
        const std::optional<std::string> text = file ? readAll(file.get(), maxConfigBytes) : std::nullopt;
        if (!text)
            return {};
        const ConfigFacts facts = readConfigFacts(*text);
        for (const std::string &command : facts.commands) {
            if (std::find(m_commands.begin(), m_commands.end(), command) == m_commands.end())
                m_commands.push_back(command);
        }
        for (const std::string &include : facts.files) {
            if (++m_includes > maxIncludes)
                return Error{ErrorKind::InvalidInput, "The repository's configuration " + displayName(path) +
                                                          " includes too many files: it is not opened."};
            m_warnings.push_back("The repository's configuration reads the file " + displayName(include) +
                                 ".");
            const std::string folder = path.substr(0, path.rfind('/'));
            if (Result<void> checked = check(includedPath(folder, include)); !checked)
                return checked;
        }
        return {};
    }

    std::vector<std::string> warnings() const
    {
        std::vector<std::string> warnings = m_warnings;
        std::string names;
        for (const std::string &name : m_commands)
            names += (names.empty() ? "" : ", ") + name;
        if (!names.empty())
            warnings.push_back("The repository's configuration names commands to run (" + names +
                               "). Ferriscope runs none of them; git would.");
        return warnings;
    }

private:
    std::vector<std::string> m_warnings;
    std::vector<std::string> m_commands;
    int m_includes = 0;
};

} // namespace

ConfigFacts readConfigFacts(std::string_view text)
{
    ConfigFacts facts;
    std::string section;
    while (!text.empty()) {
        const std::string_view line = takeLine(text);
        readLine(line, text, section, facts);
    }
    return facts;
}

Result<std::vector<std::string>> checkConfig(const std::string &gitFolder)
{
    ConfigCheck config;
    if (const Result<void> checked = config.check(gitFolder + "/config"); !checked)
        return checked.error();
    return config.warnings();
}

} // namespace git
