// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line.h"

#include "app/arguments.h"
#include "git/display.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

namespace app {
namespace {

using git::Result;

Grammar::Store storeRange(git::Range &range, bool &given)
{
    return [&range, &given](const std::string &text) -> Result<void> {
        if (given)
            return usageError("there is already a range; unexpected argument " + git::displayName(text));
        auto parsed = git::parseRange(text);
        if (!parsed)
            return parsed.error();
        range = *std::move(parsed);
        given = true;
        return {};
    };
}

/// A range's store as a flag: `--staged` and `--worktree` are ranges that look like options.
void addRangeFlags(Grammar &grammar, const Grammar::Store &range, Result<void> &failure)
{
    for (const char *name : {"staged", "worktree"})
        grammar.flags[name] = [=, &failure] {
            if (auto stored = range(std::string("--") + name); !stored)
                failure = stored;
        };
}

Grammar::Store storeFormat(Format &format, const std::vector<std::pair<std::string, Format>> &allowed)
{
    return [&format, allowed](const std::string &name) -> Result<void> {
        std::string list;
        for (const auto &[known, value] : allowed) {
            if (name == known) {
                format = value;
                return {};
            }
            list += (list.empty() ? "" : ", ") + known;
        }
        return usageError("unknown format " + git::displayName(name) + "; there is " + list);
    };
}

/// The formats of a whole review.
const std::vector<std::pair<std::string, Format>> reportFormats = {
    {"markdown", Format::Markdown}, {"json", Format::Json}, {"sarif", Format::Sarif}, {"html", Format::Html}};

Grammar::Store storeSeverity(std::optional<review::Severity> &severity)
{
    return [&severity](const std::string &name) -> Result<void> {
        using review::Severity;
        for (const Severity known : {Severity::Critical, Severity::High, Severity::Medium, Severity::Low})
            if (name == review::toText(known)) {
                severity = known;
                return {};
            }
        return usageError("unknown severity " + git::displayName(name) +
                          "; there is low, medium, high and critical");
    };
}

Grammar::Store storeOneOf(std::string &target, std::vector<std::string> allowed)
{
    return [&target, allowed = std::move(allowed)](const std::string &value) -> Result<void> {
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
            std::string list;
            for (const std::string &name : allowed)
                list += (list.empty() ? "" : ", ") + name;
            return usageError("unexpected value " + git::displayName(value) + "; there is " + list);
        }
        target = value;
        return {};
    };
}

Grammar::Store append(std::vector<std::string> &list)
{
    return [&list](const std::string &value) -> Result<void> {
        if (value.empty())
            return usageError("an empty value was given");
        list.push_back(value);
        return {};
    };
}

Result<WindowCommand> parseWindow(const std::vector<std::string> &arguments)
{
    WindowCommand command;
    git::Range range;
    bool ranged = false;
    Result<void> failure;
    const Grammar::Store takeRange = storeRange(range, ranged);

    Grammar grammar;
    addRangeFlags(grammar, takeRange, failure);
    grammar.flags["sample"] = [&] { command.sample = true; };
    grammar.values["screenshot"] = storeIn(command.screenshot);
    grammar.values["theme"] = storeOneOf(command.theme, {"light", "dark", "contrast"});
    grammar.positional = [&](const std::string &argument) -> Result<void> {
        // `ferriscope main...feature` means the repository here; a path that exists is always the target.
        std::error_code ignored;
        const bool isRange =
            argument.find("..") != argument.npos && !std::filesystem::exists(argument, ignored);
        return command.target.empty() && !ranged && !isRange ? storeIn(command.target)(argument)
                                                             : takeRange(argument);
    };
    if (auto read = readArguments(arguments, grammar); !read)
        return read.error();
    if (!failure)
        return failure.error();
    if (ranged)
        command.range = range;
    if (command.sample && (!command.target.empty() || ranged))
        return usageError("--sample takes neither a repository nor a range");
    return command;
}

Result<ReviewCommand> parseReview(const std::vector<std::string> &arguments)
{
    ReviewCommand command;
    bool ranged = false;
    std::string repository;
    Result<void> failure;
    const Grammar::Store takeRange = storeRange(command.range, ranged);

    Grammar grammar;
    addRangeFlags(grammar, takeRange, failure);
    grammar.flags["sample"] = [&] { command.sample = true; };
    grammar.flags["all-hunks"] = [&] { command.allHunks = true; };
    grammar.flags["whole-files"] = [&] { command.wholeFiles = true; };
    grammar.values["repo"] = storeIn(repository);
    grammar.values["patch"] = storeIn(command.patch);
    grammar.values["expert"] = append(command.experts);
    grammar.values["format"] = storeFormat(command.output.format, reportFormats);
    grammar.values["output"] = storeIn(command.output.file);
    grammar.values["session"] = storeIn(command.session);
    grammar.values["fail-on"] = storeSeverity(command.failOn);
    grammar.positional = takeRange;
    grammar.path = append(command.paths);
    if (auto read = readArguments(arguments, grammar); !read)
        return read.error();
    if (!failure)
        return failure.error();
    if (!repository.empty() + !command.patch.empty() + command.sample > 1)
        return usageError("give one of --repo, --patch and --sample");
    if ((!command.patch.empty() || command.sample) && (ranged || !command.paths.empty()))
        return usageError("--patch and --sample take neither a range nor paths");
    if (command.allHunks && command.wholeFiles)
        return usageError("give one of --all-hunks and --whole-files");
    if (!repository.empty())
        command.repository = repository;
    return command;
}

/// Takes the one SESSION of a command, whose path goes to `session`.
Grammar::Store storeSession(std::string &session)
{
    return [&session](const std::string &argument) -> Result<void> {
        if (!session.empty())
            return usageError("there is already a session; unexpected argument " +
                              git::displayName(argument));
        return storeIn(session)(argument);
    };
}

Result<ReportCommand> parseReport(const std::vector<std::string> &arguments)
{
    ReportCommand command;
    Grammar grammar;
    grammar.values["format"] = storeFormat(command.output.format, reportFormats);
    grammar.values["output"] = storeIn(command.output.file);
    grammar.positional = storeSession(command.session);
    if (auto read = readArguments(arguments, grammar); !read)
        return read.error();
    if (command.session.empty())
        return usageError("which session? Give the path of a saved review");
    return command;
}

Result<ApplyCommand> parseApply(const std::vector<std::string> &arguments)
{
    ApplyCommand command;
    Grammar grammar;
    grammar.values["finding"] = append(command.findings);
    grammar.values["repo"] = storeIn(command.repository);
    grammar.flags["dry-run"] = [&] { command.dryRun = true; };
    grammar.flags["undo"] = [&] { command.undo = true; };
    grammar.positional = storeSession(command.session);
    if (auto read = readArguments(arguments, grammar); !read)
        return read.error();
    if (command.session.empty())
        return usageError("which session? Give the path of a saved review");
    if (command.findings.empty())
        return usageError("which finding? Give its id with --finding");
    return command;
}

Result<RulesCommand> parseRules(const std::vector<std::string> &arguments)
{
    RulesCommand command;
    std::vector<std::string> words;
    Grammar grammar;
    grammar.values["repo"] = storeIn(command.repository);
    grammar.values["format"] = storeFormat(
        command.format, {{"text", Format::Text}, {"markdown", Format::Markdown}, {"json", Format::Json}});
    grammar.positional = append(words);
    if (auto read = readArguments(arguments, grammar); !read)
        return read.error();
    if (words.empty() || (words.size() == 1 && words[0] == "list"))
        return command;
    const bool isTest = words[0] == "test";
    if ((words[0] != "show" && !isTest) || words.size() > 2)
        return usageError("unexpected argument " + git::displayName(words[words[0] == "list" ? 1 : 0]) +
                          "; there is: list, show ID, test FILE");
    if (words.size() == 1)
        return usageError(isTest ? "which card? Give its file"
                                 : "which rule? Give its id, as `ferriscope rules list` names it");
    (isTest ? command.card : command.rule) = words[1];
    return command;
}

Result<ExpertCommand> parseExpert(const std::vector<std::string> &arguments)
{
    ExpertCommand command;
    std::vector<std::string> words;
    Grammar grammar;
    grammar.values["cache"] = storeIn(command.cacheFolder);
    grammar.positional = append(words);
    if (auto read = readArguments(arguments, grammar); !read)
        return read.error();
    if (words.size() != 1)
        return usageError("which expert? Give one name");
    command.name = words.front();
    return command;
}

/// Takes `name VALUE` and `name=VALUE` out of the arguments, wherever it stands before `--`.
Result<std::string> takeValue(std::vector<std::string> &arguments, const std::string &name)
{
    std::string value;
    const auto end = std::find(arguments.begin(), arguments.end(), "--");
    for (auto argument = arguments.begin(); argument != end; ++argument) {
        if (argument->starts_with(name + "=")) {
            value = argument->substr(name.size() + 1);
            arguments.erase(argument);
        } else if (*argument == name && argument + 1 != end) {
            value = *(argument + 1);
            arguments.erase(argument, argument + 2);
        } else if (*argument != name) {
            continue;
        }
        if (value.empty())
            return usageError(name + " needs a value");
        return value;
    }
    return value;
}

template <typename Command>
Result<CommandLine> finish(std::string configFolder, Result<Command> command)
{
    if (!command)
        return command.error();
    return CommandLine{std::move(configFolder), *std::move(command)};
}

} // namespace

