# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs git and `ferriscope review`, and measures what a run costs. Shared by the benches written in Python."""
import dataclasses
import json
import os
import subprocess
import tempfile
import time

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@dataclasses.dataclass
class Run:
    """How a program ended: its exit status, what it wrote, and what it took."""
    status: int
    output: bytes
    errors: str
    seconds: float
    peak_mb: int

    def review(self):
        """The review that was printed, or None where the run failed. Status 3 is a review with gaps."""
        return json.loads(self.output) if self.status in (0, 3) and self.output else None


def git(repository, *arguments):
    return subprocess.run(["git", "-C", repository, *arguments], check=True, capture_output=True).stdout


def has_commit(repository, commit):
    wanted = ["git", "-C", repository, "cat-file", "-e", commit + "^{commit}"]
    return subprocess.run(wanted, capture_output=True).returncode == 0


def text_of(repository, commit, path):
    return git(repository, "show", f"{commit}:{path}").decode("utf-8", "replace")


def measured(command, cache=None):
    """Runs a command to its end. Its peak memory is that of its largest process. `cache` replaces the user's cache folder."""
    environment = dict(os.environ, **({"XDG_CACHE_HOME": cache} if cache else {}))
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        return Run(process.returncode, output.read(), errors.read().decode("utf-8", "replace"), seconds,
                   usage.ru_maxrss // 1024)


def review(program, repository, base, head, *options, cache=None):
    """Reviews base..head; `options` are further ones, and paths after `--`."""
    command = [program, "review", "--repo", repository, f"{base}..{head}", "--format", "json", *options]
    return measured(command, cache)
