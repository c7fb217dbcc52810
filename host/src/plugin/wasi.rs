//! WASI, preview 1 for modules and 0.2 for components, with nothing but what is granted: no files, sockets, environment
//! or arguments.
//!
//! Clocks, sleep and random numbers work; standard output and standard error are log lines.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::AsyncWrite;
use wasmtime::error::Context as _;
use wasmtime::{Linker, Result, component};
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p1::{self, WasiP1Ctx};
use wasmtime_wasi::p2::{self, OutputStream, Pollable, StreamResult};
use wasmtime_wasi::{FsPerms, ResourceTable, WasiCtxBuilder, WasiCtxView, WasiView, async_trait};

use super::component::keyvalue;
use super::grants::{Dir, Grants};
use super::guest::Guest;
use super::log::{CallLog, Stream};

pub(super) fn define(linker: &mut Linker<Guest>) -> Result<()> {
    p1::add_to_linker_async(linker, granted)
}

pub(super) fn define_for_components(linker: &mut component::Linker<Guest>) -> Result<()> {
    p2::add_to_linker_async(linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(linker)?;
    keyvalue::define(linker)
}

impl WasiView for Guest {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        granted(self).ctx()
    }
}

/// The resources of an instance.
pub(super) fn table(wasi: &mut Option<Box<WasiP1Ctx>>) -> &mut ResourceTable {
    context_of(wasi).ctx().table
}

fn granted(guest: &mut Guest) -> &mut WasiP1Ctx {
    context_of(&mut guest.wasi)
}

fn context_of(wasi: &mut Option<Box<WasiP1Ctx>>) -> &mut WasiP1Ctx {
    match wasi {
        Some(wasi) => wasi,
        // What a plugin imports decides whether its guests have a context.
        None => unreachable!("WASI is used by a guest that does not import it"),
    }
}

/// What a guest may have open at once: a file that is open is one of the process's few.
const HANDLES: usize = 256;

/// What an instance sees of the world outside. Fails where a directory that is granted is gone.
pub(super) fn context(log: &Arc<CallLog>, grants: &Grants) -> Result<WasiP1Ctx> {
    let line = |stream| LogStream { log: log.clone(), stream };
    let mut context = WasiCtxBuilder::new();
    context.stdout(line(Stream::Out)).stderr(line(Stream::Err)).allow_tcp(false).allow_udp(false);
    context.envs(&grants.env);
    for Dir { host, guest, write } in &grants.dirs {
        let allowed = if *write { FsPerms::ReadWrite } else { FsPerms::ReadOnly };
        let opened = context.preopened_dir(host, guest, allowed);
        opened.with_context(|| format!("the directory {} cannot be opened", host.display()))?;
    }
    let mut context = context.build_p1();
    context.ctx().table.set_max_capacity(HANDLES);
    Ok(context)
}

/// A standard stream that ends in the log.
#[derive(Clone)]
struct LogStream {
    log: Arc<CallLog>,
    stream: Stream,
}

/// Bytes that one write may bring.
const WRITE: usize = 64 << 10;

impl IsTerminal for LogStream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for LogStream {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl OutputStream for LogStream {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.log.stream(self.stream, &bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(WRITE)
    }
}

#[async_trait]
impl Pollable for LogStream {
    async fn ready(&mut self) {}
}

impl AsyncWrite for LogStream {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.log.stream(self.stream, bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
