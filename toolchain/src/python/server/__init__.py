"""Serves a pintle contract with plain objects, under Python 3 and Python 2.7 (Jython too), without other packages.

    contract = Contract.load("checkout/idl.json")
    server = Server(contract)
    server.add_handler("CartService", Carts())
    reply = server.handle(body, {"remote": address, "headers": headers})

A handler has a method for each one of its interface. Structs are dicts and enums text. One that has a parameter called
``ctx``, first or last, gets what the transport said of the call there.
"""

from .contract import Contract, Validation
from .envelope import RPCError
from .jsontext import Json
from .server import Server, raw
from .types import Problem

__all__ = ["Contract", "Json", "Problem", "RPCError", "Server", "Validation", "raw"]
