// Who only calls; and, beside it, who serves.

import { connect, Contract } from "pintle/client";

const contract = Contract.parse("namespace a\ninterface I { echo(x string) string }");
const { port1, port2 } = new MessageChannel();
const api = connect(contract, port2);
const all = await import("pintle");
new all.Server(contract, { I: { echo: (x) => x } }).attach(port1);
const echoed = await api.I.echo("over a port");
console.log(JSON.stringify({ same: all.Contract === Contract && all.connect === connect, echoed }));
api.$close();
