# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs git and `ferriscope review`, and measures what a run costs. Shared by the benches written in Python."""
import dataclasses
import json
import os
import re
import subprocess
import tempfile
import threading
import time

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@dataclasses.dataclass
class Run:
    """How a program ended: its exit status, what it wrote, and what it took, of memory as seen every 10 ms."""
    status: int
    output: bytes
    errors: str
    seconds: float
    peak_mb: int

    def review(self):
        """The review that was printed, without what the authors silenced, or None where the run failed. Status 3 is a review with gaps."""
        if self.status not in (0, 3) or not self.output:
            return None
        found = json.loads(self.output)
        found["findings"] = [finding for finding in found["findings"] if not finding["silenced"]]
        return found


def git(repository, *arguments):
    return subprocess.run(["git", "-C", repository, *arguments], check=True, capture_output=True).stdout


def has_commit(repository, commit):
    wanted = ["git", "-C", repository, "cat-file", "-e", commit + "^{commit}"]
    return subprocess.run(wanted, capture_output=True).returncode == 0


def text_of(repository, commit, path):
    return git(repository, "show", f"{commit}:{path}").decode("utf-8", "replace")


def watch_memory(process, seen, ended):
    """Keeps the process's peak in `seen`. What the kernel tells of an ended child would count this process's memory too."""
    while not ended.wait(0.01):
        try:
            status = open(f"/proc/{process.pid}/status").read()
        except OSError:
            return
        peak = re.search(r"^VmHWM:\s*(\d+) kB", status, re.M)
        if peak:
            seen.append(int(peak.group(1)) // 1024)


def measured(command, cache=None):
    """Runs a command to its end. `cache` replaces the user's cache folder."""
    environment = dict(os.environ, **({"XDG_CACHE_HOME": cache} if cache else {}))
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        seen, ended = [0], threading.Event()
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env=environment)
        watcher = threading.Thread(target=watch_memory, args=(process, seen, ended))
        watcher.start()
        status = process.wait()
        seconds = time.monotonic() - start
        ended.set()
        watcher.join()
        output.seek(0)
        errors.seek(0)
        return Run(status, output.read(), errors.read().decode("utf-8", "replace"), seconds, max(seen))


def review(program, repository, base, head, *options, cache=None):
    """Reviews base..head; `options` are further ones, and paths after `--`."""
    command = [program, "review", "--repo", repository, f"{base}..{head}", "--format", "json", *options]
    return measured(command, cache)
