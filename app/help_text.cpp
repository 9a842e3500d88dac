// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line.h"

namespace app {
namespace {

constexpr std::string_view programHelp =
    R"(Ferriscope reviews Rust code for distributed systems.

Usage:
  ferriscope [REPOSITORY | SESSION.ferriscope | PATCH] [RANGE]
                                   open the window
  ferriscope review [OPTIONS] [RANGE] [-- PATH…]
                                   review without a window
  ferriscope report SESSION        write the report of a saved review
  ferriscope apply SESSION --finding ID…
                                   write suggestions into the work tree
  ferriscope rules [list | show ID | test FILE]
                                   the rules of the embedded expert, and a repository's own
  ferriscope expert NAME           speak the experts' protocol on standard input and output

RANGE is git's: A..B, A...B (from the merge base), one commit, --staged, --worktree.
Without one: the work tree and the current branch against its upstream or the default branch.

Options of the window:
  --sample                         open the sample repository
  --theme light|dark|contrast      instead of the system's
  --screenshot FILE                review what is opened, write a picture of the window (PNG) and end;
                                   works without a display

Options everywhere:
  --config DIR                     the settings' folder, instead of $XDG_CONFIG_HOME/ferriscope
  --help                           this text, or that of a command: ferriscope review --help
  --version

Results go to standard output, messages to standard error. Exit status:
  0  done, for a review: without a finding at or above --fail-on
  1  findings at or above --fail-on
  2  wrong usage or input
  3  the review could not be completed; what there is was written, and says so
)";

constexpr std::string_view reviewHelp =
    R"(Usage: ferriscope review [OPTIONS] [RANGE] [-- PATH…]

Reviews the Rust hunks of a change and writes a report. Nothing of the reviewed repository is run, nothing is written
into it.

RANGE is git's: A..B, A...B (from the merge base), one commit, --staged, --worktree.
Without one: the work tree and the current branch against its upstream or the default branch.
PATHs, relative to the repository's root, restrict the review to these files and folders.

Options:
  --repo DIR             the repository: a work tree, a folder in it, or a bare one (default: here)
  --patch FILE           review a patch instead of a repository; - reads standard input
  --sample               review the sample
  --expert NAME          who reviews; may be given more than once (default: embedded). experts.json in the settings
                         folder names others
  --format FORMAT        markdown (default), json, sarif or html
  --output FILE          write there instead of to standard output
  --session FILE         save the review too, to be opened in the window or by `ferriscope report`
  --fail-on SEVERITY     exit with 1 when there is a finding (not a question) of this severity or above:
                         low, medium, high, critical
  --all-hunks            also list the hunks of files that no expert reads, as skipped
  --whole-files          review every line of the changed files, not only their hunks
  --config DIR           do not ask the rules that are switched off in this settings folder; without it the window's
                         switches do not count, so that everybody's review is the same

Ctrl+C stops the review; what was found until then is written.
Exit status: 0 reviewed, 1 findings at or above --fail-on, 2 wrong usage or input, 3 not completed (whatever was found).
)";

constexpr std::string_view reportHelp =
    R"(Usage: ferriscope report SESSION [--format markdown|json|sarif|html] [--output FILE]

Writes the report of a saved review. Needs neither the repository nor a network.

Exit status: 0 written, 2 wrong usage or input, 3 the saved review is not complete (it is written all the same).
)";

constexpr std::string_view applyHelp =
    R"(Usage: ferriscope apply SESSION --finding ID… [--repo DIR] [--dry-run] [--undo]

Applies the suggestions of findings to the work tree, or takes them back. The suggestion's original lines must still
be in the file, once; otherwise nothing is written and the reason is said. All of them are applied, or none.

Options:
  --finding ID           a finding of the session, as the reports name it; may be given more than once
  --repo DIR             the work tree (default: the one that was reviewed)
  --dry-run              write nothing; show what would change as a patch
  --undo                 take applied suggestions back

Exit status: 0 done, 2 wrong usage or input, 3 not everything could be applied (the reason is said for each).
)";

constexpr std::string_view rulesHelp =
    R"(Usage: ferriscope rules [list | show ID] [--repo DIR] [--format text|markdown|json]
       ferriscope rules test FILE

Lists the rules of the embedded expert, or shows the card of one: why it matters, how it fails, working code, its limits,
its cases, and how many of its hits on real code were read and held up.
A repository's own rules lie in .ferriscope/rules; with --repo those of its HEAD are listed and shown too, as team/ID.

`rules test` runs the cases of a card: in each `rust` fence the rule has to find the lines marked `//~ ID`, and no others.

Exit status: 0 done, 1 a case fails, 2 wrong usage or input (a card with a mistake says what is wrong, and where).
)";

constexpr std::string_view expertHelp =
    R"(Usage: ferriscope expert NAME [--cache DIR]

Reads one request from standard input and writes the expert's events to standard output, both as lines of JSON: what the
window starts for each review, so that hostile code can't harm it. The protocol is in review/worker/README.md.

Exit status: 0 the expert came to an end, which its last line tells; 2 wrong usage or no such request.
)";

} // namespace

std::string helpText(std::string_view verb)
{
    if (verb == "review")
        return std::string(reviewHelp);
    if (verb == "report")
        return std::string(reportHelp);
    if (verb == "apply")
        return std::string(applyHelp);
    if (verb == "rules")
        return std::string(rulesHelp);
    if (verb == "expert")
        return std::string(expertHelp);
    return std::string(programHelp);
}

} // namespace app
