# -*- coding: utf-8 -*-
"""The envelope of calls, JSON-RPC 2.0: what of a body is method, parameters and id, and how replies are written."""

from __future__ import unicode_literals

from .jsontext import (
    DEPTH,
    SURROGATE,
    SYNTAX,
    Fault,
    Json,
    Node,
    Reader,
    bad_utf8,
    content,
    quoted,
    wire,
    write,
)

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND = -32700, -32600, -32601
INVALID_PARAMS, INTERNAL_ERROR, TOO_LARGE = -32602, -32603, -32004

MESSAGES = {
    PARSE_ERROR: "Parse error",
    INVALID_REQUEST: "Invalid Request",
    METHOD_NOT_FOUND: "Method not found",
    INVALID_PARAMS: "Invalid params",
    INTERNAL_ERROR: "Internal error",
    TOO_LARGE: "Too large",
}

#: What bounds a caller, with its default: bytes of a body, levels of nesting in one parameter or result (at most
#: 128), elements of a batch, bytes of a reply, bytes of an id, problems that one error lists.
LIMITS = {
    "body": 1 << 20,
    "depth": 64,
    "batch": 100,
    "reply": 8 << 20,
    "id": 256,
    "problems": 16,
}

#: The longest method name that can exist, in bytes.
LONGEST_METHOD = 256


class RPCError(Exception):
    """An error that a caller gets: code, message and data.

    Without a message, the one that the contract declares for the code is used. `data` is anything that JSON has.
    """

    def __init__(self, code, message="", data=None):
        Exception.__init__(self, code, message)
        self.code, self.message, self.data = code, message, data


def refusal(code, detail):
    """An error of the protocol, with one sentence for a person."""
    return RPCError(code, MESSAGES[code], {"detail": detail})


class Entry(object):
    """One element of a body."""

    def __init__(self):
        #: The id as written; "null" if it cannot be echoed; None for a notification.
        self.id = None
        #: The method's name, None for what is no request.
        self.method = None
        #: The node of an array or object.
        self.params = None
        #: Why this is no request.
        self.error = None


def read(text, limits):
    """The elements of a body, and whether it is a batch. An RPCError is the answer to the whole body."""
    if len(text) > limits["body"]:
        raise refusal(TOO_LARGE, "The body has more than %d bytes." % limits["body"])
    bad = bad_utf8(text)
    if bad is not None:
        raise refusal(PARSE_ERROR, "The body is not UTF-8 at byte %d." % bad)
    try:
        return _body(Reader(text), limits)
    except Fault as fault:
        if fault.kind == DEPTH:
            raise refusal(
                TOO_LARGE, "The body nests deeper than %d levels." % limits["depth"]
            )
        what = (
            "Half of a surrogate pair is escaped"
            if fault.kind == SURROGATE
            else "The body is not JSON"
        )
        raise refusal(PARSE_ERROR, "%s at byte %d." % (what, fault.at))


def _body(reader, limits):
    at = reader.space(0)
    if not reader.at(at):
        raise refusal(PARSE_ERROR, "The body is empty.")
    batch = reader.at(at) == "["
    entries = []
    if batch:
        at, more = reader.first(at, "]")
        while more:
            if len(entries) >= limits["batch"]:
                raise refusal(
                    TOO_LARGE, "The batch has more than %d elements." % limits["batch"]
                )
            entry, at = _entry(reader, at, limits)
            entries.append(entry)
            at, more = reader.next(at, "]")
    else:
        entry, at = _entry(reader, at, limits)
        entries.append(entry)
    end = reader.space(at)
    if end != len(reader.text):
        raise Fault(SYNTAX, end)
    if not entries:
        raise refusal(INVALID_REQUEST, "A batch has at least one request.")
    return batch, entries


def _entry(reader, at, limits):
    """The element at `at`, and where it ends."""
    entry = Entry()
    if reader.at(at) != "{":
        entry.id = "null"
        entry.error = refusal(INVALID_REQUEST, "A request is an object.")
        return entry, reader.value(Node(at), limits["depth"], paired=True)
    seen, version = set(), False
    at, more = reader.first(at, "}")
    while more:
        key, at = reader.key(at, paired=True)
        name = content(reader.text[key.start + 1 : key.end - 1])
        node = Node(at)
        inside = name == "params"
        # The list of parameters is a level of its own, and their surrogates are the types' to judge.
        end = reader.value(
            node,
            limits["depth"] + (1 if inside or name in seen else 0),
            paired=not inside,
        )
        raw = reader.text[node.start : node.end]
        string = content(raw[1:-1]) if node.kind == "string" and not inside else None
        if name in seen:
            _wrong(entry, "The member %s comes twice." % name)
            if name == "id":
                entry.id = "null"
        elif name == "jsonrpc":
            version = string == "2.0"
        elif name == "id":
            _id(entry, node, raw, limits)
        elif name == "method":
            entry.method = string
        elif inside and node.kind in ("array", "object"):
            entry.params = node
        elif inside and node.kind != "null":
            _wrong(entry, "The member params must be an array or an object.")
        if name in ("jsonrpc", "id", "method", "params"):
            seen.add(name)
        at, more = reader.next(end, "}")
    if not version:
        _wrong(entry, 'The member jsonrpc must be "2.0".')
    if entry.method is None:
        _wrong(entry, "The member method must be a string.")
    if entry.error is not None and entry.id is None:
        entry.id = "null"
    return entry, at


def _id(entry, node, raw, limits):
    entry.id = "null"
    if node.kind not in ("string", "int", "float", "null"):
        _wrong(entry, "The member id must be a string, a number or null.")
    elif len(raw) > limits["id"]:
        _wrong(entry, "The id has more than %d bytes." % limits["id"], TOO_LARGE)
    else:
        entry.id = raw


def _wrong(entry, detail, code=INVALID_REQUEST):
    if entry.error is None:
        entry.error = refusal(code, detail)


def success(id, result):
    """A response whose result is wire text."""
    return '{"jsonrpc":"2.0","result":%s,"id":%s}' % (result, id)


def failure(id, error):
    """A response with an RPCError whose data can be written."""
    data = "" if error.data is None else ',"data":' + write(error.data)
    message = wire(quoted(error.message), "replace")
    return '{"jsonrpc":"2.0","error":{"code":%d,"message":%s%s},"id":%s}' % (
        error.code,
        message,
        data,
        id,
    )


def data(value, depth):
    """What goes out as the data of an error, on one line; TypeError or ValueError if JSON does not have it."""
    reader = Reader(write(value))
    node = Node(reader.space(0))
    try:
        end = reader.value(node, depth, paired=True)
    except Fault:
        raise ValueError("not JSON")
    if reader.space(end) != len(reader.text):
        raise ValueError("not JSON")
    text = reader.text[node.start : end].replace("\n", " ").replace("\r", " ")
    return Json(text.encode("latin-1"))
