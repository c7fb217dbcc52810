"""Clients and handlers of the awkward contract, in one process: `typed.py DIRECTORY`.

The directory has what `gen python` and `gen python --server` write.
"""

import json
import sys
from typing import Any, Callable, Optional

sys.path.insert(0, sys.argv[1])
import awkward  # noqa: E402
from awkward import class_, rpc, rpc_  # noqa: E402
from awkward.rpc import ContractError, RPCError, TransportError  # noqa: E402

ITEM = awkward.Item(
    self_="é",
    class_=1,
    none=True,
    list_=[awkward.Item("", 2**62, False, [], {}, 0.5)],
    str_={"a b": awkward.Item("", -1, False, [], {}, 7.0)},
    dataclasses_=1.5,
    field=[[awkward.Kind.NONE_], []],
    camel_case={"x": [class_.Response("r", rpc_.Code.BAD)]},
    camel_case_="other",
    eq=3,
    from_="here",
)


class Names(awkward.NamesHandler):
    def constructor(self) -> None:
        pass

    def then(self, self_: int) -> int:
        return self_ + 1

    def self_(self, print: str, class_: Optional[str] = None) -> str:
        return f"{print} {class_}"

    def none(self) -> awkward.Kind:
        return awkward.Kind.V1

    def print(self, value: str) -> str:
        if value == "gone":
            raise class_.Gone()
        raise awkward.Broken(value, {"a": [1]})

    def init(self, value: awkward.Item) -> awkward.Item:
        assert value == ITEM, value
        return value

    def list_(self) -> list[awkward.Item]:
        return [ITEM]

    def str_(self, values: dict[str, awkward.Kind]) -> dict[str, awkward.Kind]:
        assert all(type(kind) is awkward.Kind for kind in values.values()), values
        return values

    def call(self, at: int) -> Optional[int]:
        return at or None

    def camel_case(self) -> None:
        raise RPCError(7, "first")

    def camel_case_(self, ctx: Any = None) -> None:
        raise RPCError(7, ctx)

    def a_method_with_a_very_long_name(
        self,
        and_a_parameter_with_a_long_name: str,
        another: dict[str, list[awkward.Item]],
    ) -> dict[str, list[awkward.Item]]:
        return another

    def several(
        self,
        first: str,
        second: int,
        third: float,
        fourth: bool,
        fifth: awkward.Kind,
        sixth: awkward.Nothing,
        seventh: Optional[awkward.Item] = None,
    ) -> awkward.Wide:
        assert (fifth, sixth) == (awkward.Kind.MRO, awkward.Nothing())
        return awkward.Wide(first, str([second, third, fourth]), str(seventh))

    def ctx(self, ctx: str) -> str:
        return ctx


class Remote(class_.RemoteHandler):
    def fetch(self, id: str) -> Optional[class_.Response]:
        return class_.Response(id) if id else None


def fails(call: Callable[..., Any], *args: Any) -> Exception:
    try:
        call(*args)
    except Exception as why:
        return why
    raise AssertionError(f"{call} has not failed")


def serve() -> rpc.Transport:
    import pintle_server

    contract = pintle_server.Contract.load(sys.argv[1] + "/awkward/idl.json")
    server = pintle_server.Server(contract)
    server.add_handler("Names", rpc.plain(Names(), pintle_server.RPCError))
    server.add_handler("class.Remote", rpc.plain(Remote(), pintle_server.RPCError))
    answer: rpc.Transport = lambda body: server.handle(body, "the ctx")
    return answer


