# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rules look for which class of bug: reads rule_classes.tsv, and knows which classes count as neighbours."""
import pathlib
import re

NEIGHBOURS = [
    {"deadlock-double-lock", "deadlock-lock-order", "deadlock-await-holding-lock"},
    {"data-race", "atomics-ordering", "toctou-race"},
    {"use-after-free", "double-free", "lifetime-extension"},
    {"uninit-memory", "buffer-bounds"},
    {"unwrap-panic", "index-panic", "int-overflow"},
    {"missing-timeout", "retry-idempotency"},
    {"resource-leak", "cancel-safety"},
    {"unsound-api", "unsound-send-sync"},
]


def read_table(path):
    """The rows of a tab separated file as dictionaries. Lines that begin with # are comments."""
    lines = [line for line in pathlib.Path(path).read_text().splitlines() if line and not line.startswith("#")]
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"))) for line in lines[1:]]


def loud_rules(rules):
    """The rules whose cards, below this folder, say that they speak only on lines that a change adds."""
    return {card.stem.replace("_", "-") for card in pathlib.Path(rules).glob("*/*.md")
            if re.search(r"^added-lines-only:\s*true", card.read_text(), re.M)}


class Classes:
    def __init__(self, path):
        self.of_rule = {}
        for row in read_table(path):
            self.of_rule.setdefault(row["rule"], set()).add(row["class"])

    def finds(self, rule, bug_class):
        """Whether a hit of this rule counts for a bug of this class."""
        wanted = {bug_class}.union(*(group for group in NEIGHBOURS if bug_class in group))
        return bool(self.of_rule.get(rule, set()) & wanted)
