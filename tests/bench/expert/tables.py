# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints tables in which numbers stand to the right."""


def is_number(text):
    return text.lstrip("+-").replace(".", "", 1).replace(" %", "").isdigit()


def print_table(title, names, rows):
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(line[column]) for line in [names, *cells]) for column in range(len(names))]
    right = [bool(cells) and all(is_number(row[c]) or not row[c] for row in cells) for c in range(len(names))]

    def line(values):
        padded = [v.rjust(w) if r else v.ljust(w) for v, w, r in zip(values, widths, right)]
        return "  ".join(padded).rstrip()

    print(f"\n{title}\n")
    print(line(names))
    print("  ".join("-" * width for width in widths))
    for row in cells:
        print(line(row))
    if not cells:
        print("(none)")


def per_thousand(count, lines):
    return f"{1000 * count / lines:.3f}" if lines else ""


def share(part, whole):
    return f"{100 * part / whole:.0f} %" if whole else "-"
