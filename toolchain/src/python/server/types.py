# -*- coding: utf-8 -*-
"""The types of a contract: each says what is wrong with a value, and what Python sees of one that is right.

``check`` walks a value that was read from text, up to the depth that is allowed. It answers False when nothing
further is to be looked at: enough problems were found, or the text ends in what is too deep.
"""

from __future__ import unicode_literals

from .jsontext import DEPTH, SYNTAX, Fault, Node, Reader, content, plain, quoted

#: Most characters of the caller's text in one `got` or one segment of a path.
QUOTED = 64

_LOWER = dict((ord(upper), ord(upper) + 32) for upper in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
#: The characters of names.
WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


class Problem(object):
    """One finding: where, what the contract expects there, and what stood there."""

    def __init__(self, path, expected, got):
        self.path, self.expected, self.got = path, expected, got

    @property
    def sentence(self):
        where = self.path or "the value"
        return "%s: expected %s, got %s" % (where, self.expected, self.got)


class Walk(object):
    """What was found in one text: problems, at most `most`, and integers that are to be written otherwise."""

    def __init__(self, text, strict, most):
        self.text, self.strict, self.most = text, strict, max(most, 1)
        self.problems, self.edits = [], []

    def full(self):
        return len(self.problems) >= self.most

    def found(self, path, expected, got):
        if not self.full():
            self.problems.append(Problem(path_text(path), expected, got))

    def string(self, node):
        return content(self.text[node.start + 1 : node.end - 1])

    def skip(self, node, path, expected):
        """Past a value of any type."""
        if node.end is None:
            self.found(path, expected, "too-deep")
        return node.end is not None

    def optional(self, member, node, path):
        """The value of a parameter or field."""
        if member.optional and node.kind == "null":
            return True
        return member.type.check(self, node, path)

    def rewritten(self, start, end):
        """A slice of the text with the edits made, and on one line: line breaks stand only between tokens."""
        pieces, at = [], start
        for first, last, integer in self.edits:
            if start <= first and last <= end:
                pieces += [self.text[at:first], integer]
                at = last
        return (
            "".join(pieces + [self.text[at:end]]).replace("\n", " ").replace("\r", " ")
        )

    def whole(self, type, optional, depth):
        """The one value that the text should be, of `type` or null; answers its node, None if the text is not JSON."""
        reader = Reader(self.text)
        node = Node(reader.space(0))
        try:
            end = reader.value(node, depth, paired=False)
            if reader.space(end) != len(self.text):
                raise Fault(SYNTAX, end)
        except Fault as fault:
            if fault.kind != DEPTH:
                self.found(None, "JSON", "invalid")
                return None
        if type is not None:
            self.optional(Member(None, type, optional), node, None)
        elif node.kind != "null":
            self.found(None, "null", node.kind)
        return node


def path_text(path):
    """A path, kept as (what is around, segment), as text."""
    segments = []
    while path is not None:
        path, segment = path
        segments.append("[%d]" % segment if isinstance(segment, int) else segment)
    return "".join(reversed(segments))


def key_segment(name):
    return "[%s]" % cut(name)


def field_segment(name):
    word = (
        0 < len(name) <= QUOTED and not "0" <= name[0] <= "9" and WORD.issuperset(name)
    )
    return "." + name if word else key_segment(name)


def cut(text):
    return quoted(text if len(text) <= QUOTED else text[:QUOTED] + "\u2026")


def one_of(names):
    text = "one of "
    for index, name in enumerate(names):
        text += ", " if index else ""
        if len(text) + len(name) > 160:
            return text + "\u2026"
        text += name
    return text


def names_of(members):
    return one_of([member.name for member in members]) if members else "no parameters"


class Member(object):
    """A parameter or a field."""

    def __init__(self, name, type, optional):
        self.name, self.type, self.optional = name, type, optional


class Type(object):
    #: What problems call the type.
    expected = None
    #: The kinds of JSON that can be of it.
    kinds = ()

    def check(self, walk, node, path):
        if walk.full():
            return False
        if node.kind not in self.kinds:
            walk.found(path, self.expected, node.kind)
            return walk.skip(node, path, self.expected)
        if node.items is None and node.end is None:
            walk.found(path, self.expected, "too-deep")
            return False
        return self.inside(walk, node, path)

    def inside(self, walk, node, path):
        """The same for a value of one of `kinds`."""
        return True

    def value(self, text, node):
        """What Python sees of a value that passed."""
        return plain(text, node)


class String(Type):
    expected = "string"
    kinds = ("string",)

    def inside(self, walk, node, path):
        if node.unpaired is not None:
            walk.found(path, self.expected, "bad-surrogate")
        return True


class Enum(Type):
    kinds = ("string",)

    def __init__(self, names):
        self.names = frozenset(names)
        self.expected = one_of(names)

    def inside(self, walk, node, path):
        text = walk.string(node)
        if node.unpaired is not None:
            walk.found(path, self.expected, "bad-surrogate")
        elif text not in self.names:
            walk.found(path, self.expected, cut(text))
        return True


class Int(Type):
    expected = "int"
    kinds = ("int", "float")

    def inside(self, walk, node, path):
        text = walk.text[node.start : node.end]
        value = integer(text)
        if value in ("float", "out-of-range"):
            walk.found(path, self.expected, value)
        elif text != "%d" % value:
            walk.edits.append((node.start, node.end, "%d" % value))
        return True

    def value(self, text, node):
        return integer(text[node.start : node.end])


def integer(text):
    """The value of a number, decided on its digits; or "float" if it has a fraction, or "out-of-range" of 64 bits."""
    if len(text) <= 18 and text.lstrip("-").isdigit():
        return int(text)
    mantissa, _, exponent = text.lower().lstrip("-").partition("e")
    before, _, behind = mantissa.partition(".")
    digits = (before + behind).lstrip("0")
    if not digits:
        return 0
    sign, size = -1 if exponent.startswith("-") else 1, exponent.lstrip("+-0")
    # No text is long enough to balance an exponent of more digits.
    scale = sign * (int(size or "0") if len(size) <= 18 else 10**18) - len(behind)
    scale += len(digits) - len(digits.rstrip("0"))
    digits = digits.rstrip("0")
    if scale < 0:
        return "float"
    if len(digits) + scale > 19:
        return "out-of-range"
    value = int(digits) * 10**scale
    value = -value if text.startswith("-") else value
    return value if -(2**63) <= value < 2**63 else "out-of-range"


class Float(Type):
    expected = "float"
    kinds = ("int", "float")

    def inside(self, walk, node, path):
        value = float(walk.text[node.start : node.end])
        if value - value != 0:
            walk.found(path, self.expected, "out-of-range")
        return True

    def value(self, text, node):
        return float(text[node.start : node.end])


class Bool(Type):
    expected = "bool"
    kinds = ("bool",)


class Array(Type):
    kinds = ("array",)

    def __init__(self, element):
        self.element = element

    @property
    def expected(self):
        return "[]" + self.element.expected

    def inside(self, walk, node, path):
        check = self.element.check
        return all(
            check(walk, item, (path, index))
            for index, (_, item) in enumerate(node.items)
        )

    def value(self, text, node):
        return [self.element.value(text, item) for _, item in node.items]


class Map(Type):
    kinds = ("object",)

    def __init__(self, element):
        self.element = element

    @property
    def expected(self):
        return "map[string]" + self.element.expected

    def inside(self, walk, node, path):
        keys = set()
        for key, item in node.items:
            name = walk.string(key)
            here = (path, key_segment(name))
            if key.unpaired is not None:
                walk.found(here, "string", "bad-surrogate")
            elif name in keys:
                walk.found(here, self.element.expected, "duplicate")
            else:
                keys.add(name)
            if not self.element.check(walk, item, here):
                return False
        return True

    def value(self, text, node):
        return dict(
            (content(text[key.start + 1 : key.end - 1]), self.element.value(text, item))
            for key, item in node.items
        )


class Struct(Type):
    """Its members are given later: structs contain each other."""

    kinds = ("object",)

    def __init__(self, name):
        self.expected = name
        self.own_members, self.parent = [], None
        self.members, self.named, self.resembling = [], {}, {}

    def complete(self):
        """Puts inherited members before its own; one that comes again is redefined in its place."""
        line = [self]
        while line[-1].parent is not None:
            if line[-1].parent in line:
                raise ValueError("struct %s extends itself" % line[-1].expected)
            line.append(line[-1].parent)
        order = []
        for struct in reversed(line):
            for member in struct.own_members:
                if member.name not in self.named:
                    order.append(member.name)
                self.named[member.name] = member
        self.members = [self.named[name] for name in order]
        self.resembling = dict((name.translate(_LOWER), name) for name in sorted(order))

    def inside(self, walk, node, path):
        seen = set()
        for key, item in node.items:
            name = walk.string(key)
            member = self.named.get(name)
            here = (path, field_segment(name))
            if member is None:
                resembled = self.resembling.get(name.translate(_LOWER))
                if resembled is not None:
                    walk.found(here, one_of([resembled]), "unknown")
                elif walk.strict:
                    walk.found(here, names_of(self.members), "unknown")
                passed = walk.skip(item, here, "any value")
            else:
                if name in seen:
                    walk.found(here, member.type.expected, "duplicate")
                seen.add(name)
                passed = walk.optional(member, item, here)
            if not passed:
                return False
        for member in self.members:
            if not member.optional and member.name not in seen:
                walk.found(
                    (path, field_segment(member.name)), member.type.expected, "missing"
                )
        return True

    def value(self, text, node):
        value = {}
        for key, item in node.items:
            name = content(text[key.start + 1 : key.end - 1])
            member = self.named.get(name)
            null = item.kind == "null"
            value[name] = (
                None
                if null
                else member.type.value(text, item) if member else plain(text, item)
            )
        return value
