# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures time and memory: a whole repository cold and again, a change of 50 files, and ast-grep beside it where it is installed."""
import pathlib
import shutil
import subprocess
import tempfile

from reviewing import EMPTY_TREE, git, measured, review

PATTERNS = pathlib.Path(__file__).with_name("ast_grep_patterns.txt")


def change_of_50_files(repository, commit):
    """The nearest first-parent ancestor from which at least 50 Rust files changed, and their number."""
    ancestors = git(repository, "rev-list", "--first-parent", "--max-count=400", commit).decode().split()
    for base in ancestors[1:]:
        changed = git(repository, "diff", "--name-only", f"{base}..{commit}", "--", "*.rs").decode().splitlines()
        if len(changed) >= 50:
            return base, len(changed)
    return "", 0


def ast_grep(program, repository, commit):
    """ast-grep with 20 patterns over a copy of the files, or nothing where it is not installed."""
    if not program:
        return None
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.Popen(["git", "-C", repository, "archive", commit, "--", ":(glob)**/*.rs"], stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x", "-C", folder], stdin=archive.stdout, check=True)
        archive.wait()
        rules = pathlib.Path(folder, "patterns.yml")
        documents = [f"id: pattern-{n}\nlanguage: rust\nrule:\n  pattern: '{pattern}'\n"
                     for n, pattern in enumerate(PATTERNS.read_text().splitlines(), 1)]
        rules.write_text("---\n".join(documents))
        return measured([program, "scan", "--rule", str(rules), "--threads", "2", "--json=stream", folder])


def first_finding_rows(bench, repository, base, commit, files):
    """The wait for the first finding of a change: with nothing cached, and where another change of the same files' surroundings
    was reviewed before, so that what is around is known and the review itself is not."""
    def row(what, start, cache):
        run = measured([bench, repository, f"{start}..{commit}", cache])
        times = run.output.split()
        if len(times) != 5:
            return [what, "", run.peak_mb, f"ended with {run.status}"]
        listed, requested, first, rest, count = map(int, times)
        return [what, f"{(requested + first) / 1000:.2f}", run.peak_mb,
                f"list {listed}, request {requested}, first finding {first}, the other {count - 1} {rest} ms"]

    with tempfile.TemporaryDirectory() as cache:
        cold = row(f"first finding of a change of {files} Rust files, nothing cached", base, cache)
    with tempfile.TemporaryDirectory() as cache:
        row("", commit + "~1", cache)
        return [cold, row("the same, after a review of the last commit", base, cache)]


def measure_speed(program, repository, commit, bench=None, other=None):
    """Rows of what was run, seconds, peak memory in MB, and what it gave. `bench`: first_finding_bench; `other`: ast-grep."""
    def row(what, run):
        found = run.review()
        gave = f"{len(found['findings'])} hits in {found['scope']['files']} files" if found else f"ended with {run.status}"
        return [what, f"{run.seconds:.2f}", run.peak_mb, gave]

    with tempfile.TemporaryDirectory() as cache:
        rows = [row("every file, nothing cached", review(program, repository, EMPTY_TREE, commit, cache=cache)),
                row("every file, again", review(program, repository, EMPTY_TREE, commit, cache=cache))]
    base, files = change_of_50_files(repository, commit)
    if base:
        with tempfile.TemporaryDirectory() as cache:
            rows.append(row(f"a change of {files} Rust files, nothing cached", review(program, repository, base, commit, cache=cache)))
            rows.append(row("the same again", review(program, repository, base, commit, cache=cache)))
        if bench:
            rows += first_finding_rows(bench, repository, base, commit, files)
    beside = ast_grep(other or shutil.which("ast-grep"), repository, commit)
    if beside:
        rows.append(["ast-grep, 20 patterns, every file", f"{beside.seconds:.2f}", beside.peak_mb,
                     f"{beside.output.count(b'pattern-')} matches"])
    return rows
