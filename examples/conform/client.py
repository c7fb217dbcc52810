"""Barrister's own client for Python 2: pip install barrister==0.1.6, then python client.py [URL]"""

import json
import sys

import barrister


def say(what, value):
    print("%s: %s" % (what, json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8")))


def main(url):
    transport = barrister.HttpTransport(url)
    client = barrister.Client(transport)
    numbers, people = client.Numbers, client.People

    say("sum", numbers.add(2, 3))
    say("product", numbers.reduce([1.5, 2, 2.5], "multiply"))
    say("repeated", numbers.repeat(7, 3))
    ada = people.find("Ada")
    say("found", [ada["name"], ada["kind"], ada["email"], [child["name"] for child in ada["children"]]])
    say("not found", people.find("Nemo"))
    strangers = people.list("stranger")
    say("strangers", [person["name"] for person in strangers])
    say("greeted", people.greet([ada] + strangers)["words"])
    nobody = people.greet([])
    say("nobody", [nobody["status"], nobody["remark"]])

    # With the client's own checks, then with the server's alone.
    for checked in (True, False):
        client.validate_req = checked
        refused("a text", lambda: numbers.add(1, "2"))
        refused("an operation", lambda: numbers.reduce([1], "divide"))
        refused("no list", lambda: people.greet("Ann"))
        refused("half a person", lambda: people.greet([{"name": "Ann"}]))
        refused("a negative number", lambda: numbers.root(-1))
        refused("too many", lambda: numbers.repeat(1, 1001))

    batch = client.start_batch()
    batch.Numbers.add(1, 1)
    batch.Numbers.root(-4)
    batch.Numbers.root(6.25)
    responses = batch.send()
    say("in a batch", [response.error.code if response.error else response.result for response in responses])


def refused(what, call):
    try:
        say("refused %s" % what, "none: %s" % call())
    except barrister.RpcException as error:
        problems = (error.data or {}).get("problems") or [{}]
        say("refused %s" % what, [error.code, problems[0].get("path")])


if __name__ == "__main__":
    main(*sys.argv[1:] or ["http://127.0.0.1:8082"])
