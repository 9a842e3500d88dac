// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/range.h"
#include "git/result.h"
#include "review/finding.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace app {

/// What a result is written as.
enum class Format { Text, Markdown, Json, Sarif, Html };

/// Where a result goes: a file, or standard output when `file` is empty.
struct Output {
    Format format = Format::Markdown;
    std::string file;

    bool operator==(const Output &) const = default;
};

/// `ferriscope [REPOSITORY | SESSION | PATCH] [RANGE]`: opens the window. `screenshot` is a PNG to write
/// instead of showing it, after the review of what was opened is done.
struct WindowCommand {
    std::string target; ///< empty: the start page, or with a range the current folder
    std::optional<git::Range> range;
    bool sample = false;
    std::string screenshot;
    std::string theme; ///< "light", "dark", "contrast"; empty: as the system or the settings have it

    bool operator==(const WindowCommand &) const = default;
};

/// `ferriscope review`: reviews without a window. One of `repository`, `patch` and `sample` is the input.
struct ReviewCommand {
    std::string repository = ".";
    std::string patch; ///< a file, or "-" for standard input; empty: none
    bool sample = false;
    git::Range range;
    std::vector<std::string> experts;
    Output output;
    std::string session; ///< a file to save the session in; empty: none
    std::optional<review::Severity> failOn;
    std::string switches; ///< a settings folder whose switched-off rules are not asked; empty: all are
    bool allHunks = false;
    bool wholeFiles = false;
    std::vector<std::string> paths;

    bool operator==(const ReviewCommand &) const = default;
};

/// `ferriscope report SESSION`.
struct ReportCommand {
    std::string session;
    Output output;

    bool operator==(const ReportCommand &) const = default;
};

/// `ferriscope apply SESSION --finding ID…`: writes suggestions into the work tree, or takes them back.
struct ApplyCommand {
    std::string session;
    std::string repository; ///< empty: the one the session names
    std::vector<std::string> findings;
    bool dryRun = false;
    bool undo = false;

    bool operator==(const ApplyCommand &) const = default;
};

/// `ferriscope rules [list | show ID | test FILE]`. `rule` and `card` are empty for the list.
struct RulesCommand {
    std::string rule;
    std::string card;       ///< a file whose cases are to be run
    std::string repository; ///< whose own cards are listed and shown too; empty: none
    Format format = Format::Text;

    bool operator==(const RulesCommand &) const = default;
};

/// `ferriscope expert NAME`: the worker of review/worker/README.md, on standard input and output.
struct ExpertCommand {
    std::string name;
    std::string cacheFolder; ///< `--cache`; empty: nothing is kept

    bool operator==(const ExpertCommand &) const = default;
};

/// `--help`, of a verb or (empty) of the program.
struct HelpCommand {
    std::string verb;

    bool operator==(const HelpCommand &) const = default;
};

struct VersionCommand {
    bool operator==(const VersionCommand &) const = default;
};

/// A command line that was read. `configFolder` is `--config`, empty when it was not given.
struct CommandLine {
    std::string configFolder;
    std::variant<WindowCommand, ReviewCommand, ReportCommand, ApplyCommand, RulesCommand, ExpertCommand,
                 HelpCommand, VersionCommand>
        command;

    bool operator==(const CommandLine &) const = default;
};

/// Reads the arguments, the program's name not among them. Looks at the file system only to tell a path from
/// a range in `ferriscope ONE`. An error says which argument is wrong.
git::Result<CommandLine> parseCommandLine(const std::vector<std::string> &arguments);

/// The help text of a verb, or of the program for an empty one.
std::string helpText(std::string_view verb);

} // namespace app
