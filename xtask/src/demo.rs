//! `cargo xtask demo`: the checkout example, served.

use std::env::consts::EXE_SUFFIX;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::Stdio;

use crate::setup::{self, cargo, command, target};
use crate::{Outcome, artifact, wrong_usage};

/// What `examples/checkout/pintle.toml` says.
const ADDRESS: &str = "127.0.0.1:8080";

pub(crate) fn run(args: &[&str]) -> Outcome {
    match args {
        [] => serve(None),
        ["--http", address] => serve(Some(address)),
        _ => Err(wrong_usage("`demo` takes `--http ADDRESS` and nothing else")),
    }
}

fn serve(http: Option<&str>) -> Outcome {
    let address = http.unwrap_or(ADDRESS);
    // Before the long build, and with advice; the server itself checks again.
    if let Err(why) = TcpListener::bind(address) {
        return Err(format!(
            "cannot listen on {address}: {why}\nchoose another: cargo xtask demo --http 127.0.0.1:0"
        ));
    }
    println!("Building the checkout guest, then the server: the first time takes some minutes.");
    artifact::guests(&["checkout"])?;
    setup::run(cargo("build --release -p pintle"))?;

    let pintle = target().join(format!("release/pintle{EXE_SUFFIX}"));
    let pintle = pintle.to_string_lossy();
    let mut command = command(&pintle, "serve examples/checkout/pintle.toml");
    if let Some(address) = http {
        command.args(["--http", address]);
    }
    let mut server =
        command.stdout(Stdio::piped()).spawn().map_err(|why| format!("could not start {pintle}: {why}"))?;
    for line in
        server.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines).map_while(Result::ok)
    {
        match line.strip_prefix("listening ") {
            Some(url) if url.starts_with("http://") => invite(url, &pintle),
            _ => println!("{line}"),
        }
    }
    match server.wait() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("the server ended: {status}")),
        Err(why) => Err(format!("the server is lost: {why}")),
    }
}

fn invite(url: &str, pintle: &str) {
    println!(
        r#"
The checkout service listens at {url} until Ctrl-C. In another terminal:

A call as every JSON-RPC client makes it:
  curl -s {url} -H 'content-type: application/json' -d '{{"jsonrpc":"2.0","id":1,"method":"CatalogService.listProducts"}}'

The same with names, checked against the server's contract before it is sent:
  {pintle} call {url} CartService.addToCart request='{{"productId":"mouse","quantity":2}}'

One that breaks the contract, and never reaches the plugin:
  curl -s {url} -H 'content-type: application/json' -d '{{"jsonrpc":"2.0","id":2,"method":"CartService.addToCart","params":[{{"productId":"mouse","quantity":"two"}}]}}'
"#
    );
}
