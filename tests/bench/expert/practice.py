# SPDX-License-Identifier: GPL-3.0-or-later
"""Scores real bugs: is each one found in the code before its fix, and is the fixed code silent?

Each case is asked for in two ways. As a change: the fix turned around, so that the change brings the bug in, and the fix itself. As a
file: every line of the file before the fix, and after it.
"""
import dataclasses

from classes import read_table
from reviewing import has_commit, review, text_of
from rust_lines import RustText

SLACK = 3


@dataclasses.dataclass
class Outcome:
    """What one way of asking gave. `hits` and `again` map the rules that hit the bug, and the fixed place, to their tier."""
    hits: dict
    again: dict
    near: set
    seconds: float
    peak_mb: int

    @property
    def tier(self):
        return "finding" if "finding" in self.hits.values() else "question" if self.hits else ""

    @property
    def pair(self):
        return ("hit" if self.hits else "miss", "hit" if self.again else "silent")


def target(repository, commit, path, first, last, visibility):
    """The lines in which a hit counts."""
    if visibility == "file":
        first, last = RustText(text_of(repository, commit, path)).function_around(first, last)
    return first - SLACK, last + SLACK


def hits_at(found, path, lines):
    """The findings on the new side of a file that overlap these lines."""
    first, last = lines
    return [f for f in found["findings"]
            if f["path"] == path and f["side"] == "new" and f["startLine"] <= last and f["endLine"] >= first]


def tiers(findings):
    """Rule to tier; a rule that hit as finding and as question counts as finding."""
    return {f["rule"]: f["tier"] for f in sorted(findings, key=lambda f: f["tier"] == "finding")}


class Case:
    def __init__(self, row, repository):
        self.row, self.repository = row, repository
        self.before = (row["parent_commit"], row["path_at_parent"], int(row["bug_line_start"]), int(row["bug_line_end"]))
        self.after = (row["fix_commit"], row["path_at_fix"], int(row["fixed_line_start"]), int(row["fixed_line_end"]))

    def problem(self):
        """Why the case can't be scored, or nothing."""
        if not self.repository:
            return "its repository is not there"
        absent = [c for c in (self.before[0], self.after[0]) if not has_commit(self.repository, c)]
        return f"its repository lacks commit {absent[0][:12]}" if absent else ""

    def findings(self, program, base, head, options, cache):
        run = review(program, self.repository, base[0], head[0], *options, "--", *sorted({base[1], head[1]}), cache=cache)
        found = run.review()
        if found is None:
            raise RuntimeError(f"{self.row['id']}: the review ended with {run.status}: {run.errors.strip()[-200:]}")
        lines = target(self.repository, *head, self.row["visibility"])
        return hits_at(found, head[1], lines), run

    def score(self, program, classes, options, cache):
        before, first = self.findings(program, self.after, self.before, options, cache)
        after, second = self.findings(program, self.before, self.after, options, cache)
        of_class = lambda findings: [f for f in findings if classes.finds(f["rule"], self.row["class"])]
        hits, again = tiers(of_class(before)), tiers(of_class(after))
        if hits:
            again = {rule: tier for rule, tier in again.items() if rule in hits}
        near = {f["rule"] for f in before} - set(hits)
        return Outcome(hits, again, near, max(first.seconds, second.seconds), max(first.peak_mb, second.peak_mb))


def read_cases(path, repositories):
    return [Case(row, repositories.find(row["repo"])) for row in read_table(path)]


WAYS = {"change": (), "file": ("--whole-files",)}


def score_cases(program, cases, classes, cache):
    """Yields a case with its problem, or with its outcomes by way."""
    for case in cases:
        problem = case.problem()
        if problem:
            yield case, problem, {}
            continue
        try:
            yield case, "", {way: case.score(program, classes, options, cache) for way, options in WAYS.items()}
        except RuntimeError as error:
            yield case, str(error), {}
