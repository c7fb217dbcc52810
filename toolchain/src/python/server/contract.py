# -*- coding: utf-8 -*-
"""A contract: what can be called, with what, and what is answered."""

from __future__ import unicode_literals

import io
import json
import re

from .jsontext import TEXT, Json, write
from .types import (
    Array,
    Bool,
    Enum,
    Float,
    Int,
    Map,
    Member,
    String,
    Struct,
    Walk,
    field_segment,
    names_of,
)

_TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[^\s"]+')
_BUILT_IN = {"string": String(), "int": Int(), "float": Float(), "bool": Bool()}


class Validation(object):
    """The outcome of validating one value."""

    def __init__(self, problems):
        self.problems = problems

    @property
    def valid(self):
        return not self.problems

    @property
    def error(self):
        """All problems as one line; None when the value is valid."""
        sentences = [problem.sentence for problem in self.problems]
        return "; ".join(sentences) if sentences else None

    @property
    def invalid_fields(self):
        """The paths of the problems."""
        return [problem.path for problem in self.problems]


class Contract(object):
    """Made of the text of an ``idl.json``, or of what ``json`` reads from it.

    ValueError says what is wrong with it.
    """

    def __init__(self, idl):
        if isinstance(idl, bytes):
            idl = idl.decode("utf-8")
        if isinstance(idl, (TEXT, str)):
            text, idl = idl, json.loads(idl)
            self.wire = _compact(Json(text).wire)
        else:
            self.wire = write(idl)
        if not isinstance(idl, dict):
            raise ValueError("a contract in JSON form is an object")
        try:
            self._read(idl)
        except (KeyError, TypeError, AttributeError) as why:
            raise ValueError("this is no contract in JSON form: %r" % why)

    @classmethod
    def load(cls, path):
        """The contract of a file."""
        with io.open(path, encoding="utf-8") as file:
            return cls(file.read())

    def validate(self, name, value, strict=False, depth=64, problems=16):
        """Whether `value` is of the type `name`: a struct or enum, bare or qualified, or a built-in type.

        A value in JSON text is given as ``Json(text)``. KeyError: there is no such type.
        """
        type = _BUILT_IN.get(name) or self.types[name]
        walk = Walk(write(value), strict, problems)
        walk.whole(type, False, depth)
        return Validation(walk.problems)

    def _read(self, idl):
        self.namespace = idl.get("rootNamespace", "")
        #: Structs and enums by qualified name, and by the name that the contract has for them.
        self.types = {}
        structs = []
        for item in idl.get("structs", ()):
            struct = Struct(_qualified(item))
            structs.append((item, struct))
            self._name(item, struct)
        for item in idl.get("enums", ()):
            self._name(
                item, Enum([TEXT(value["name"]) for value in item.get("values", ())])
            )
        for item, struct in structs:
            space = item.get("namespace", "")
            struct.own_members = self._members(item.get("fields", ()), space)
            if item.get("extends"):
                struct.parent = self._named(item["extends"], space)
        for _, struct in structs:
            struct.complete()
        #: Messages of the declared errors by code.
        self.errors = {}
        codes = {}
        for item in idl.get("errors", ()):
            self.errors[item["code"]] = item["message"]
            codes[item["name"]] = item["code"]
        #: Methods by interface.
        self.interfaces = {}
        #: What the contract says about them.
        self.comments = {}
        #: The interfaces' names as they stand in the contract.
        self.order = []
        for item in idl.get("interfaces", ()):
            space = item.get("namespace", "")
            methods = []
            for method in item.get("methods", ()):
                returns = method.get("returnType")
                raises = [_reference(name, space) for name in method.get("raises", ())]
                methods.append(
                    Method(
                        TEXT(method["name"]),
                        self._members(method.get("parameters", ()), space),
                        None if returns is None else self._type(returns, space),
                        bool(method.get("returnOptional")),
                        tuple(codes[name] for name in raises),
                        method.get("comment", ""),
                    )
                )
            self.interfaces[item["name"]] = methods
            self.comments[item["name"]] = item.get("comment", "")
            self.order.append(item["name"])

    def _name(self, item, type):
        self.types[_qualified(item)] = type
        self.types[item["name"]] = type

    def _members(self, items, space):
        return [
            Member(
                TEXT(i["name"]), self._type(i["type"], space), bool(i.get("optional"))
            )
            for i in items
        ]

    def _type(self, type, space):
        if "builtIn" in type:
            return _BUILT_IN[type["builtIn"]]
        if "array" in type:
            return Array(self._type(type["array"], space))
        if "mapValue" in type:
            return Map(self._type(type["mapValue"], space))
        return self._named(type["userDefined"], space)

    def _named(self, name, space):
        return self.types[_reference(name, space)]


class Method(object):
    """One operation of an interface."""

    def __init__(self, name, parameters, result, result_optional, raises, comment):
        self.name, self.parameters = name, parameters
        self.result, self.result_optional = result, result_optional
        self.raises, self.comment = raises, comment

    def arguments(self, walk, params):
        """The nodes of the parameters by position, None for each that is missing, from those of a call.

        `params` is the node of an array or object, or None. What is wrong is found by `walk`.
        """
        found = [None] * len(self.parameters)
        walked = True
        if params is not None and params.kind == "array":
            walked = all(
                self._positional(walk, found, index, item)
                for index, (_, item) in enumerate(params.items)
            )
        elif params is not None:
            walked = all(
                self._named(walk, found, key, item) for key, item in params.items
            )
        if walked:
            for member, node in zip(self.parameters, found):
                if node is None and not member.optional:
                    walk.found((None, member.name), member.type.expected, "missing")
        return found

    def _positional(self, walk, found, index, node):
        if index < len(found):
            found[index] = node
            member = self.parameters[index]
            return walk.optional(member, node, (None, member.name))
        count = len(found)
        expected = (
            "no parameters"
            if not count
            else "%d parameter%s" % (count, "s"[count == 1 :])
        )
        walk.found((None, index), expected, "unknown")
        return walk.skip(node, (None, index), "any value")

    def _named(self, walk, found, key, node):
        name = walk.string(key)
        for index, member in enumerate(self.parameters):
            if member.name == name:
                if found[index] is not None:
                    walk.found((None, name), member.type.expected, "duplicate")
                found[index] = node
                return walk.optional(member, node, (None, name))
        here = (None, field_segment(name).lstrip("."))
        walk.found(here, names_of(self.parameters), "unknown")
        return walk.skip(node, here, "any value")


def _qualified(item):
    return TEXT(_reference(item["name"], item.get("namespace", "")))


def _reference(name, space):
    """A name as it is known everywhere."""
    return name if "." in name or not space else "%s.%s" % (space, name)


def _compact(text):
    """JSON without white space between its tokens."""
    return "".join(_TOKENS.findall(text))
