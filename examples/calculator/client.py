"""A client that works as pulsar's proxies do, with the standard library alone.

    python3 client.py [URL]
"""

import itertools
import json
import sys
import urllib.error
import urllib.request


class RpcError(Exception):
    """What the server answered instead of a result."""

    def __init__(self, code, message, data=None):
        super().__init__(f"{message} ({code})")
        self.code = code
        self.data = data


class Proxy:
    """A server whose methods are attributes: `proxy.calc.add(4, 5)` calls `calc.add`.

    `data` is merged into the named parameters of every call, `headers` go with every request. With `full_response` a
    call gives the HTTP response as it is.
    """

    def __init__(self, url, data=None, headers=None, timeout=30, make_id=None, full_response=False):
        self._url = url
        self._data = dict(data or {})
        self._headers = {"content-type": "application/json", **(headers or {})}
        self._timeout = timeout
        self._make_id = make_id or itertools.count(1).__next__
        self._full_response = full_response

    def __getattr__(self, name):
        return Method(self, name)

    def _call(self, method, args, named):
        response = self._post(self._request(method, args, named))
        if self._full_response:
            return response
        return result_of(json.load(response))

    def _request(self, method, args, named):
        named = {**named, **self._data}
        if args and named:
            raise ValueError("parameters are given by position or by name, never both")
        return {"jsonrpc": "2.0", "id": self._make_id(), "method": method, "params": list(args) or named}

    def _post(self, body):
        request = urllib.request.Request(self._url, json.dumps(body).encode(), self._headers)
        try:
            return urllib.request.urlopen(request, timeout=self._timeout)
        except urllib.error.HTTPError as refusal:
            # Its body is an error reply as well.
            return refusal


class Method:
    """A path of attributes that can be called."""

    def __init__(self, proxy, path):
        self._proxy = proxy
        self._path = path

    def __getattr__(self, name):
        return Method(self._proxy, f"{self._path}.{name}")

    def __call__(self, *args, **named):
        return self._proxy._call(self._path, args, named)


class Batch(Proxy):
    """Collects calls, each giving its id; iteration sends them and yields `(id, result, error)` in their order."""

    def __init__(self, *args, **named):
        super().__init__(*args, **named)
        self._requests = []

    def _call(self, method, args, named):
        request = self._request(method, args, named)
        self._requests.append(request)
        return request["id"]

    def __iter__(self):
        requests, self._requests = self._requests, []
        replies = json.load(self._post(requests))
        if isinstance(replies, dict):
            # The batch as a whole was refused.
            result_of(replies)
        replies = {reply["id"]: reply for reply in replies}
        for request in requests:
            try:
                yield request["id"], result_of(replies[request["id"]]), None
            except RpcError as error:
                yield request["id"], None, error


def result_of(reply):
    if "error" in reply:
        raise RpcError(**reply["error"])
    return reply["result"]


def main(url):
    proxy = Proxy(url)
    print("ping:", proxy.ping(), "and", proxy.echo("hello"))
    print("by position:", proxy.calc.add(4, 5))
    print("by name:", proxy.calc.subtract(b=5, a=4))
    print("with extra data:", Proxy(url, data={"b": 2.5}).calc.multiply(a=3))
    for divisor in (3, 0):
        try:
            print("a quotient:", proxy.calc.divide(7.5, divisor))
        except RpcError as error:
            print("none:", error)

    batch = Batch(url, make_id=map("call-{}".format, itertools.count(1)).__next__)
    batch.calc.add(1, 2)
    batch.calc.divide(1, 0)
    batch.ping()
    batch.calc.power(2, 10)
    for id, result, error in batch:
        print(f"{id}: {result if error is None else error}")

    for wrong in (
        lambda: proxy.calc.add(4, b=5),
        lambda: proxy.calc.add(4),
        lambda: proxy.calc.add("four", 5),
        lambda: proxy.calc.multiply(1e308, 10),
        lambda: proxy.Calculator.add(4, 5),
        lambda: proxy.calc.add.constructor(4, 5),
        lambda: list(Batch(url)),
    ):
        try:
            print("no error:", wrong())
        except (ValueError, RpcError) as error:
            print("refused:", error, *problems_of(error))

    response = Proxy(url, headers={"accept-language": "de"}, full_response=True).ping()
    print("in full:", response.status, response.headers["content-type"], response.read().decode())
    refusal = Proxy(url, headers={"content-type": "text/plain"}, full_response=True).ping()
    print("as plain text:", refusal.status)

    print("methods:", *(name for name, _ in proxy.functions_list()))
    print("documented:", "The quotient of a and b." in proxy.documentation())
    print("served by:", *(plugin["name"] for plugin in proxy.server_info()["plugins"]))


def problems_of(error):
    data = getattr(error, "data", None) or {}
    return [f"[{p['path']}: {p['expected']}, not {p['got']}]" for p in data.get("problems", ())]


if __name__ == "__main__":
    main(*sys.argv[1:] or ["http://127.0.0.1:8081"])
