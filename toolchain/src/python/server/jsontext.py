# -*- coding: utf-8 -*-
"""JSON as text: where each value stands in a body, so that nothing of it is lost.

The reader of the standard library rounds numbers, keeps the last of two members with one name, and follows any
nesting. Here a body is "wire text", one character for each byte of its UTF-8: positions are byte offsets, and a
slice of it is what the caller wrote.
"""

from __future__ import unicode_literals

import re

try:
    TEXT, INTEGERS = unicode, (int, long)
except NameError:  # Python 3
    TEXT, INTEGERS = str, (int,)

SYNTAX, DEPTH, SURROGATE = "syntax", "depth", "surrogate"

#: Values that nest deeper are not written: a value that contains itself would never end.
DEEPEST = 256

_MOST_DIGITS = 300

# Patterns are only matched against small slices, or once over a whole text: Jython copies the text for every match.
_ESCAPE = re.compile(
    r'\\(?:(?P<plain>["\\/bfnrt])|u(?P<unit>[0-9a-fA-F]{4}))?|[\x00-\x1f]'
)
_NUMBER = re.compile(
    r"-?(?:0|[1-9][0-9]*)(?P<fraction>\.[0-9]*)?(?P<exponent>[eE][+-]?[0-9]*)?"
)
_ESCAPED = re.compile(r"\\u([dD][89abAB]..)\\u([dD][c-fC-F]..)|\\u(....)|\\(.)")
_SPECIAL = re.compile(r'[\x00-\x1f"\\]')
_SPACES = frozenset(" \t\n\r")
_NAMED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
# UTF-8 as RFC 3629 has it; some readers of Python 2 let encoded surrogates through.
_UTF8 = re.compile(
    r"[\x00-\x7f]+|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    r"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)


class Fault(Exception):
    """Why reading stopped: ``SYNTAX``, ``DEPTH`` or ``SURROGATE``, and the offset where that was seen."""

    def __init__(self, kind, at):
        Exception.__init__(self, kind, at)
        self.kind, self.at = kind, at


class Json(object):
    """JSON text that is passed on as it is written, once it was checked.

    A handler may answer one in place of a value, or within one: digits, escapes and white space are kept. A handler
    marked with ``pintle_server.raw`` gets its parameters so.
    """

    def __init__(self, text):
        if not isinstance(text, bytes):
            text = text.encode("utf-8")
        self.wire = text.decode("latin-1")
        if bad_utf8(self.wire) is not None:
            raise ValueError("JSON text is UTF-8")

    @property
    def text(self):
        return self.wire.encode("latin-1").decode("utf-8")

    def __repr__(self):
        return "Json(%r)" % (self.text,)


class Node(object):
    """One value of a text.

    ``kind`` is string, int, float, bool, null, array or object. ``items`` are pairs of a key's node, None in an array,
    and a value's; None in a container that is too deep to be read. ``end`` is None while the value is not read to its
    end. ``unpaired`` is where half of a surrogate pair is escaped.
    """

    # Python 2 wants names here that are no Unicode text.
    __slots__ = tuple(map(str, ("kind", "start", "end", "items", "unpaired")))

    def __init__(self, start):
        self.start = start
        self.kind = self.end = self.items = self.unpaired = None


class Reader(object):
    """Reads values of one text. Positions past its end read as "no byte"."""

    def __init__(self, text):
        self.text = text

    def space(self, at):
        while self.text[at : at + 1] in _SPACES:
            at += 1
        return at

    def at(self, at):
        return self.text[at : at + 1]

    def value(self, node, depth, paired):
        """Reads the value that begins where `node` does, nested at most `depth` levels; answers where it ends.

        `paired`: half of a surrogate pair is a fault. After a fault, `node` holds what was read before it.
        """
        at, first = node.start, self.at(node.start)
        if first == '"':
            node.kind = "string"
            node.end, node.unpaired = self._string(at + 1, paired)
        elif first == "{" or first == "[":
            node.kind = "object" if first == "{" else "array"
            if depth <= 0:
                raise Fault(DEPTH, at)
            node.items = []
            node.end = self._items(node, depth, paired)
        elif first == "-" or "0" <= first <= "9":
            node.end = self._number(at)
            number = self.text[at : node.end]
            node.kind = "float" if "." in number or "e" in number.lower() else "int"
        else:
            node.kind = "null" if first == "n" else "bool"
            node.end = self.word(
                at, {"t": "true", "f": "false", "n": "null"}.get(first)
            )
        return node.end

    def word(self, at, word):
        if word is None or self.text[at : at + len(word)] != word:
            raise Fault(SYNTAX, at)
        return at + len(word)

    def key(self, at, paired):
        """The key whose quote should be at `at`, and where its value begins."""
        node = Node(at)
        node.kind = "string"
        node.end, node.unpaired = self._string(self.word(at, '"'), paired)
        return node, self.space(self.word(self.space(node.end), ":"))

    def next(self, at, close):
        """Behind an element: where the next one begins and True, or where the container ended and False."""
        at = self.space(at)
        if self.at(at) == ",":
            return self.space(at + 1), True
        return self.word(at, close), False

    def first(self, at, close):
        """The same behind the bracket that opens the container at `at`."""
        at = self.space(at + 1)
        return (at + 1, False) if self.at(at) == close else (at, True)

    def _items(self, node, depth, paired):
        close = "}" if node.kind == "object" else "]"
        at, more = self.first(node.start, close)
        while more:
            key = None
            if node.kind == "object":
                key, at = self.key(at, paired)
            child = Node(at)
            # Before it is read, so that it is there if that fails.
            node.items.append((key, child))
            at, more = self.next(self.value(child, depth - 1, paired), close)
        return at

    def _string(self, at, paired):
        end = self._quote(at)
        unpaired, high, behind = None, None, None
        for found in _ESCAPE.finditer(self.text[at:end]):
            if found.lastgroup is None:
                raise Fault(SYNTAX, at + found.start())
            unit = int(found.group("unit") or "0", 16)
            if 0xDC00 <= unit <= 0xDFFF and behind == found.start():
                high = None
                continue
            if high is not None and unpaired is None:
                unpaired = high
            high = None
            if 0xD800 <= unit <= 0xDBFF:
                high, behind = found.start(), found.end()
            elif 0xDC00 <= unit <= 0xDFFF and unpaired is None:
                unpaired = found.start()
        if end == len(self.text):
            raise Fault(SYNTAX, end)
        if unpaired is None:
            unpaired = high
        if unpaired is not None:
            unpaired += at
            if paired:
                raise Fault(SURROGATE, unpaired)
        return end + 1, unpaired

    def _quote(self, at):
        """Where the string ends that `at` stands in: its quote, or the end of the text."""
        while True:
            end = self.text.find('"', at)
            if end < 0:
                return len(self.text)
            slash = end
            while slash > at and self.text[slash - 1] == "\\":
                slash -= 1
            if (end - slash) % 2 == 0:
                return end
            at = end + 1

    def _number(self, at):
        size = 32
        found = _NUMBER.match(self.text[at : at + size])
        while found is not None and found.end() == size:
            size *= 4
            found = _NUMBER.match(self.text[at : at + size])
        if found is None:
            raise Fault(SYNTAX, at + 1)
        fraction, exponent = found.group("fraction"), found.group("exponent")
        if fraction == ".":
            raise Fault(SYNTAX, at + found.end("fraction"))
        if exponent is not None and not exponent[-1].isdigit():
            raise Fault(SYNTAX, at + found.end())
        return at + found.end()


