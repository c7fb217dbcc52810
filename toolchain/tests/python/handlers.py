# -*- coding: utf-8 -*-
"""How handlers are called and what becomes of their answers, under Python 3 and 2.7: `handlers.py DIRECTORY`.

The directory has what `gen python --server` writes of the contract `handlers`.
"""

from __future__ import print_function, unicode_literals

import json
import logging
import os
import sys

sys.path.insert(0, sys.argv[1])
from pintle_server import Contract, Json, RPCError, Server, raw  # noqa: E402

JYTHON = sys.platform.startswith("java")
CONTRACT = Contract.load(os.path.join(sys.argv[1], "handlers", "idl.json"))


class Handler(object):
    """Notes what it is called with; answers what it is told to."""

    def __init__(self):
        self.seen, self.answer = None, None

    def take(self, item, more):
        self.seen = (item, more)

    def give(self):
        if callable(self.answer):
            return self.answer()
        return self.answer

    def first(self, ctx, value):
        return [ctx["auth"], value]

    def last(self, value, ctx):
        return [ctx["auth"], value]

    def own(self, ctx):
        return ["own", ctx]

    def both(self, own, ctx):
        return [own, ctx["auth"]]

    @raw
    def print_(self, value):
        assert isinstance(value, Json), value
        return [value.text, "x"]

    def None_(self):
        return []

    def init_(self):
        return ["not Python's"]


HANDLER = Handler()


def server(**options):
    made = Server(CONTRACT, **options)
    made.add_handler("Calls", HANDLER)
    return made


def call(method, *params, **options):
    request = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "Calls." + method,
        "params": list(params),
    }
    return server(**options).call(request, {"auth": "me"})


def result(method, *params):
    response = call(method, *params)
    assert "error" not in response, response
    return response["result"]


def given(answer):
    HANDLER.answer = answer
    return call("give")


def refused(function, *args, **options):
    try:
        function(*args, **options)
    except (ValueError, KeyError, TypeError) as why:
        return str(why)
    raise AssertionError("%r has not refused %r" % (function, args))


def test_values_are_plain():
    item = {
        "name": "é𝄞",
        "price": 2,
        "size": "big",
        "unknown": [1, 1.5, None, {"a": True}],
        "inner": None,
    }
    item["by_name"] = {"x": [7]}
    assert result("take", item) is None
    seen, more = HANDLER.seen
    assert seen == item and more is None, HANDLER.seen
    assert (
        type(seen) is dict
        and type(seen["price"]) is float
        and type(seen["by_name"]["x"][0]) is int
    )
    assert (
        result(
            "take", {"name": "", "price": 0.5, "size": "small", "by_name": {}}, 2**62
        )
        is None
    )
    assert HANDLER.seen[1] == 2**62 and "inner" not in HANDLER.seen[0]
    body = b'{"jsonrpc":"2.0","id":1,"method":"Calls.take","params":[{"name":"\\ud834\\udd1e","price":1E2,'
    body += b'"size":"big","by_name":{},"x":"\\ud800"},7e1]}'
    assert server().handle(body) == b'{"jsonrpc":"2.0","result":null,"id":1}'
    seen, more = HANDLER.seen
    assert (seen["name"], seen["price"], more) == ("𝄞", 100.0, 70) and type(
        more
    ) is not float
    assert seen["x"] == "\ufffd\ufffd\ufffd"


def test_large_bodies_take_time_in_proportion():
    # Where reading copied the whole text for every token, this would take many minutes.
    item = '{"name":"a \\\\n name","price":12.25,"size":"big","by_name":{"x":[1,2,3]},"inner":null}'
    head = '{"jsonrpc":"2.0","id":1,"method":"Calls.take","params":[{"more":['
    tail = '],"name":"","price":1,"size":"big","by_name":{}},1]}'
    body = head + ",".join([item] * 2500) + tail
    assert server().handle(body) == b'{"jsonrpc":"2.0","result":null,"id":1}'
    assert len(HANDLER.seen[0]["more"]) == 2500
    body = head + '"' + '\\"' * 50000 + '"' + tail
    assert server().handle(body) == b'{"jsonrpc":"2.0","result":null,"id":1}'
    assert HANDLER.seen[0]["more"] == ['"' * 50000]


