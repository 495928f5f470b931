#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The man page of a program, made of its help: manpage.py PROGRAM VERSION

A section begins with a heading and a colon. In it, what is indented by four columns or
more stands as it is; a term, two blanks and a text are an entry of a list, which goes on
where the next rows are indented like that text; all else is a paragraph.
"""
import os
import re
import subprocess
import sys

# As man pages call them.
NAMES = {"Usage": "SYNOPSIS", "Exit codes": "EXIT STATUS"}
OPTIONS = ("Application Options", "Help Options")
TERM = re.compile(r"  (\S(?:.*?\S)?)  +(?=\S)")


def help_of(program):
    """What it says of itself, in English, whatever the language of whoever builds."""
    environment = dict(os.environ, LC_ALL="C.UTF-8")
    environment.pop("LANGUAGE", None)
    return subprocess.run([program, "--help"], env=environment, check=True,
                          capture_output=True, text=True, encoding="utf-8").stdout


def sections_of(text):
    """heading -> rows; the summary has none."""
    sections = {"": []}
    rows = sections[""]
    for row in text.splitlines():
        if re.fullmatch(r"[A-Z].*:", row):
            rows = sections.setdefault(row[:-1], [])
        elif row.startswith(" ") or not row:
            rows.append(row)
        else:
            rows = sections[""]
            rows.append(row)
    return sections


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...")
    return re.sub(r"^([.'])", r"\\&\1", text)


def bold(text):
    return "\\fB%s\\fP" % escaped(text)


def verbatim(rows):
    yield ".PP"
    yield ".nf"
    yield ".RS"
    yield from (escaped(row[4:]) for row in rows)
    yield ".RE"
    yield ".fi"


def body(rows):
    """The rows of a section as roff."""
    column = None  # of the text of a list's entry
    fresh = True  # the next row begins a paragraph
    while rows:
        row = rows.pop(0)
        indent = len(row) - len(row.lstrip())
        if not row:
            column, fresh = None, True
        elif column and indent == column:
            yield escaped(row.strip())
        elif indent >= 4:
            block = [row]
            while rows and rows[0].startswith("    "):
                block.append(rows.pop(0))
            yield from verbatim(block)
            column, fresh = None, True
        elif TERM.match(row):
            term = TERM.match(row)
            column = term.end()
            yield ".TP"
            yield bold(term.group(1))
            yield escaped(row[column:])
        else:
            if fresh:
                yield ".PP"
            column, fresh = None, False
            yield escaped(row.strip())


def section(heading, rows):
    yield ".SH " + heading
    yield from body(rows)


def page(name, version, sections):
    summary = " ".join(sections.pop("")).strip()
    brief = summary.split(":")[0]
    yield '.TH %s 1 "" "gst\\-voice\\-agent %s" "User Commands"' % (
        escaped(name.upper()), version)
    yield ".SH NAME"
    yield "%s \\- %s" % (escaped(name), escaped(brief[0].lower() + brief[1:]))
    yield ".SH SYNOPSIS"
    for row in sections.pop("Usage"):
        if row:
            yield bold(name) + escaped(row.strip()[len(name):])
    yield from section("DESCRIPTION", [summary])
    yield from section("OPTIONS", [row for heading in OPTIONS
                                   for row in sections.pop(heading)])
    for heading, rows in sections.items():
        yield from section(NAMES.get(heading, heading.upper()), rows)
    yield ".SH SEE ALSO"
    yield ".BR gst\\-launch\\-1.0 (1)"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    program, version = sys.argv[1:]
    sections = sections_of(help_of(program))
    text = "\n".join(page(os.path.basename(program), version, sections))
    sys.stdout.buffer.write((text + "\n").encode())


if __name__ == "__main__":
    main()
