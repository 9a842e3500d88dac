# SPDX-License-Identifier: GPL-3.0-or-later
"""Reviews every file of whole repositories and counts alarms on each 1,000 lines of code outside tests and comments."""
import dataclasses
import pathlib
import subprocess

from classes import read_table
from reviewing import EMPTY_TREE, git, has_commit, review
from rust_lines import RustText, is_test_path

LARGEST_FILE = 2 * 1024 * 1024


class Folder:
    """A folder of bare repositories: OWNER+NAME itself, or `repo` in it."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def find(self, name):
        """The git folder of owner/name, or nothing."""
        base = self.path / name.replace("/", "+")
        for candidate in (base / "repo", base / ".git", base):
            if (candidate / "HEAD").is_file():
                return str(candidate)
        return ""


class CodeLines:
    """Which lines of a commit's Rust files count as code. Reads all files through one git process."""

    def __init__(self, repository, commit):
        self.texts, self.counted = {}, {}
        names = git(repository, "ls-tree", "-r", "-z", "--format=%(objecttype) %(objectname) %(path)", commit)
        files = []
        for entry in names.decode("utf-8", "surrogateescape").split("\0")[:-1]:
            kind, blob, path = entry.split(" ", 2)
            if kind == "blob" and path.endswith(".rs") and not is_test_path(path):
                files.append((blob, path))
        wanted = "".join(blob + "\n" for blob, _ in files).encode()
        stream = subprocess.run(["git", "-C", repository, "cat-file", "--batch"], capture_output=True, check=True, input=wanted).stdout
        at = 0
        for _, path in files:
            end_of_head = stream.index(b"\n", at)
            head, at = stream[at:end_of_head].split(), end_of_head + 1
            if head[1] == b"missing":
                continue
            size = int(head[2])
            if size <= LARGEST_FILE:
                self.texts[path] = stream[at:at + size].decode("utf-8", "replace")
                self.counted[path] = RustText(self.texts[path]).code_lines()
            at += size + 1

    def total(self):
        return sum(map(len, self.counted.values()))

    def holds(self, finding):
        lines = self.counted.get(finding["path"], set())
        return any(line in lines for line in range(finding["startLine"], finding["endLine"] + 1))


@dataclasses.dataclass
class Measured:
    """A whole repository's review. `hits` are those in counted lines; `elsewhere` counts the others."""
    name: str
    commit: str
    use: str
    lines: int
    hits: list
    elsewhere: int
    seconds: float
    peak_mb: int
    code: CodeLines
    failed: int


def measure(program, repository, name, commit, use, cache):
    run = review(program, repository, EMPTY_TREE, commit, cache=cache)
    found = run.review()
    if found is None:
        raise RuntimeError(f"the review ended with {run.status}: {run.errors.strip()[-200:]}")
    code = CodeLines(repository, commit)
    hits = [finding for finding in found["findings"] if code.holds(finding)]
    failed = sum(part["state"] == "failed" for part in found["coverage"])
    return Measured(name, commit, use, code.total(), hits, len(found["findings"]) - len(hits), run.seconds, run.peak_mb,
                    code, failed)


def measure_all(program, folder, table, cache, uses=()):
    """Yields a row of the table with its measure, or with why there is none."""
    for row in read_table(table):
        if uses and row["use"] not in uses:
            continue
        repository = folder.find(row["repository"])
        if not repository:
            yield row, "it is not in the folder", None
        elif not has_commit(repository, row["commit"]):
            yield row, f"it lacks commit {row['commit'][:12]}", None
        else:
            try:
                yield row, "", measure(program, repository, row["repository"], row["commit"], row["use"], cache)
            except RuntimeError as error:
                yield row, str(error), None