def test_ctx_goes_where_it_is_asked_for():
    for method in ("first", "last"):
        assert result(method, "x") == ["me", "x"], method
    assert result("own", "x") == ["own", "x"]
    assert result("both", "x") == ["x", "me"]


def test_names_that_python_keeps():
    assert result("print", [1]) == ["[1]", "x"]
    assert result("None") == []
    assert result("__init__") == ["not Python's"]
    assert call("seen")["error"]["code"] == -32601
    assert call("__class__")["error"]["code"] == -32601


def test_results_are_checked():
    assert given({"a": (1, 2), "é": []})["result"] == {"a": [1, 2], "é": []}
    HANDLER.answer = {"a": [Json("1.00"), 2.0]}
    body = b'{"jsonrpc":"2.0","id":"\\u0061","method":"Calls.give"}'
    assert (
        server().handle(body)
        == b'{"jsonrpc":"2.0","result":{"a":[1,2]},"id":"\\u0061"}'
    )
    circle = {}
    circle["a"] = circle
    nan = float("nan")
    for wrong in (
        {"a": [1.5]},
        {"a": [nan]},
        {1: []},
        circle,
        object(),
        {"a": 7},
        [],
        None,
        Json("{"),
        {"a": [2**63]},
    ):
        response = given(wrong)
        assert response["error"]["code"] == -32603, (wrong, response)
        assert response["error"]["data"] == {
            "detail": "The handler's result breaks the contract."
        }
    if not JYTHON:  # where text cannot have half of a surrogate pair
        assert given({json.loads('"\\ud800"'): []})["error"]["code"] == -32603


def test_failures():
    def fail(error):
        def answer():
            raise error

        return given(answer)["error"]

    assert fail(RPCError(7, "é", {"a": [1]})) == {
        "code": 7,
        "message": "é",
        "data": {"a": [1]},
    }
    assert fail(RPCError(1)) == {"code": 1, "message": "Declared"}
    assert fail(RPCError(7, data=Json("[ 1.0 ]"))) == {
        "code": 7,
        "message": "",
        "data": [1.0],
    }
    for error in (
        RPCError("7"),
        RPCError(True),
        RPCError(2**31),
        RPCError(7, 7),
        RPCError(7, "", object()),
    ):
        assert fail(error)["code"] == -32603, error
    assert fail(RPCError(7, "", Json('"\\ud800"')))["code"] == -32603
    assert fail(ValueError("a secret")) == {"code": -32603, "message": "Internal error"}
    assert given(lambda: given.no_such_thing)["error"] == {
        "code": -32603,
        "message": "Internal error",
    }
    HANDLER.answer = lambda: sys.exit(3)
    try:
        call("give")
        raise AssertionError("it has not ended")
    except SystemExit:
        pass
    if JYTHON:
        from java.lang import Integer

        assert given(lambda: Integer.parseInt("a secret"))["error"] == {
            "code": -32603,
            "message": "Internal error",
        }


def test_java_collections_are_values():
    if JYTHON:
        from java.util import ArrayList, HashMap

        map, list = HashMap(), ArrayList()
        list.add(7)
        map.put("a", list)
        assert given(map)["result"] == {"a": [7]}


def test_parsed_objects_and_batches():
    made = server()
    note = {"jsonrpc": "2.0", "method": "Calls.None"}
    assert (
        made.call(note) is None
        and made.call([note, note]) is None
        and made.handle("[]")
    )
    replies = made.call(
        [dict(note, id=[1]), dict(note, id=None), note, dict(note, id="é")]
    )
    assert [reply["id"] for reply in replies] == [None, None, "é"], replies
    assert [("result" in reply) for reply in replies] == [False, True, True], replies
    assert made.call([])["error"]["code"] == -32600
    assert made.handle(bytearray(b"{"))


