//! A plugin that calls back whoever calls it: `contracts/peers.pulse`.

use pintle_guest::{Error, peer};

pintle_guest::plugin! {
    Server { echo: echo, ask: ask, tell: tell }
}

fn echo(text: String) -> String {
    text
}

fn ask(text: String) -> Result<String, Error> {
    peer::request("", "Peer.echo", (text,))
}

fn tell(text: String) -> Result<(), Error> {
    Ok(peer::send("", "Peer.told", (text,))?)
}
