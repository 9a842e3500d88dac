# SPDX-License-Identifier: GPL-3.0-or-later
"""Hits that a person reads: draws some into a sheet with the code around them, and sums what was said of them."""
import collections
import random

from classes import read_table

AROUND = 10
VERDICTS = ("true", "debatable", "false")


def drawn(measures, count, seed, per_rule):
    """Pairs of a measure and one of its hits: `count` at random of all or, with `per_rule`, so many of each rule."""
    chance = random.Random(seed)
    everything = [(measure, hit) for measure in measures for hit in measure.hits]
    if not per_rule:
        return chance.sample(everything, min(count, len(everything)))
    by_rule = collections.defaultdict(list)
    for pair in everything:
        by_rule[pair[1]["rule"]].append(pair)
    most_first = sorted(by_rule, key=lambda rule: (-len(by_rule[rule]), rule))
    return [pair for rule in most_first for pair in chance.sample(by_rule[rule], min(per_rule, len(by_rule[rule])))]


def quoted(measure, hit):
    """The lines around a hit, numbered, those of the hit marked."""
    lines = measure.code.texts[hit["path"]].split("\n")
    first, last = max(1, hit["startLine"] - AROUND), min(len(lines), min(hit["endLine"], hit["startLine"] + 12) + AROUND)
    inside = range(hit["startLine"], hit["endLine"] + 1)
    return "\n".join(f"{'>' if n in inside else ' '}{n:5} {lines[n - 1]}" for n in range(first, last + 1))


def row_of(measure, hit, verdict, reason):
    return "\t".join([hit["rule"], measure.name, measure.commit[:12], hit["path"], str(hit["startLine"]), verdict, reason])


def sheet(pairs):
    """The hits to read, and below them the rows for read_hits.tsv with the verdicts left to fill in."""
    parts = []
    for number, (measure, hit) in enumerate(pairs, 1):
        steps = "\n".join(f"- {s['actor']}: {s['action']} ({s['path']}:{s['line']})" for s in hit["scenario"]["steps"])
        parts.append(f"## {number}. {hit['rule']} ({hit['tier']}, {hit['confidence']:.2f})\n"
                     f"{measure.name} {measure.commit[:12]} {hit['path']}:{hit['startLine']}, {hit['item']}\n\n"
                     f"{hit['title']}\n\n{steps}\n\n```\n{quoted(measure, hit)}\n```\n")
    rows = "\n".join(row_of(measure, hit, "VERDICT", "reason") for measure, hit in pairs)
    return "\n".join(parts) + f"\n## Rows for read_hits.tsv\n\n{rows}\n"


def read_verdicts(path):
    """The rows of read_hits.tsv; a verdict that is none of the three ends the run."""
    rows = read_table(path)
    for row in rows:
        if row["verdict"] not in VERDICTS:
            raise SystemExit(f"{path}: the verdict '{row['verdict']}' of {row['rule']} at {row['path']}:{row['line']} "
                             f"is none of {', '.join(VERDICTS)}")
    return rows


def precision(rows):
    """By rule: how many hits were read, how many of them were true, debatable and false."""
    counts = collections.defaultdict(collections.Counter)
    for row in rows:
        counts[row["rule"]][row["verdict"]] += 1
    return counts