def test_replies_of_a_batch_share_their_limit():
    def request(size, id):
        return {
            "jsonrpc": "2.0",
            "id": id,
            "method": "Calls.first",
            "params": ["x" * size],
        }

    made = server(limits={"reply": 1024})
    replies = made.call(
        [request(400, 1), request(400, 2), request(400, 3)], {"auth": ""}
    )
    codes = [reply.get("error", {}).get("code") for reply in replies]
    assert codes == [None, -32004, None], codes


def test_what_cannot_be_served_is_refused():
    empty = Server(CONTRACT)
    assert (
        refused(empty.add_handler, "No", HANDLER) == "the contract has no interface No"
    )
    why = refused(empty.add_handler, "Calls", object())
    assert why == "the handler of Calls has no method take", why
    assert (
        refused(empty.add_handler, "Calls", {})
        == "the handler of Calls has no method take"
    )
    assert (
        refused(server().add_handler, "Calls", HANDLER)
        == "two methods would be called Calls.take"
    )
    assert "no limit" in refused(Server, CONTRACT, limits={"bodies": 1})
    assert refused(Server, CONTRACT, errors="none")
    for at in ("rpc", "rpc.x", ".", "x.", "a b", "-"):
        assert "no path" in refused(Server, CONTRACT, mounts=[(at, "Calls")]), at
    assert (
        refused(Server, CONTRACT, mounts=[("x", "No")])
        == "the contract has no interface No"
    )
    for idl in (
        "{",
        "[]",
        '{"structs":[{}]}',
        '{"structs":[{"name":"A","extends":"B"}]}',
    ):
        assert refused(Contract, idl), idl
    circle = '{"structs":[{"name":"A","extends":"B"},{"name":"B","extends":"B"}]}'
    assert refused(Contract, circle) == "struct B extends itself"


def test_functions_and_documents():
    functions = dict(
        (name, lambda *values: None)
        for name in ("take", "first", "last", "own", "both", "print", "None")
    )
    functions.update({"give": lambda: {"a": [1]}, "__init__": lambda: []})
    made = Server(CONTRACT, documents={"barrister-idl": "[ 1 ]"})
    made.add_handler("Calls", functions)
    assert made.call({"jsonrpc": "2.0", "id": 1, "method": "Calls.give"})["result"] == {
        "a": [1]
    }
    assert made.call({"jsonrpc": "2.0", "id": 1, "method": "barrister-idl"})[
        "result"
    ] == [1]
    idl = made.call({"jsonrpc": "2.0", "id": 1, "method": "pulserpc-idl"})["result"]
    again = Server(Contract(idl))
    assert (
        again.call({"jsonrpc": "2.0", "id": 1, "method": "pulserpc-idl"})["result"]
        == idl
    )


def test_values_are_validated_alone():
    item = {"name": "x", "price": 1, "size": "big", "by_name": {}}
    for name in ("Item", "handlers.Item"):
        assert (
            CONTRACT.validate(name, item).valid
            and CONTRACT.validate(name, item).error is None
        )
    found = CONTRACT.validate("Item", dict(item, size="huge", price=None))
    assert sorted(found.invalid_fields) == [".price", ".size"], found.error
    assert (
        CONTRACT.validate("int", Json("3.5")).error
        == "the value: expected int, got float"
    )
    assert (
        CONTRACT.validate("int", Json("3 3")).error
        == "the value: expected JSON, got invalid"
    )
    assert (
        CONTRACT.validate("Size", "é").error
        == 'the value: expected one of small, big, got "é"'
    )
    deep = Json('{"name":[[[]]]}')
    expected = ".name: expected string, got array; .name: expected string, got too-deep"
    assert CONTRACT.validate("Item", deep, depth=3).error == expected
    assert CONTRACT.validate(
        "Item", dict(item, more=1), strict=True
    ).invalid_fields == [".more"]
    assert refused(CONTRACT.validate, "No", 1)


logging.disable(logging.CRITICAL)
count = 0
for name, test in sorted(globals().items()):
    if name.startswith("test_"):
        test()
        count += 1
print("%d tests passed" % count)
