# -*- coding: utf-8 -*-
"""The server: bodies in, replies out, and handlers run between."""

from __future__ import unicode_literals

import json
import logging
from collections import OrderedDict

from .contract import Method
from .documentation import document
from .envelope import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    LIMITS,
    LONGEST_METHOD,
    MESSAGES,
    METHOD_NOT_FOUND,
    TOO_LARGE,
    RPCError,
    data,
    failure,
    read,
    refusal,
    success,
)
from .jsontext import INTEGERS, TEXT, Json, write
from .types import WORD, Member, String, Walk

#: What callers are not told is logged here.
LOG = logging.getLogger("pintle")

#: Bytes of a Too large response without its id.
_RESERVE = 160

#: Words that a method of Python 2 or 3 cannot be called.
_KEYWORDS = frozenset(
    "False None True and as assert async await break class continue def del elif else except exec finally for from global"
    " if import in is lambda nonlocal not or pass print raise return try while with yield".split()
)


def raw(function):
    """Marks a handler's method that gets its parameters as ``Json``: the text as the caller wrote it, checked."""
    function.pintle_raw = True
    return function


class Server(object):
    """Answers calls of a contract. It can be used by several threads once all handlers are added.

    `strict` refuses fields that the contract does not name; `errors="declared"` lets handlers answer only with errors
    that the contract declares for them; `commands` answers ping, echo, functions_list and documentation; `mounts` are
    pairs of a path and the interface whose name it replaces; `limits` replaces some of the limits. `documents` are
    further methods by name, each of which answers one JSON text.
    """

    def __init__(
        self,
        contract,
        strict=False,
        errors="any",
        commands=False,
        mounts=(),
        separator=".",
        limits=None,
        documents=None,
    ):
        unknown = set(limits or ()) - set(LIMITS)
        if unknown:
            raise ValueError("there is no limit called %s" % ", ".join(sorted(unknown)))
        if errors not in ("any", "declared"):
            raise ValueError('errors is "any" or "declared"')
        self.contract = contract
        self.limits = dict(LIMITS, **(limits or {}))
        self.limits["depth"] = min(max(self.limits["depth"], 1), 128)
        self._strict, self._declared = strict, errors == "declared"
        self._mounts, self._separator = [tuple(mount) for mount in mounts], separator
        for at, interface in self._mounts:
            self._check_mount(at, interface)
        self._methods = {}
        self._document("pulserpc-idl", "The contract in its JSON form.", contract.wire)
        for name, text in (documents or {}).items():
            self._document(name, "", Json(text).wire)
        if commands:
            self._command("ping", 'Answers "pong".', [], lambda: "pong")
            message = Member("message", String(), True)
            self._command(
                "echo", "Answers its message.", [message], lambda message: message or ""
            )
            self._command(
                "functions_list",
                "Lists every method with its documentation.",
                [],
                self._functions_list,
            )
            self._command(
                "documentation",
                "Documents every method, as reStructuredText.",
                [],
                lambda: document(self.contract, self._methods),
            )

    def add_handler(self, interface, handler):
        """Answers the calls of `interface` with the methods of `handler`, or with functions that a dict has by name.

        A method whose name Python keeps for itself (`print`, `None`, `__init__`) is one with `_` behind there
        (`print_`, `None_`, `init_`). ValueError: the contract has no such interface, the handler not all methods, or
        two methods would have one name.
        """
        methods = self.contract.interfaces.get(interface)
        if methods is None:
            raise ValueError("the contract has no interface %s" % interface)
        targets = []
        for method in methods:
            if isinstance(handler, dict):
                name = method.name
                function = handler.get(name)
            else:
                name = _python_name(method.name)
                function = getattr(handler, name, None)
            if not callable(function):
                raise ValueError(
                    "the handler of %s has no method %s" % (interface, name)
                )
            targets.append(_Target(method, interface, function))
        paths = (
            [at for at, mounted in self._mounts if mounted == interface]
            if self._mounts
            else [interface]
        )
        for at in paths:
            for target in targets:
                name = target.method.name
                self._add(at + self._separator + name if at else name, target)

    def call(self, request, ctx=None):
        """The same as `handle` for a request, or a list of them, that was read from JSON already."""
        reply = self.handle(write(request).encode("latin-1"), ctx)
        return None if reply is None else json.loads(reply.decode("utf-8"))

    def handle(self, body, ctx=None):
        """The bytes that answer the bytes of a body; None if nothing is answered."""
        if not isinstance(body, bytes):
            body = body.encode("utf-8") if isinstance(body, TEXT) else bytes(body)
        text = body.decode("latin-1")
        try:
            batch, entries = read(text, self.limits)
        except RPCError as error:
            return failure("null", error).encode("latin-1")
        replies = self._answer(text, batch, entries, ctx)
        if batch:
            replies = ["[" + ",".join(replies) + "]"] if replies else []
        return replies[0].encode("latin-1") if replies else None

    def _answer(self, text, batch, entries, ctx):
        """The responses, as many bytes of them as are allowed."""
        ready = [
            None if entry.error is None else failure(entry.id, entry.error)
            for entry in entries
        ]
        # A batch has a byte before each response and one behind the last.
        held = len(entries) + 1 if batch else 0
        held += sum(
            _room(entry) if done is None else len(done)
            for entry, done in zip(entries, ready)
        )
        for index, entry in enumerate(entries):
            if ready[index] is None:
                response = self._run(text, entry, ctx)
                if (
                    len(response) > _room(entry)
                    and held - _room(entry) + len(response) > self.limits["reply"]
                ):
                    limit = "The reply has more than %d bytes." % self.limits["reply"]
                    response = failure(entry.id, refusal(TOO_LARGE, limit))
                held += len(response) - _room(entry)
                ready[index] = response
        return [response for response in ready if response]

    def _run(self, text, entry, ctx):
        """The response to one request, empty for a notification."""
        try:
            result = self._result(text, entry, ctx)
        except RPCError as error:
            return "" if entry.id is None else failure(entry.id, error)
        return "" if entry.id is None else success(entry.id, result)

    def _result(self, text, entry, ctx):
        target = (
            self._methods.get(entry.method)
            if len(entry.method) <= LONGEST_METHOD
            else None
        )
        if target is None:
            raise refusal(METHOD_NOT_FOUND, "Nothing here has a method of that name.")
        walk = Walk(text, self._strict, self.limits["problems"])
        nodes = target.method.arguments(walk, entry.params)
        if walk.problems:
            raise _invalid_params(walk.problems)
        arguments = target.arguments(walk, nodes)
        try:
            result = target.function(*target.with_ctx(arguments, ctx))
        except RPCError as error:
            raise self._policed(target, error)
        except (KeyboardInterrupt, SystemExit):
            raise
        except:  # noqa: E722 - under Jython, what Java throws is no Exception
            LOG.exception("%s failed", target.name)
            raise RPCError(INTERNAL_ERROR, MESSAGES[INTERNAL_ERROR])
        return self._checked(target, result)

    def _checked(self, target, result):
        """A handler's result as wire text."""
        try:
            walk = Walk(write(result), self._strict, self.limits["problems"])
        except (TypeError, ValueError) as why:
            LOG.error("the result of %s breaks the contract: %s", target.name, why)
            raise _bad_result()
        if target.interface is None:
            return walk.text
        method = target.method
        node = walk.whole(method.result, method.result_optional, self.limits["depth"])
        if walk.problems:
            found = "; ".join(problem.sentence for problem in walk.problems)
            LOG.error("the result of %s breaks the contract: %s", target.name, found)
            raise _bad_result()
        return walk.rewritten(node.start, node.end)

    def _policed(self, target, error):
        """The error that a caller gets for a handler's."""
        code, declared = error.code, self.contract.errors
        try:
            if (
                not isinstance(code, INTEGERS)
                or isinstance(code, bool)
                or not -(2**31) <= code < 2**31
            ):
                raise ValueError("its code is no integer of 32 bits")
            if code != INVALID_PARAMS and -32768 <= code <= -32000:
                raise ValueError("its code is one of -32768 to -32000")
            if (
                code != INVALID_PARAMS
                and self._declared
                and code not in (target.method.raises or declared)
            ):
                raise ValueError("its code is not declared")
            message = error.message
            if isinstance(message, bytes):
                message = message.decode("utf-8")
            if not isinstance(message, TEXT):
                raise TypeError("its message is no text")
            content = (
                None if error.data is None else data(error.data, self.limits["depth"])
            )
        except (TypeError, ValueError) as why:
            LOG.error("%s may not fail with the error %r: %s", target.name, code, why)
            return refusal(
                INTERNAL_ERROR, "The handler failed with an error that it may not use."
            )
        default = MESSAGES[INVALID_PARAMS] if code == INVALID_PARAMS else ""
        return RPCError(code, message or declared.get(code, default), content)

    def _check_mount(self, at, interface):
        if interface not in self.contract.interfaces:
            raise ValueError("the contract has no interface %s" % interface)
        segments = at.split(self._separator) if at else []
        words = all(segment and WORD.issuperset(segment) for segment in segments)
        if not words or segments[:1] == ["rpc"]:
            raise ValueError(
                '"%s" is no path to mount at: names with the separator between, not "rpc"'
                % at
            )

    def _document(self, name, comment, wire):
        document = Json(wire.encode("latin-1"))
        self._command(name, comment, [], lambda: document)

    def _command(self, name, comment, parameters, function):
        method = Method(name, parameters, None, False, (), comment)
        self._add(name, _Target(method, None, function))

    def _add(self, name, target):
        if name in self._methods:
            raise ValueError("two methods would be called %s" % name)
        self._methods[name] = target

    def _functions_list(self):
        listed = sorted(self._methods.items())
        return [
            [
                name,
                OrderedDict(
                    [("doc", target.method.comment), ("section", target.section)]
                ),
            ]
            for name, target in listed
        ]