def bad_utf8(text):
    """Where a wire text stops being UTF-8; None if it is."""
    try:
        text.encode("latin-1").decode("utf-8")
        if "\xed" not in text:
            return None
    except UnicodeDecodeError:
        pass
    at = 0
    for found in _UTF8.finditer(text):
        if found.start() != at:
            return at
        at = found.end()
    return None if at == len(text) else at


def content(raw):
    """The string that wire text between two quotes stands for.

    Half of a surrogate pair becomes U+FFFD for each of the three bytes that it would have: what a contract allows
    never has one.
    """
    text = raw.encode("latin-1").decode("utf-8")
    return _ESCAPED.sub(_unescape, text) if "\\" in text else text


def _unescape(found):
    high, low, unit, named = found.groups()
    if named is not None:
        return _NAMED.get(named, named)
    if unit is None:
        return _char(
            0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00)
        )
    code = int(unit, 16)
    return "\ufffd" * 3 if 0xD800 <= code <= 0xDFFF else _char(code)


def _char(code):
    # `chr` in Python 3; `unichr` knows no code above U+FFFF everywhere.
    return ("\\U%08x" % code).encode("ascii").decode("unicode-escape")


def number(text):
    """The value of a number whose type no contract says."""
    # Reading very many digits as an integer takes time that grows with their square.
    whole = len(text) <= _MOST_DIGITS and text.lstrip("-").isdigit()
    return int(text) if whole else float(text)


def plain(text, node):
    """The value of a node whose type no contract says."""
    if node.kind == "object":
        return dict(
            (content(text[key.start + 1 : key.end - 1]), plain(text, item))
            for key, item in node.items
        )
    if node.kind == "array":
        return [plain(text, item) for _, item in node.items]
    if node.kind == "string":
        return content(text[node.start + 1 : node.end - 1])
    if node.kind in ("int", "float"):
        return number(text[node.start : node.end])
    return {"t": True, "f": False, "n": None}[text[node.start]]


def quoted(text):
    """`text` as a JSON string."""
    return (
        '"'
        + _SPECIAL.sub(
            lambda found: _SHORT.get(found.group(), "\\u%04x" % ord(found.group())),
            text,
        )
        + '"'
    )


def wire(text, errors="strict"):
    """Text as wire text."""
    return text.encode("utf-8", errors).decode("latin-1")


def write(value, depth=DEEPEST):
    """A value as wire text: None, truth values, numbers, text, mappings with text as keys, and sequences.

    TypeError or ValueError says what cannot be written.
    """
    if depth == 0:
        raise ValueError("the value nests deeper than %d levels" % DEEPEST)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Json):
        return value.wire
    if isinstance(value, bytes) and bytes is str:  # Python 2
        value = value.decode("utf-8")
    if isinstance(value, TEXT):
        return wire(quoted(value))
    if isinstance(value, INTEGERS):
        return "%d" % value
    if isinstance(value, float):
        if value - value != 0:
            raise ValueError("JSON has no %r" % value)
        return repr(float(value))
    if hasattr(value, "items"):
        members = [
            _key(key) + ":" + write(item, depth - 1) for key, item in value.items()
        ]
        return "{" + ",".join(members) + "}"
    if (
        hasattr(value, "__getitem__")
        and hasattr(value, "__len__")
        and not isinstance(value, bytes)
    ):
        return "[" + ",".join(write(item, depth - 1) for item in value) + "]"
    raise TypeError("JSON has no %s" % type(value).__name__)


def _key(key):
    if not isinstance(key, (TEXT, str)):
        raise TypeError("a member's name is text, not %s" % type(key).__name__)
    return write(key)