Result<CommandLine> parseCommandLine(const std::vector<std::string> &given)
{
    std::vector<std::string> arguments = given;
    auto config = takeValue(arguments, "--config");
    if (!config)
        return config.error();

    const auto end = std::find(arguments.begin(), arguments.end(), "--");
    const auto has = [&](const char *name) { return std::find(arguments.begin(), end, name) != end; };
    std::string verb = arguments.empty() ? "" : arguments.front();
    const bool known =
        verb == "review" || verb == "report" || verb == "apply" || verb == "rules" || verb == "expert";
    if (has("--help") || has("-h"))
        return CommandLine{*config, HelpCommand{known ? verb : ""}};
    if (has("--version"))
        return CommandLine{*config, VersionCommand{}};

    if (known)
        arguments.erase(arguments.begin());
    if (verb == "review") {
        auto command = parseReview(arguments);
        if (command)
            command->switches = *config;
        return finish(*config, std::move(command));
    }
    if (verb == "report")
        return finish(*config, parseReport(arguments));
    if (verb == "apply")
        return finish(*config, parseApply(arguments));
    if (verb == "rules")
        return finish(*config, parseRules(arguments));
    if (verb == "expert")
        return finish(*config, parseExpert(arguments));
    return finish(*config, parseWindow(arguments));
}

} // namespace app