def talk(transport: rpc.Transport) -> None:
    names = awkward.NamesClient_(transport)
    assert names.then(1) == 2 and names.none() is awkward.Kind.V1
    assert names.self_("a") == "a None" and names.self_("a", "b") == "a b"
    assert names.init(ITEM) == ITEM and names.list_() == [ITEM]
    assert names.str_({"x": awkward.Kind.CAPITAL_X_}) == {"x": awkward.Kind.CAPITAL_X_}
    assert names.call(0) is None and names.call(5) == 5 and names.ctx("own") == "own"
    assert names.a_method_with_a_very_long_name("", {"x": [ITEM]}) == {"x": [ITEM]}
    wide = names.several("1", 2, 3, True, awkward.Kind.MRO, awkward.Nothing())
    assert wide == awkward.Wide("1", "[2, 3.0, True]", "None"), wide

    broken = fails(names.print, "why")
    assert isinstance(broken, awkward.Broken), broken
    assert (broken.code, broken.message, broken.data) == (1, "why", {"a": [1]})
    assert isinstance(fails(names.print, "gone"), class_.Gone)
    for call, message in ((names.camel_case, "first"), (names.camel_case_, "the ctx")):
        undeclared = fails(call)
        assert (
            type(undeclared) is RPCError and undeclared.message == message
        ), undeclared

    remote = class_.RemoteClient(transport)
    assert remote.fetch("x") == class_.Response("x") and remote.fetch("") is None
    later = rpc.Batch(transport)
    pending = later.add(remote.fetch, id="y")
    later.send()
    assert pending.result() == class_.Response("y")


def misunderstand() -> None:
    """Replies that are none."""
    then = awkward.NamesClient_
    ok = b'{"jsonrpc":"2.0","id":1,"result":%s}'

    def replying(reply: Optional[bytes]) -> Exception:
        return fails(then(lambda body: reply).then, 1)

    replies = [
        None,
        b"",
        b"{",
        b"[]",
        b"7",
        b"\xff",
        b'{"id":2,"result":1}',
        b"[" * 100_000,
    ]
    replies += [
        b'{"id":1,"error":%s}' % error
        for error in (b"7", b"{}", b'{"code":"1","message":""}')
    ]
    for reply in replies:
        assert isinstance(replying(reply), TransportError), reply
    for result in (b"null", b'"1"', b"true", b"1.5", b"[]"):
        why = replying(ok % result)
        assert isinstance(
            why, ContractError
        ) and "then: the result should be int" in str(why), why
    assert isinstance(replying(ok % b"NaN"), TransportError)

    def init(changes: dict[str, Any]) -> str:
        why = fails(rpc.from_json, awkward.Item, {**rpc.to_json(ITEM), **changes})
        assert isinstance(why, ContractError), why
        return str(why)

    assert init({"self": None}) == "the value.self should be str, not nothing"
    assert init({"list": [7]}) == "the value.list[0] should be Item, not int"
    assert init({"str": []}) == "the value.str should be an object, not list"
    assert init({"list": {}}) == "the value.list should be a list, not dict"
    assert (
        init({"str": {"x": {}}}) == 'the value.str["x"].self should be str, not nothing'
    )
    assert init({"field": [["x"]]}).startswith(
        "the value.field[0][0] should be one of none, "
    )
    assert (
        init({"dataclasses": "1"}) == "the value.dataclasses should be float, not str"
    )
    assert "METHODS" not in rpc.to_json(ITEM)
    numbers = rpc.from_json(
        awkward.Item, {**rpc.to_json(ITEM), "dataclasses": 3, "class": 3.0}
    )
    assert repr((numbers.dataclasses_, numbers.class_)) == "(3.0, 3)", numbers

    sent = []

    def keep(body: bytes) -> Optional[bytes]:
        sent.append(json.loads(body))
        return None

    rpc.notify(then(keep).self_, "a")
    rpc.notify(then(keep, at="").self_, "a", "b")
    assert sent == [
        {"jsonrpc": "2.0", "method": "Names.self", "params": ["a"]},
        {"jsonrpc": "2.0", "method": "self", "params": ["a", "b"]},
    ], sent

    assert isinstance(fails(then(lambda body: None).then, float("nan")), ValueError)
    assert isinstance(fails(rpc.notify, len, "x"), TypeError)
    assert isinstance(fails(rpc.HttpTransport, "file:///etc/passwd"), ValueError)
    batch = rpc.Batch(lambda body: b'{"error":{"code":-32004,"message":"Too large"}}')
    batch.add(then(lambda body: None).then, 1)
    assert isinstance(fails(batch.send), RPCError)


talk(serve())
misunderstand()
print("all is understood")
