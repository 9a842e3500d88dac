# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of a run, and how this one differs from the last one that was kept."""
import pathlib

from classes import read_table

NAMES = ["kind", "name", "commit", "rule", "tier", "value"]
KEY = NAMES[:-1]


def read_record(path):
    """Key to value; empty where nothing was recorded yet."""
    if not pathlib.Path(path).is_file():
        return {}
    return {tuple(row[name] for name in KEY): row["value"] for row in read_table(path)}


def repository_entries(measure):
    entries = {("lines", measure.name, measure.commit, "-", "-"): str(measure.lines)}
    for hit in measure.hits:
        key = ("hits", measure.name, measure.commit, hit["rule"], hit["tier"])
        entries[key] = str(int(entries.get(key, "0")) + 1)
    return entries


def practice_entries(case, outcomes):
    commit = case.before[0]
    return {("practice", case.row["id"], commit, way, outcome.tier or "-"): "/".join(outcome.pair)
            for way, outcome in outcomes.items()}


def subject(key):
    """What an entry speaks of: a case, or a repository."""
    return key[0] == "practice", key[1]


def write_record(path, old, new, engine):
    """Keeps the old entries of what was not measured now."""
    renewed = {subject(key) for key in new}
    kept = {key: value for key, value in old.items() if subject(key) not in renewed}
    rows = sorted({**kept, **new}.items())
    lines = [f"# engine {engine}", "\t".join(NAMES)] + ["\t".join([*key, value]) for key, value in rows]
    pathlib.Path(path).write_text("\n".join(lines) + "\n")


def hit_differences(old, new):
    """Rows of rule, tier, before, now, and where it changed, for the repositories that both know at the same commit."""
    both = {key[1:3] for key in old if key[0] == "lines"} & {key[1:3] for key in new if key[0] == "lines"}
    changes = {}
    for key in {*old, *new}:
        if key[0] != "hits" or key[1:3] not in both:
            continue
        before, now = int(old.get(key, "0")), int(new.get(key, "0"))
        if before != now:
            changes.setdefault(key[3:5], []).append((key[1], before, now))
    rows = []
    for (rule, tier), places in sorted(changes.items()):
        difference = sum(now - before for _, before, now in places)
        where = ", ".join(f"{name} {now - before:+}" for name, before, now in sorted(places)[:5])
        rows.append([rule, tier, f"{difference:+}", where + (", …" if len(places) > 5 else "")])
    return rows


def practice_differences(old, new):
    """Rows of case, way, before, now."""
    def outcomes(entries):
        return {key[1:4]: f"{value} {key[4]}" for key, value in entries.items() if key[0] == "practice"}

    before, now = outcomes(old), outcomes(new)
    return [[case, way, before[case, commit, way], value] for (case, commit, way), value in sorted(now.items())
            if before.get((case, commit, way), value) != value]
