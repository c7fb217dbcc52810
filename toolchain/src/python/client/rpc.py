"""Calls over JSON-RPC 2.0: transports, clients, batches; and handlers for a server."""

from __future__ import annotations

import dataclasses
import inspect
import itertools
import json
import typing
import urllib.error
import urllib.request
from typing import (
    Any,
    Callable,
    ClassVar,
    Generic,
    Mapping,
    NoReturn,
    Optional,
    TypeVar,
)

from ._values import ContractError as ContractError
from ._values import Error as Error
from ._values import decode as _decode
from ._values import from_json as from_json
from ._values import hints as _hints
from ._values import to_json as to_json

T = TypeVar("T")

Transport = Callable[[bytes], Optional[bytes]]
"""Sends the bytes of a request and answers those of the reply, None if there is none."""


class TransportError(Error):
    """There was no reply, or none that is JSON-RPC."""


class RPCError(Error):
    """The server answered with an error."""

    def __init__(self, code: int, message: str = "", data: Any = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.data = data

    def __str__(self) -> str:
        return f"{self.message} ({self.code})"


class DeclaredError(RPCError):
    """An error that the contract declares: the server answered with it, or a handler raises it."""

    CODE: ClassVar[int]
    MESSAGE: ClassVar[str]

    def __init_subclass__(cls) -> None:
        if "CODE" in vars(cls):
            _DECLARED.setdefault(cls.CODE, cls)

    def __init__(self, message: str = "", data: Any = None) -> None:
        super().__init__(self.CODE, message or self.MESSAGE, data)


_DECLARED: dict[int, type[DeclaredError]] = {}


class HttpTransport:
    """Sends requests by HTTP POST; `timeout` is in seconds, `limit` the most bytes of a reply."""

    def __init__(
        self,
        url: str,
        headers: Optional[Mapping[str, str]] = None,
        timeout: float = 30.0,
        limit: int = 64 << 20,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url} is no URL of HTTP")
        self._url = url
        self._headers = {"Content-Type": "application/json", **(headers or {})}
        self._timeout = timeout
        self._limit = limit

    def __call__(self, body: bytes) -> Optional[bytes]:
        request = urllib.request.Request(self._url, body, self._headers)
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as response:
                reply: bytes = response.read(self._limit + 1)
        except urllib.error.HTTPError as error:
            with error:
                reply = error.read(self._limit + 1)
            if not reply.lstrip().startswith(b"{"):
                raise TransportError(f"{self._url}: {error}") from error
        except OSError as error:
            raise TransportError(f"{self._url}: {error}") from error
        if len(reply) > self._limit:
            raise TransportError(f"{self._url}: more than {self._limit} bytes")
        return reply or None


class Returns(Generic[T]):
    """Says what a call returns: `Returns[int]`."""


@dataclasses.dataclass(frozen=True)
class Request(Generic[T]):
    """One call, not made yet."""

    method: str
    params: list[Any]
    returns: Any

    def body(self, id: Optional[int]) -> dict[str, Any]:
        """The request as it is sent; without an id it is a notification."""
        body: dict[str, Any] = {"jsonrpc": "2.0"}
        if id is not None:
            body["id"] = id
        return {**body, "method": self.method, "params": self.params}

    def result(self, response: Any) -> T:
        """The result in the response to this call; RPCError if it is an error."""
        if not isinstance(response, dict):
            raise TransportError(f"{self.method}: the response is no object")
        if "error" in response:
            raise _error(response["error"])
        try:
            value: T = _decode(self.returns, response.get("result"), "")
        except ContractError as why:
            raise ContractError(f"{self.method}: the result{why}") from None
        return value


class Client:
    """Calls the methods of one interface.

    `at` is the path that the server has mounted it at, if not under its own name.
    """

    INTERFACE: ClassVar[str]

    def __init__(self, transport: Transport, at: Optional[str] = None) -> None:
        at = self.INTERFACE if at is None else at
        self._transport = transport
        self._prefix = at + "." if at else ""

    def _call(self, returns: type[Returns[T]], method: str, *params: Any) -> T:
        plain = [to_json(value) for value in params]
        # Only optional parameters can be None, and those at the end may be left out.
        while plain and plain[-1] is None:
            plain.pop()
        (kind,) = typing.get_args(returns)
        request: Request[T] = Request(self._prefix + method, plain, kind)
        if isinstance(self._transport, _Recorder):
            self._transport.record(request)
        reply = self._transport(_dump(request.body(id=1)))
        response = _load(reply)
        if not isinstance(response, dict) or response.get("id") not in (1, None):
            raise TransportError(f"{request.method}: this is not the response to it")
        return request.result(response)


class _Recorded(Exception):
    def __init__(self, request: Request[Any]) -> None:
        self.request = request


class _Recorder:
    """Stands where a transport does, and keeps a call from being made."""

    def __call__(self, body: bytes) -> NoReturn:
        raise NotImplementedError

    def record(self, request: Request[Any]) -> NoReturn:
        raise _Recorded(request)


def _request(method: Callable[..., T], args: Any, kwargs: Any) -> Request[T]:
    """The call that a client's method makes with these arguments."""
    client = getattr(method, "__self__", None)
    if not isinstance(client, Client):
        raise TypeError("only a method of a client can be called later")
    recorder = object.__new__(type(client))
    recorder.__dict__.update(client.__dict__, _transport=_Recorder())
    try:
        getattr(recorder, method.__name__)(*args, **kwargs)
    except _Recorded as recorded:
        return recorded.request
    raise TypeError(f"{method.__name__} makes no call")


def notify(method: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Makes a call that is not answered: `notify(carts.clear_cart, "cart_1")`."""
    request = _request(method, args, kwargs)
    client: Client = getattr(method, "__self__")
    client._transport(_dump(request.body(id=None)))


class Pending(Generic[T]):
    """The result of a call in a batch, once that was sent."""

    def __init__(self, request: Request[T]) -> None:
        self._request = request
        self._response: Any = None

    def result(self) -> T:
        """The result; raises what the call failed with."""
        if self._response is None:
            raise TransportError(f"{self._request.method}: there is no response")
        return self._request.result(self._response)


class Batch:
    """Calls that are sent together.

    batch = Batch(transport)
    cart = batch.add(carts.get_cart, "cart_1")
    batch.send()
    print(cart.result())
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._ids = itertools.count(1)
        self._bodies: list[dict[str, Any]] = []
        self._pending: dict[int, Pending[Any]] = {}

    def add(self, method: Callable[..., T], *args: Any, **kwargs: Any) -> Pending[T]:
        """Adds a call."""
        request = _request(method, args, kwargs)
        id = next(self._ids)
        pending = Pending(request)
        self._pending[id] = pending
        self._bodies.append(request.body(id))
        return pending

    def notify(self, method: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Adds a call that is not answered."""
        self._bodies.append(_request(method, args, kwargs).body(id=None))

    def send(self) -> None:
        """Sends what was added since it was last sent."""
        bodies, pending = self._bodies, self._pending
        self._bodies, self._pending = [], {}
        reply = self._transport(_dump(bodies)) if bodies else None
        responses = [] if reply is None else _load(reply)
        if isinstance(responses, dict) and "error" in responses:
            raise _error(responses["error"])
        if not isinstance(responses, list):
            raise TransportError("the reply is no list of responses")
        for response in responses:
            id = response.get("id") if isinstance(response, dict) else None
            if type(id) is int and id in pending:
                pending[id]._response = response


def _dump(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8")


def _load(reply: Optional[bytes]) -> Any:
    try:
        text = (reply or b"").decode("utf-8")
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise TransportError(f"the reply is not JSON: {error}") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"JSON has no {name}")


def _error(error: Any) -> RPCError:
    error = error if isinstance(error, dict) else {}
    code, message = error.get("code"), error.get("message")
    if type(code) is not int or not isinstance(message, str):
        raise TransportError("the error in the reply is no error of JSON-RPC")
    declared = _DECLARED.get(code)
    data = error.get("data")
    return declared(message, data) if declared else RPCError(code, message, data)


def plain(
    handler: Any, error: Callable[[int, str, Any], Exception] = RPCError
) -> dict[str, Callable[..., Any]]:
    """The methods of a handler by their names in the contract, from and to plain values.

    A server that knows nothing of these types runs them:
    `server.add_handler("CartService", rpc.plain(Carts(), pintle_server.RPCError))`. `error` makes what that server
    knows as an error. A method that has a parameter `ctx` beside those of the contract gets the server's there.
    """
    declared = next(base for base in type(handler).__mro__ if "METHODS" in vars(base))
    methods = {}
    for name, attribute in vars(declared)["METHODS"].items():
        hints = _hints(getattr(declared, attribute))
        methods[name] = _plain(getattr(handler, attribute), hints, error)
    return methods


def _plain(method: Any, hints: Any, error: Any) -> Callable[..., Any]:
    kinds = [kind for name, kind in hints.items() if name != "return"]

    def run(*values: Any, **more: Any) -> Any:
        try:
            pairs = zip(kinds, values)
            return to_json(method(*(_decode(k, v, "") for k, v in pairs), **more))
        except RPCError as why:
            raise error(why.code, why.message, why.data) from why

    def run_with(ctx: Any, *values: Any) -> Any:
        return run(*values, ctx=ctx)

    own = inspect.signature(method).parameters
    return run_with if "ctx" in own and "ctx" not in hints else run
