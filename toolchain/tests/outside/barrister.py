"""Asks Barrister itself, on Jython: what it makes of each file, or nothing if it refuses it.

The arguments are the directory of its sources, the file to write, and the files to read.
"""

import imp
import json
import sys

sources, out = sys.argv[1:3]
sys.path[:0] = [sources, sources + "/src"]
# The package itself loads its client, which wants much more than the parser does.
package = imp.new_module("barrister")
package.__path__ = [sources + "/barrister"]
package.__version__ = "0.1.6"
sys.modules["barrister"] = package

from barrister.parser import parse

answers = []
for name in sys.argv[3:]:
    with open(name) as file:
        text = file.read()
    try:
        elements = parse(text, name)
        elements[-1]["date_generated"] = 0
        answers.append(elements)
    except Exception:  # Its own, its lexer's, and in one place a plain one.
        answers.append(None)
with open(out, "w") as file:
    json.dump(answers, file)
