#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""structure.py SOURCE BUILD [PLACE]: the house as it is built.

Reads the includes of every source and the symbols of every object of plugins/ and
tools/, prints what is not as it should be (of PLACE only, where it is given), and fails on
- a circle between nouns: a noun is a file with its header, and all files of its folder
  whose names begin with its name (webrtcpeer, webrtcpeercall, webrtcpeerprivate)
- a circle between folders, and an arrow that runs up: from a folder to the one that it
  lies in, from plugins/voiceagent (the public library) to anything else, from
  plugins/common to a plugin, from a plugin to another or to tools, from
  logic/ to anything else
- GStreamer in logic/, which is bytes and time
- a file of over 600 lines, a function of over 60
Exported symbols are the business of symbols.sh.
"""
import collections
import json
import os
import re
import subprocess
import sys

FILE_LINES = 600
FUNCTION_LINES = 60
COMMON = "plugins/common"
# What backends of anybody's are written to: below all, and knows nothing of ours.
LIBRARY = "plugins/voiceagent"


def read(root, file):
    with open(os.path.join(root, file), encoding="utf-8") as text:
        return text.read()


def find_sources(root):
    for top in ("plugins", "tools"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in names:
                if name.endswith((".c", ".h", ".cc", ".cpp")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def stem_of(file):
    return re.sub("private$", "", os.path.basename(file).rsplit(".", 1)[0])


def find_nouns(files):
    """file -> its noun"""
    stems = collections.defaultdict(set)
    for file in files:
        stems[os.path.dirname(file)].add(stem_of(file))
    noun = {}
    for file in files:
        folder = os.path.dirname(file)
        shorter = [s for s in stems[folder] if stem_of(file).startswith(s)]
        noun[file] = folder + "/" + min(shorter, key=len)
    return noun


def plugin_of(file):
    """plugins/NAME or tools/NAME"""
    parts = file.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


# ---- Arrows: (from file, to file, why)


def include_arrows(root, files):
    known = set(files)
    for file in files:
        for target in re.findall(r'^#include "(.*)"', read(root, file), re.M):
            for base in (os.path.dirname(file), plugin_of(file), "plugins", "tools"):
                path = os.path.normpath(os.path.join(base, target))
                if path in known:
                    yield file, path, '#include "%s"' % target
                    break


def find_objects(root, build, files):
    """source -> an object of it; who builds a source twice builds the same twice"""
    known = set(files)
    objects = {}
    for command in json.loads(read(build, "compile_commands.json")):
        source = os.path.normpath(os.path.join(command["directory"], command["file"]))
        source = os.path.relpath(source, root)
        path = os.path.join(command["directory"], command["output"])
        if source in known and os.path.exists(path):
            objects[source] = path
    return objects


def symbol_arrows(root, build, files):
    sources = {path: source for source, path in find_objects(root, build, files).items()}
    if not sources:
        sys.exit("There are no objects in %s: build first." % build)
    listing = subprocess.run(["nm", "-g", "-A", *sources], capture_output=True, text=True,
                             check=True).stdout
    defined, wanted = {}, []
    for line in listing.splitlines():
        path, rest = line.split(":", 1)
        kind, symbol = rest.split()[-2:]
        if kind == "U":
            wanted.append((sources[path], symbol))
        else:
            defined[symbol] = sources[path]
    for source, symbol in wanted:
        if defined.get(symbol, source) != source:
            yield source, defined[symbol], symbol


def find_circles(arrows):
    """Of more than one: Tarjan's strongly connected components."""
    graph = collections.defaultdict(set)
    for a, b in arrows:
        if a != b:
            graph[a].add(b)
    index, low, stack, on, found = {}, {}, [], set(), []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        on.add(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in on:
                low[node] = min(low[node], index[other])
        if low[node] != index[node]:
            return
        part = stack[stack.index(node):]
        del stack[-len(part):]
        on.difference_update(part)
        if len(part) > 1:
            found.append(sorted(part))

    sys.setrecursionlimit(10000)
    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def why_up(a, b):
    """Why an arrow from file a to file b is none that runs down, or None."""
    plugin, other_plugin = plugin_of(a), plugin_of(b)
    folder, other = os.path.dirname(a), os.path.dirname(b)
    if a.startswith("plugins/") and b.startswith("tools/"):
        return "a plugin knows no tool"
    if plugin == LIBRARY and other_plugin != LIBRARY:
        return "the library knows nothing of ours"
    if plugin == COMMON and other_plugin not in (COMMON, LIBRARY):
        return "what is common knows no plugin"
    if (a.startswith("plugins/") and b.startswith("plugins/") and
            plugin != other_plugin and other_plugin not in (COMMON, LIBRARY)):
        return "a plugin knows no other"
    if folder != other and folder.startswith(other + "/"):
        return "it runs up"
    if "/logic" in folder and "/logic" not in other:
        return "logic knows logic only"
    return None


# ---- What is found


def arrow_findings(root, build, files):
    noun = find_nouns(files)
    of_nouns, of_folders = {}, {}
    arrows = {}
    for a, b, why in list(include_arrows(root, files)) + list(
            symbol_arrows(root, build, files)):
        arrows.setdefault((a, b), why)
    for (a, b), why in sorted(arrows.items()):
        text = "%s -> %s: %s" % (a, b, why)
        of_nouns.setdefault((noun[a], noun[b]), text)
        of_folders.setdefault((os.path.dirname(a), os.path.dirname(b)), text)
        if why_up(a, b):
            yield "%s (%s)" % (text, why_up(a, b))
    for kind, all_ in (("nouns", of_nouns), ("folders", of_folders)):
        for circle in find_circles(all_):
            inside = [text for (a, b), text in all_.items()
                      if a != b and a in circle and b in circle]
            yield "circle of %s: %s\n    %s" % (kind, ", ".join(circle),
                                                "\n    ".join(sorted(inside)))


def long_functions(file, text):
    begin, name, previous = None, None, ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("{") and previous.endswith(")"):
            begin, name = number, previous
        elif line.startswith("}") and begin:
            length = number - begin - 1
            if length > FUNCTION_LINES:
                yield "%s:%d: %s is %d lines" % (file, begin, name.strip(), length)
            begin = None
        if line.strip():
            previous = line.rstrip()


def file_findings(file, text):
    lines = text.count("\n")
    if "/logic/" in file and "<gst/" in text:
        yield "%s: GStreamer in logic" % file
    if lines > FILE_LINES:
        yield "%s: %d lines" % (file, lines)
    yield from long_functions(file, text)


def find_all(root, build, place=""):
    files = sorted(find_sources(root))
    found = list(arrow_findings(root, build, files))
    for file in files:
        found += file_findings(file, read(root, file))
    return [one for one in found if place in one]


def check_itself():
    """What finds nothing may also be blind."""
    long = "void\nf (void)\n{\n" + "\n" * (FUNCTION_LINES + 1) + "}\n"
    noun = find_nouns(["p/call.c", "p/callprivate.h", "p/callend.c", "p/tone.c"])

    assert find_circles([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]) == [
        ["a", "b", "c"]]
    assert not find_circles([("a", "b"), ("a", "c"), ("b", "c")])
    assert sorted(set(noun.values())) == ["p/call", "p/tone"]
    assert why_up("plugins/sip/media/rtp.c", "plugins/sip/line.h")
    assert why_up("plugins/sip/logic/rtp.c", "plugins/common/loop.h")
    assert why_up("plugins/sip/line.c", "plugins/whip/page.h")
    assert why_up("plugins/voiceagent/backend.c", "plugins/common/loop.h")
    assert not why_up("plugins/common/events.c", "plugins/voiceagent/call.h")
    assert not why_up("plugins/sip/line.c", "plugins/voiceagent/call.h")
    assert not why_up("plugins/sip/line.c", "plugins/sip/media/rtp.h")
    assert not why_up("tools/gateway/main.c", "plugins/common/loop.h")
    assert len(list(file_findings("plugins/sip/logic/a.c", "#include <gst/gst.h>\n"
                                  + "\n" * FILE_LINES))) == 2
    assert len(list(file_findings("a.c", long))) == 1


def main(root, build, place=""):
    check_itself()
    found = find_all(os.path.abspath(root), os.path.abspath(build), place)
    print("\n".join(found + ["%d findings" % len(found)]))
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
