#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is written is still so: papers.py ROOT

Fails on
- a README.md of more than 200 lines: the rest stands beside what it describes
- a link to a file that is not there, or to a heading that it does not have
- a message, an event or a field of a structure that pipelines/README.md does not name
- a metric of the gateway that tools/README.md does not name
"""
import os
import re
import sys

README_LINES = 200
# What stays between our elements, and no application reads.
PRIVATE = {"table"}
# So many there are at least: a test that finds nothing proves nothing.
LEAST_FIELDS = 100
LEAST_METRICS = 10


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def files(root, tops, end):
    for top in tops:
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders[:] = [f for f in folders if f != "node_modules"]
            for name in sorted(names):
                if name.endswith(end):
                    yield os.path.join(folder, name)


def papers(root):
    yield os.path.join(root, "README.md")
    yield from files(
        root, (".github", "pipelines", "plugins", "tests", "tools"), ".md")


def anchors(path):
    """The headings of a paper as a link names them."""
    for heading in re.findall(r"^#+ (.*)$", read(path), re.M):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def check_links(root):
    for paper in papers(root):
        text = re.sub(r"```.*?```", "", read(paper), flags=re.S)
        for link in re.findall(r"\]\(([^)]+)\)", text):
            path, _, anchor = link.partition("#")
            if "://" in link:
                continue
            target = os.path.normpath(
                os.path.join(os.path.dirname(paper), path)) if path else paper
            where = os.path.relpath(paper, root)
            if not os.path.exists(target):
                yield f"{where}: there is no {link}"
            elif anchor and anchor not in anchors(target):
                yield f"{where}: {path} has no heading {anchor}"


def fields(text):
    """Names of fields that are put into structures."""
    for call in re.findall(
            r"\bgst_structure_(?:new|set) \((.*?)\);", text, re.S):
        yield from re.findall(r'"([a-z][a-z0-9-]*)",\s*G(?:ST)?_TYPE_', call)
    # Tables of counters.
    yield from re.findall(r'\bCOUNTER \("([a-z-]+)"', text)


def check_facts(root):
    paper = read(root, "pipelines", "README.md")
    found = set()
    for file in files(root, ("plugins",), ".c"):
        text = read(file)
        for name in set(fields(text)) - PRIVATE:
            found.add(name)
            if f"`{name}`" not in paper:
                yield (f"pipelines/README.md does not know the field {name} of "
                       f"{os.path.relpath(file, root)}")
        for name in re.findall(
                r'"((?:sip|whip|voice|voicemixer|aiagent)/[a-z-]+)"', text):
            if f"### Message `{name}`" not in paper:
                yield f"pipelines/README.md does not know the message {name}"
        for name in re.findall(r'#define [A-Z_]+ "(voice-[a-z-]+)"', text):
            if name != "voice-listener" and f"**`{name}`**" not in paper:
                yield f"pipelines/README.md does not know the event {name}"
    if len(found) < LEAST_FIELDS:
        yield f"only {len(found)} fields were found"


def check_metrics(root):
    paper = read(root, "tools", "README.md")
    found = set()
    for file in files(root, ("tools",), ".c"):
        found |= set(re.findall(r'"(voice_gateway_[a-z_]+)', read(file)))
    for name in sorted(found):
        if f"`{name}`" not in paper:
            yield f"tools/README.md does not know the metric {name}"
    if len(found) < LEAST_METRICS:
        yield f"only {len(found)} metrics were found"


def check_length(root):
    lines = read(root, "README.md").count("\n")
    if lines > README_LINES:
        yield f"README.md has {lines} lines, of {README_LINES}"


def main():
    root = sys.argv[1]
    faults = [*check_length(root), *check_links(root), *check_facts(root),
              *check_metrics(root)]
    print("\n".join(faults) or "all is as it is written")
    sys.exit(1 if faults else 0)


main()
