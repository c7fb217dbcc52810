"""The core in Python: checks and dispatches calls to plain functions. It needs the package `wasmtime`.

    python3 example.py pintle_core.wasm
"""

import json
import sys

from wasmtime import Instance, Module, Store

CALL, WAIT, REPLY, NO_REPLY = 1, 2, 3, 4
INTERNAL_ERROR = -32603


class Core:
    """A contract, and the functions that serve it."""

    def __init__(self, module, contract, handlers):
        self.store = Store()
        wasm = Module.from_file(self.store.engine, module)
        self.exports = Instance(self.store, wasm, []).exports(self.store)
        self.memory = self.exports["memory"]
        self.handlers = handlers
        self.contract = self.call("contract", *self.write(contract), 0)
        if not self.contract:
            raise ValueError(self.text("last_error"))

    def call(self, name, *arguments):
        return self.exports["pintle_" + name](self.store, *arguments)

    def write(self, text):
        """A buffer with the text: the function that it is passed to takes it over."""
        data = text if isinstance(text, bytes) else text.encode()
        at = self.call("alloc", len(data)) & 0xFFFFFFFF
        if not at:
            raise MemoryError(f"{len(data)} bytes for the core")
        self.memory.write(self.store, data, at)
        return at, len(data)

    def text(self, name, *arguments):
        """A text of the module, copied at once: the next call may overwrite it."""
        pair = self.call(name, *arguments) & 0xFFFFFFFFFFFFFFFF
        at, length = pair >> 32, pair & 0xFFFFFFFF
        return self.memory.read(self.store, at, at + length).decode()

    def handle(self, body):
        """The reply to a body; None if nothing is to be answered."""
        exchange = self.call("open", self.contract, *self.write(body))
        try:
            while True:
                step = self.call("poll", exchange)
                if step == CALL:
                    self.run(exchange)
                elif step == REPLY:
                    return self.text("reply", exchange)
                elif step == NO_REPLY:
                    return None
                else:
                    raise RuntimeError(f"step {step} cannot come: {self.text('last_error')}")
        finally:
            self.call("close", exchange)

    def run(self, exchange):
        ticket = self.call("ticket", exchange)
        method = self.text("method", exchange)
        params = json.loads(self.text("params", exchange))
        try:
            result = json.dumps(self.handlers[method](*params))
        except Exception as error:
            # The caller learns nothing of what went wrong inside.
            print(f"{method}: {error!r}", file=sys.stderr)
            nothing = (0, 0)
            self.call("fail", exchange, ticket, 1, INTERNAL_ERROR, *self.write("Internal error"), *nothing)
            return
        if self.call("complete", exchange, ticket, 0, *self.write(result)) == 1:
            print(f"{method}: {self.text('problems')}", file=sys.stderr)


CONTRACT = """
namespace shop

interface Till {
    total(prices []int) int
    name(customer string) string [optional]
    broken() int
}
"""

if __name__ == "__main__":
    core = Core(sys.argv[1], CONTRACT, {
        "Till.total": lambda prices: sum(prices),
        "Till.name": {"c1": "Ada"}.get,
        "Till.broken": lambda: "no number",
    })
    for body in [
        '{"jsonrpc":"2.0","id":1,"method":"Till.total","params":[[1,2,39]]}',
        '{"jsonrpc":"2.0","id":2,"method":"Till.total","params":[[1,"2"]]}',
        '[{"jsonrpc":"2.0","id":3,"method":"Till.name","params":{"customer":"c1"}},'
        '{"jsonrpc":"2.0","id":4,"method":"Till.name","params":["nobody"]}]',
        '{"jsonrpc":"2.0","method":"Till.total","params":[[]]}',
        '{"jsonrpc":"2.0","id":5,"method":"Till.broken"}',
        "not JSON",
    ]:
        print(core.handle(body))
