#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every property and signal has a doc block where it is made: docs.py ROOT

Fails on a property or signal of plugins/ without a block in its file,

    /**
     * GstSipSrc:latency:          (a signal: GstSipSrc::call:)
     *
     * What it does, with the unit. Default: 40. (Or: Read only.)
     *
     * Since: 0.1
     */

on a block without a default, that of a signal without a word on threads, one without
Since, and one of nothing that is made there. Of the public library each function has one,
in its .c file, with a word on threads or blocking, and each virtual function a line in that
of its class.
"""
import os
import re
import sys

# So many there are at least: a test that finds nothing proves nothing.
LEAST = 50
PROPERTY = re.compile(
    r'\b(?:g_param_spec|\w+_spec|spec)\w* \(\s*(?:\w+,\s*)*"([a-z][a-z0-9-]*)",\s*"')
SIGNAL = re.compile(r'\bg_signal_new\w* \(\s*"([a-z][a-z0-9-]*)"')
BLOCK = re.compile(
    r"/\*\*\n\s*\* \w+?(::?)([a-z][a-z0-9-]*):\n(.*?)\*/", re.S)


def sources(root):
    for folder, _, names in os.walk(os.path.join(root, "plugins")):
        for name in sorted(names):
            if name.endswith(".c"):
                yield os.path.join(folder, name)


def blocks(text):
    """(":" or "::", name) -> what the block says"""
    return {(colons, name): body
            for colons, name, body in BLOCK.findall(text)}


def faults_of(colons, name, body):
    if not re.search(r"^\s*\* Since: \d+\.\d+$", body, re.M):
        yield "no Since:"
    if colons == "::":
        if "thread" not in body:
            yield "no word on threads"
    elif not re.search(r"Default:\s|Read[\s*]+only", body):
        yield "no Default:"


def check(path, text):
    made = {(":", name) for name in PROPERTY.findall(text)}
    made |= {("::", name) for name in SIGNAL.findall(text)}
    described = blocks(text)
    for colons, name in sorted(made - set(described)):
        yield f"{path}: {colons}{name} has no doc block"
    for colons, name in sorted(set(described) - made):
        yield f"{path}: a doc block of {colons}{name}, which is not made here"
    for key in sorted(made & set(described)):
        for fault in faults_of(*key, described[key]):
            yield f"{path}: {''.join(key)}: {fault}"


def check_library(root):
    """The functions of plugins/voiceagent, and the virtual ones of its classes."""
    folder = os.path.join(root, "plugins", "voiceagent")
    text = {name: open(os.path.join(folder, name), encoding="utf-8").read()
            for name in os.listdir(folder) if name.endswith((".c", ".h"))}
    code = "".join(text[name] for name in text if name.endswith(".c"))
    public = "".join(text[name] for name in text
                     if name.endswith(".h") and "private" not in name)
    functions = re.findall(r"^GST_VOICE_AGENT_API\n[^;]*?\b(gst_\w+) \(", public, re.M)
    for name in sorted(set(functions)):
        block = re.search(r"/\*\*\n \* %s:\n(.*?)\*/" % name, code, re.S)
        body = " ".join(block[1].split()) if block else ""
        if name.endswith("_get_type"):
            continue
        if not re.search(r"thread.*Since: \d+\.\d+", body):
            yield f"{name}: no doc block with threads and Since:"
    for name, members in re.findall(r"^struct _(\w+Class)\n\{(.*?)^\};", public, re.M | re.S):
        block = re.search(r"/\*\*\n \* %s:\n(.*?)\*/" % name, public, re.S)
        for member in re.findall(r"\(\s*\*(\w+)\)", members):
            if not block or f"@{member}:" not in block[1]:
                yield f"{name}: {member} is not described"
    if len(functions) < 20:
        yield f"plugins/voiceagent: only {len(functions)} functions were found"


def main():
    root = sys.argv[1]
    faults, count = [], 0
    for path in sources(root):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        count += len(PROPERTY.findall(text)) + len(SIGNAL.findall(text))
        faults += check(os.path.relpath(path, root), text)
    faults += check_library(root)
    if count < LEAST:
        faults.append(f"only {count} properties and signals were found")
    print("\n".join(faults) or f"{count} properties and signals are described")
    sys.exit(1 if faults else 0)


main()
