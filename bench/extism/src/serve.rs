//! The checkout's `createOrder` over HTTP: pintle's server, with a guest of its own and with one that extism runs.

use crate::documents::{CHECKOUT_RESPONSE, CREATE_ORDER, checkout};
use crate::server::{Server, built};
use crate::wrk::Wrk;
use crate::{Outcome, report::Report};
use pintle::config::{Limits, Listener};
use pintle::drive::Answer;
use pintle::handlers::{Handlers, Served};
use pintle::ledger::{Importance, Ledger};
use pintle::plugin::{Engine, EngineOptions, Isolation, Plugin, PluginOptions};
use pintle_core::Code;
use std::env;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

const ROUNDS: usize = 3;

pub(crate) fn compare(report: &mut Report) -> Outcome {
    let wrk = Wrk::new(CREATE_ORDER)?;
    let this = |who: &str, guest: &Path| {
        let mut command = Command::new(env::current_exe().map_err(|why| why.to_string())?);
        command.args(["serve", who]).arg(guest);
        Server::start(command)
    };
    let theirs = built("wasm32-unknown-unknown/guest/extism_bench_guest.wasm")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let ours = root.join("wasm32-unknown-unknown/guest/bench_guest.wasm");
    let servers = [this("extism", &theirs)?, this("pintle", &ours)?];
    for server in &servers {
        let response = server.post(CREATE_ORDER)?;
        if !response.contains(CHECKOUT_RESPONSE) {
            return Err(format!("{} did not answer as it must: {response}", server.address));
        }
    }
    let mut best = [0f64; 2];
    for _ in 0..ROUNDS {
        for (best, server) in best.iter_mut().zip(&servers) {
            *best = best.max(wrk.rate(&server.address)?);
        }
    }
    let [theirs, ours] = best;
    report.base("extism, its pool of instances", theirs, "requests/s");
    report.ratio("pintle, guest in `pool`", ours, "requests/s", theirs, Some("≥ 1.2"));
    Ok(())
}

/// Serves the checkout's orders by `who`, until this process ends.
pub(crate) fn run(who: &str, guest: &str) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|why| why.to_string())?.block_on(async {
        let module = std::fs::read(guest).map_err(|why| format!("{guest}: {why}"))?;
        let mut handlers = Handlers::default();
        match who {
            "extism" => by_extism(&mut handlers, module)?,
            "pintle" => by_pintle(&mut handlers, module).await?,
            _ => return Err(format!("nobody is called `{who}`")),
        }
        let mut server = pintle::server::Server::new(Arc::new(handlers), Limits::default());
        let url = server.listen(Listener::default(), checkout()).map_err(|why| why.to_string())?;
        println!("listening {url}");
        server.run(std::future::pending()).await;
        Ok(())
    })
}

async fn by_pintle(handlers: &mut Handlers, module: Vec<u8>) -> Outcome {
    let engine = Engine::new(EngineOptions::default())?;
    let options = PluginOptions { isolation: Isolation::Pool, ..PluginOptions::new("orders") };
    let plugin = Plugin::load(&engine, module, options).await.map_err(|why| why.to_string())?;
    let served = Served {
        plugin: Arc::new(plugin),
        headers: None,
        calls: Vec::new(),
        send: false,
        debug_errors: false,
        ledger: Ledger::new(["OrderService.createOrder".to_owned()], None, Importance::Debug),
    };
    handlers.plugin("OrderService", Arc::new(served));
    Ok(())
}

fn by_extism(handlers: &mut Handlers, module: Vec<u8>) -> Outcome {
    let manifest = extism::Manifest::new([extism::Wasm::data(module)]).with_timeout(Duration::from_secs(1));
    let builder = extism::PluginBuilder::new(manifest).with_wasi(false);
    let compiled = extism::CompiledPlugin::new(builder).map_err(|why| why.to_string())?;
    let pool = extism::PoolBuilder::new()
        .with_max_instances(8)
        .build(move || extism::Plugin::new_from_compiled(&compiled));
    handlers.function("OrderService", move |invocation| {
        // A call takes microseconds: handing it to another thread would take longer.
        let called = pool.get(Duration::from_secs(1)).and_then(|plugin| match plugin {
            Some(mut plugin) => plugin.call::<_, Vec<u8>>("create_order", invocation.params).map(Some),
            None => Ok(None),
        });
        let answer = match called {
            Ok(Some(result)) => Answer::Return(result),
            Ok(None) => Answer::Fail(Code::Overloaded.into()),
            Err(_) => Answer::Fail(Code::PluginFailed.into()),
        };
        Box::pin(std::future::ready(answer))
    });
    Ok(())
}
