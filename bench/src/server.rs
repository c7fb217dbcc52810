//! Servers as child processes, ours and the other one, and where their programs lie.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A server that listens. It ends when this is dropped.
pub(crate) struct Server {
    child: Child,
    /// `127.0.0.1:PORT`
    pub(crate) address: String,
}

impl Server {
    /// Starts `command` and waits for its line `listening http://…`.
    pub(crate) fn start(mut command: Command) -> Result<Self, String> {
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut server = Server {
            child: child.map_err(|why| format!("could not start {program}: {why}"))?,
            address: String::new(),
        };
        let mut out = BufReader::new(server.child.stdout.take().ok_or("no standard output")?);
        let mut line = String::new();
        loop {
            line.clear();
            if out.read_line(&mut line).map_err(|why| why.to_string())? == 0 {
                return Err(format!("{program} ended before it listened"));
            }
            if let Some(url) = line.trim().strip_prefix("listening http://") {
                server.address = url.trim_end_matches('/').to_owned();
                break;
            }
        }
        // Nothing of what it says later may block it.
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        Ok(server)
    }

    /// Posts `body` once: the whole response, head included.
    pub(crate) fn post(&self, body: &str) -> Result<String, String> {
        let ask = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(&self.address)?;
            write!(
                stream,
                "POST / HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\nconnection: close\r\n\
                 content-length: {}\r\n\r\n{body}",
                self.address,
                body.len()
            )?;
            let mut response = String::new();
            stream.read_to_string(&mut response)?;
            Ok(response)
        };
        ask().map_err(|why| format!("{}: {why}", self.address))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `pintle serve` with the guest that does nothing, and its compiled modules kept in `cache`.
pub(crate) fn ours(isolation: &str, cache: &Path) -> Result<Command, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let pintle = built(&format!("release/pintle{}", env::consts::EXE_SUFFIX))?;
    let guest = built("wasm32-unknown-unknown/guest/bench_guest.wasm")?;
    let mut command = Command::new(pintle);
    command.arg("serve").arg(root.join("examples/checkout/checkout.pulse")).arg(guest);
    command.args(["--http", "127.0.0.1:0", "--isolation", isolation]).env("XDG_CACHE_HOME", cache);
    Ok(command)
}

/// A file in cargo's target directory: this program lies in its `release`.
pub(crate) fn built(path: &str) -> Result<PathBuf, String> {
    let exe = env::current_exe().map_err(|why| why.to_string())?;
    let file = exe.ancestors().nth(2).unwrap_or(Path::new("target")).join(path);
    if file.is_file() {
        Ok(file)
    } else {
        Err(format!("{} is missing: `cargo xtask bench` builds it", file.display()))
    }
}
