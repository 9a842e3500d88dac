#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reviews 20 ranges of each given repository, twice, and checks what a reader relies on.

usage: review_ranges.py FERRISCOPE [--whole] REPOSITORY...

With --whole, one range instead: every line of every file at HEAD.

For each repository: ranges of 1 to 1,000 first-parent commits, drawn with a fixed seed. For each range: the program ends with
status 0, or with 3 and the files it could not review; both runs print the same bytes; every quoted evidence line stands in
git's blob where the finding says, every suggestion's original text does too, and every place lies inside its file. Prints
one line a range; exits 1 if any check failed.
"""
import random
import sys

from reviewing import EMPTY_TREE, git, review, text_of

LENGTHS = [1] * 8 + [2, 3, 5, 8, 13, 21, 34, 55, 100, 200, 500, 1000]


def pick_ranges(repository):
    """20 pairs of commits along the first-parent line; long ranges shrink to what the history has."""
    commits = git(repository, "rev-list", "--first-parent", "HEAD").decode().split()
    chance = random.Random(7)
    for length in LENGTHS:
        length = min(length, len(commits) - 1)
        start = chance.randrange(0, max(1, min(len(commits) - length, 2000)))
        yield commits[start + length], commits[start], length


def whole(repository):
    yield EMPTY_TREE, git(repository, "rev-parse", "HEAD").decode().strip(), "all"


def lines_of(repository, cache, commit, path):
    if (commit, path) not in cache:
        cache[commit, path] = text_of(repository, commit, path).split("\n")
    return cache[commit, path]


def misplaced(repository, base, head, found):
    """The places of a review whose text is not where it says."""
    cache, wrong = {}, []

    def check(path, side, first, last, text, what):
        lines = lines_of(repository, cache, base if side == "old" else head, path)
        if not 1 <= first <= last <= len(lines):
            wrong.append(f"{what} {path}:{first}-{last} is outside of the file")
        elif text is not None and "\n".join(lines[first - 1:last]) != text.removesuffix("\n"):
            wrong.append(f"{what} {path}:{first} quotes other text")

    for finding in found["findings"]:
        check(finding["path"], finding["side"], finding["startLine"], finding["endLine"], None, finding["rule"])
        for quote in finding["evidence"]:
            check(quote["path"], quote["side"], quote["startLine"], quote["endLine"], quote["text"], finding["rule"])
        for step in finding["scenario"]["steps"]:
            check(step["path"], step["side"], step["line"], step["line"], None, finding["rule"] + " step")
        fix = finding["suggestion"]
        if fix and fix["original"]:
            check(fix["path"], "new", fix["startLine"], fix["endLine"], fix["original"], finding["rule"] + " suggestion")
    return wrong


def main():
    program, failures, peak = sys.argv[1], 0, 0
    repositories = [argument for argument in sys.argv[2:] if argument != "--whole"]
    pick, options = (whole, ["--whole-files"]) if "--whole" in sys.argv else (pick_ranges, [])
    for repository in repositories:
        print(f"{repository}\n{'commits':>8} {'files':>6} {'hunks':>6} {'findings':>8} {'seconds':>8}  checks")
        for base, head, length in pick(repository):
            first = review(program, repository, base, head, *options)
            result, status = first.review(), first.status
            if result is None:
                failures += 1
                print(f"{length:8} {base[:10]}..{head[:10]} ended with {status}: {first.errors.strip()[-200:]}")
                continue
            second = review(program, repository, base, head, *options)
            peak = max(peak, first.peak_mb, second.peak_mb)
            problems = misplaced(repository, base, head, result)
            problems += ["the second run differs"] if first.output != second.output else []
            failed = sorted({c["path"] for c in result["coverage"] if c["state"] == "failed"})
            if result["complete"] != (status == 0) or (status == 3 and not failed):
                problems.append(f"status {status} without a reason")
            failures += len(problems)
            scope = result["scope"]
            print(f"{length:8} {scope['files']:6} {scope['hunks']:6} {len(result['findings']):8} {first.seconds:8.2f}  "
                  f"{'; '.join(problems) or 'right'}{' (could not review ' + ', '.join(failed) + ')' if failed else ''}")
            sys.stdout.flush()
    print(f"largest process: {peak} MB; failed checks: {failures}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
