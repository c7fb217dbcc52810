# -*- coding: utf-8 -*-
"""What the server command `documentation` answers: every method, as reStructuredText."""

from __future__ import unicode_literals

import re

#: What would not show as itself: control characters, and those that reorder or hide text.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)

#: What means something: behind a word `_` makes a reference of it, within a word it means nothing.
_MARKUP = re.compile(r"[\\*`|]|_(?![^\W_])", re.UNICODE)


def document(contract, targets):
    """`targets`: methods, interfaces included, by the names that they are called by."""
    text = [_heading(contract.namespace or "service", "=")]
    for section in sorted(set(target.section for target in targets.values())):
        text.append(_heading(section, "-"))
        text.append(_block(contract.comments.get(section, "")))
        for name, target in sorted(targets.items()):
            if target.section == section:
                text.append(_heading(name, "~"))
                text.append(_block(target.method.comment))
                text.append(_details(contract, target))
    return "\n\n".join(part for part in text if part)


def _details(contract, target):
    """Parameters, result and errors as a list."""
    method, lines = target.method, []
    for member in method.parameters:
        optional = ", optional" if member.optional else ""
        expected = member.type.expected.rstrip()
        lines.append("- ``%s``: ``%s``%s" % (member.name, expected, optional))
    if target.interface is not None:
        result = "null" if method.result is None else method.result.expected.rstrip()
        optional = " or ``null``" if method.result_optional else ""
        lines.append("- answers ``%s``%s" % (result, optional))
    for code in method.raises:
        lines.append("- fails with ``%d``: %s" % (code, _plain(contract.errors[code])))
    return "\n".join(lines)


def _heading(title, rule):
    title = _plain(title)
    return "%s\n%s" % (title, rule * len(title))


def _block(comment):
    """A comment as a line block: its lines stay apart, and none of them starts anything."""
    lines = comment.split("\n") if comment else []
    return "\n".join(("| " + _plain(line.strip())).rstrip() for line in lines)


def _plain(words):
    """Text that reads as `words`."""
    visible = _HIDDEN.sub(lambda found: "\\u{%x}" % ord(found.group()), words)
    return _MARKUP.sub(lambda found: "\\" + found.group(), visible)