class _Target(object):
    """A method and what runs it."""

    def __init__(self, method, interface, function):
        self.method, self.interface, self.function = method, interface, function
        self.section = interface or "server"
        self.name = "%s.%s" % (self.section, method.name)
        self._raw = getattr(function, "pintle_raw", False)
        self._ctx = _ctx(function, method)

    def arguments(self, walk, nodes):
        """What the handler sees of checked parameters."""
        seen = []
        for member, node in zip(self.method.parameters, nodes):
            if node is None or node.kind == "null":
                seen.append(Json("null") if self._raw else None)
            elif self._raw:
                seen.append(
                    Json(walk.rewritten(node.start, node.end).encode("latin-1"))
                )
            else:
                seen.append(member.type.value(walk.text, node))
        return seen

    def with_ctx(self, arguments, ctx):
        return {"first": [ctx] + arguments, "last": arguments + [ctx], None: arguments}[
            self._ctx
        ]


def _ctx(function, method):
    """Where the handler wants the context: "first", "last" or None."""
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    bound = getattr(function, "__self__", None) is not None
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    if code is None:
        return None
    names = code.co_varnames[1 if bound else 0 : code.co_argcount]
    # A parameter of the contract may be called so as well; then the context is one more.
    own = any(member.name == "ctx" for member in method.parameters)
    if "ctx" not in names or (own and len(names) <= len(method.parameters)):
        return None
    return "first" if names[0] == "ctx" else "last" if names[-1] == "ctx" else None


def _python_name(name):
    reserved = name in _KEYWORDS or name.startswith("__")
    return str(name.strip("_") + "_" if reserved else name)


def _room(entry):
    """Bytes kept for the error that is written when the real response does not fit."""
    return 0 if entry.id is None else _RESERVE + len(entry.id)


def _invalid_params(problems):
    more = len(problems) - 1
    detail = problems[0].sentence
    if more:
        detail += " (and %d more problem%s)" % (more, "s" if more > 1 else "")
    listed = [
        OrderedDict(
            [
                ("path", problem.path),
                ("expected", problem.expected),
                ("got", problem.got),
            ]
        )
        for problem in problems
    ]
    return RPCError(
        INVALID_PARAMS,
        MESSAGES[INVALID_PARAMS],
        OrderedDict([("detail", detail), ("problems", listed)]),
    )


def _bad_result():
    return refusal(INTERNAL_ERROR, "The handler's result breaks the contract.")
