"""Serves the black-box suite, under Python 3 and 2.7.

Each line of stdin is a service to open, `open` and JSON in hexadecimal, or a body to send, `send` and its bytes. Each
is answered by a line: the reply in hexadecimal, `-` for none. What the handlers do is what those of tests/guest do.
"""

from __future__ import print_function

import binascii
import json
import logging
import sys

sys.path.insert(0, sys.argv[1])
from pintle_server import Contract, Json, RPCError, Server, raw  # noqa: E402


class Guest(object):
    """A method does what its name begins with."""

    def __init__(self):
        self.count = 0

    def __getattr__(self, name):
        return raw(lambda *texts: self.behave(name, [text.text for text in texts]))

    def behave(self, name, texts):
        numbers = [int(text) for text in texts if text.lstrip("-").isdigit()]
        if name == "noted":
            return self.count
        if name == "subtract":
            return numbers[0] - sum(numbers[1:])
        if name in ("add", "sum"):
            return sum(numbers)
        if name == "get_data":
            return ["hello", "5"]
        if name.startswith("echo"):
            return Json(texts[0])
        if name.startswith("raw"):
            return Json(json.loads(texts[0]))
        if name.startswith("fail"):
            data = None if texts[2] == "null" else Json(json.loads(texts[2]))
            raise RPCError(int(texts[0]), json.loads(texts[1]), data)
        if name == "update" or name.startswith("not"):
            self.count += 1
        return None


def open_service(text):
    service = json.loads(text)
    options = service["options"]
    server = Server(
        Contract(service["idl"]),
        strict=options.get("strict", False),
        errors=options.get("errors", "any"),
        commands=options.get("commands", False),
        mounts=[
            (mount["at"], mount["interface"]) for mount in options.get("mounts", ())
        ],
        limits=options.get("limits"),
    )
    guest = Guest()
    for interface in server.contract.order:
        server.add_handler(interface, guest)
    return server


def main():
    logging.disable(logging.CRITICAL)
    server = None
    for line in iter(sys.stdin.readline, ""):
        what, _, content = line.strip().partition(" ")
        content = binascii.unhexlify(content.encode("ascii"))
        if what == "open":
            server = open_service(content.decode("utf-8"))
            reply = None
        else:
            reply = server.handle(content)
        print("-" if reply is None else binascii.hexlify(reply).decode("ascii"))
        sys.stdout.flush()


main()
