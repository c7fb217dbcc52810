"""A client of simplerpc's protocol, in plain Python.

    python3 client.py [HOST:PORT]

A message is a line: an opcode, directly followed by a JSON object. The server answers each message of ours with OKAY or
FAIL, in their order; nothing else says which answer is to which message. Its own messages come in between.
"""

import collections
import json
import socket
import sys


class Client:
    """One connection. `on` maps opcodes of the server to functions that are given the object."""

    def __init__(self, address, on):
        self._socket = socket.create_connection(address, timeout=10)
        self._lines = self._socket.makefile("r", encoding="ascii", newline="\n")
        self._on = on
        self._unanswered = collections.deque()

    def send(self, opcode, reply=None, **data):
        """Sends a message; `reply(kind, data)` is called with the answer, when `read` comes to it."""
        self._unanswered.append(reply)
        self.write(f"{opcode}{json.dumps(data)}\n")

    def write(self, text):
        self._socket.sendall(text.encode())

    def read(self):
        """Waits for one message and hands it on; gives its opcode."""
        line = self._lines.readline()
        if not line.endswith("\n"):
            raise EOFError("the server is gone")
        opcode, brace, rest = line.partition("{")
        data = json.loads(brace + rest)
        if opcode in ("OKAY", "FAIL"):
            reply = self._unanswered.popleft()
            if reply is not None:
                reply(opcode, data)
        else:
            self._on[opcode](data)
        return opcode

    def call(self, opcode, **data):
        """Sends a message and reads until it is answered, and so are those before it."""
        answers = []
        self.send(opcode, lambda *answer: answers.append(answer), **data)
        while not answers:
            self.read()
        return answers[0]

    def close(self):
        self._lines.close()
        self._socket.close()


def listener(name):
    """What a client does with the server's own messages: it prints them."""
    return {
        "welcome": lambda data: print(f"{name} is told: {data['msg']}"),
        "said": lambda data: print(f"{name} hears {data['who']}: {data['text']!r}"),
        "left": lambda data: print(f"{name} sees that {data['who']} has left"),
    }


def main(address):
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    address = (host, int(port))

    first = Client(address, listener("first"))
    first.read()
    first.send("thanks", msg="thanks for nothing")
    first.send("thanks", lambda kind, data: print(f"first gets {kind}: {data['reply']} ({data['times']})"), msg="really")
    first.read()
    first.read()
    print("rude:", *first.call("thanks", msg="Damn you"))

    second = Client(address, listener("second"))
    second.read()
    print("present:", *first.call("present"))
    print("says:", *second.call("say", text="Grüße\n🌍"))
    first.read()
    second.close()
    first.read()
    print("present:", *first.call("present"))

    # A hundred are on their way before the first answer is read.
    answers = []
    for number in range(100):
        first.send("thanks", lambda kind, data, number=number: answers.append((number, kind, data["times"])), msg=f"{number}")
    while len(answers) < 100:
        first.read()
    print("in order:", answers == [(number, "OKAY", number + 3) for number in range(100)])

    print("no such opcode:", *first.call("shout", text="x"))
    print("of the events:", *first.call("opened", connection="x"))
    print("a wrong type:", *first.call("thanks", msg=7))
    print("a missing field:", *first.call("thanks"))
    for text in ("thanks\n", "{}\n", 'thanks{"msg": "half\n'):
        first._unanswered.append(lambda kind, data, text=text: print(f"{text!r}:", kind, data))
        first.write(text)
        first.read()
    print("unharmed:", *first.call("present"))
    first.close()


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["127.0.0.1:8084"])
