// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/manifest.h"

#include "git/lines.h"

#include <algorithm>
#include <optional>

namespace review {
namespace {

std::string_view trimmed(std::string_view text)
{
    const auto isSpace = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

/// A key's parts joined by dots, without spaces and quotes: `package . "edition"` is `package.edition`.
std::string toKey(std::string_view text)
{
    std::string key;
    for (const char c : text) {
        if (c != ' ' && c != '\t' && c != '"' && c != '\'')
            key += c;
    }
    return key;
}

/// The value of a quoted string at the start of `text`; nothing when it is no simple string.
std::optional<std::string> toString(std::string_view text)
{
    if (text.size() < 2 || (text[0] != '"' && text[0] != '\''))
        return std::nullopt;
    const std::size_t end = text.find(text[0], 1);
    if (end == std::string_view::npos)
        return std::nullopt;
    return std::string(text.substr(1, end - 1));
}

/// `{ workspace = true }`, with or without spaces.
bool isWorkspaceTable(std::string_view value)
{
    return value.starts_with('{') && toKey(value).starts_with("{workspace=true");
}

void takeValue(Manifest &manifest, const std::string &key, std::string_view value)
{
    if (key.starts_with("package."))
        manifest.hasPackage = true;
    if (key.starts_with("workspace."))
        manifest.hasWorkspace = true;
    if (key == "package.edition" && !isWorkspaceTable(value))
        manifest.edition = toString(value).value_or("");
    else if (key == "package.edition" || (key == "package.edition.workspace" && value.starts_with("true")))
        manifest.editionFromWorkspace = true;
    else if (key == "workspace.package.edition")
        manifest.workspaceEdition = toString(value).value_or("");
    else if (key == "package.workspace")
        manifest.workspacePath = toString(value).value_or("");
}

/// The delimiter of a multi-line string that the line opens and does not close; empty if none.
std::string_view openedString(std::string_view line)
{
    for (const std::string_view delimiter : {std::string_view("\"\"\""), std::string_view("'''")}) {
        const std::size_t begin = line.find(delimiter);
        if (begin != std::string_view::npos &&
            line.find(delimiter, begin + delimiter.size()) == std::string_view::npos)
            return delimiter;
    }
    return {};
}

} // namespace

Manifest parseManifest(std::string_view text)
{
    Manifest manifest;
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    const git::Lines lines(text);
    std::string table;
    std::string_view insideString;
    for (std::size_t i = 0; i < lines.count(); ++i) {
        const std::string_view line = trimmed(lines[i]);
        if (!insideString.empty()) {
            if (line.find(insideString) != std::string_view::npos)
                insideString = {};
            continue;
        }
        if (line.starts_with("[[")) {
            table = "[[]]"; // entries of an array of tables never hold an edition
        } else if (line.starts_with('[')) {
            table = toKey(line.substr(1, line.find(']') == std::string_view::npos ? 0 : line.find(']') - 1));
            manifest.hasPackage |= table == "package" || table.starts_with("package.");
            manifest.hasWorkspace |= table == "workspace" || table.starts_with("workspace.");
        } else if (const std::size_t equals = line.find('='); equals != std::string_view::npos) {
            const std::string key = toKey(line.substr(0, equals));
            takeValue(manifest, table.empty() ? key : table + '.' + key, trimmed(line.substr(equals + 1)));
            insideString = openedString(line);
        }
    }
    return manifest;
}

std::string editionOf(const Manifest &package, const Manifest *workspaceRoot)
{
    if (!package.hasPackage)
        return {};
    if (package.editionFromWorkspace)
        return workspaceRoot ? workspaceRoot->workspaceEdition : std::string();
    return package.edition.empty() ? "2015" : package.edition;
}

} // namespace review
