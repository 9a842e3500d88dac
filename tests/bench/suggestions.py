#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applies each suggestion found in the given repositories, alone, and lets the expert look again.

usage: suggestions.py FERRISCOPE REPOSITORY...

Every file at HEAD is reviewed; then, for each finding with a suggestion, the file with the suggestion instead of its lines. The
finding must be gone and no other may have come. Prints one line for each suggestion that fails this; exits 1 if any did.
Writes into shared clones in a temporary folder only.
"""
import collections
import os
import subprocess
import sys
import tempfile

from reviewing import EMPTY_TREE, git, review, text_of


def tree_with(clone, folder, head, path, text):
    """The tree of `head` with other bytes at `path`."""
    environment = dict(os.environ, GIT_INDEX_FILE=os.path.join(folder, "index"))

    def run(*arguments, given=None):
        command = ["git", "-C", clone, *arguments]
        return subprocess.run(command, check=True, capture_output=True, input=given, env=environment).stdout.decode().strip()

    blob = run("hash-object", "-w", "--stdin", given=text.encode())
    run("read-tree", head)
    run("update-index", "--cacheinfo", f"100644,{blob},{path}")
    return run("write-tree")


def applied(text, fix):
    lines = text.splitlines(keepends=True)
    return "".join(lines[:fix["startLine"] - 1]) + fix["replacement"] + "".join(lines[fix["endLine"]:])


def kinds(findings):
    """What was found, without the line, which the suggestion may move."""
    return collections.Counter((f["rule"], f["item"], f["title"]) for f in findings)


def faults(before, after, finding):
    kind = (finding["rule"], finding["item"], finding["title"])
    left, come = kinds(before), kinds(after)
    wrong = ["it is still found"] if come[kind] >= left[kind] else []
    return wrong + [f"brings {rule}: {title}" for rule, _, title in (come - left)]


def check(program, repository, folder):
    clone = os.path.join(folder, "clone")
    subprocess.run(["git", "clone", "-q", "--shared", "--bare", repository, clone], check=True)
    head = git(clone, "rev-parse", "HEAD").decode().strip()
    found = review(program, clone, EMPTY_TREE, head, "--whole-files").review()["findings"]
    tried = failed = 0
    for finding in found:
        fix = finding["suggestion"]
        if not fix:
            continue
        path = fix["path"]
        tree = tree_with(clone, folder, head, path, applied(text_of(clone, head, path), fix))
        again = review(program, clone, EMPTY_TREE, tree, "--whole-files", "--", path).review()
        wrong = faults([f for f in found if f["path"] == path], again["findings"], finding)
        tried, failed = tried + 1, failed + bool(wrong)
        if wrong:
            print(f"  {finding['rule']} {path}:{finding['startLine']}: {'; '.join(wrong)}")
            sys.stdout.flush()
    print(f"{repository}: {tried} suggestions, {failed} failed")
    return failed


def main():
    failed = 0
    for repository in sys.argv[2:]:
        with tempfile.TemporaryDirectory() as folder:
            failed += check(sys.argv[1], os.path.abspath(repository), folder)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
