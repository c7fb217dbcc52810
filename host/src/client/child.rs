//! A server that is a command: started here, spoken to over its standard input and output, ended with its client.

use super::dial::Io;
use super::error::ClientError;

/// A running command. It is killed when this is dropped.
#[derive(Debug)]
pub(super) struct Child(#[cfg(unix)] std::process::Child);

#[cfg(unix)]
impl Child {
    /// Starts `words`, the program and its arguments. Its standard error stays that of this process.
    pub(super) fn start(words: &[String]) -> Result<(Child, Box<dyn Io>), ClientError> {
        use std::os::fd::OwnedFd;
        use std::process::{Command, Stdio};
        use tokio::net::unix::pipe;

        let Some((program, arguments)) = words.split_first() else {
            return Err(ClientError::not_sent("there is no command to start"));
        };
        let failed =
            |error: std::io::Error| ClientError::Transport(format!("cannot start {program}: {error}"));
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = Child(command.spawn().map_err(failed)?);
        let (Some(input), Some(output)) = (child.0.stdin.take(), child.0.stdout.take()) else {
            return Err(ClientError::Transport(format!("{program} has no standard input and output")));
        };
        let sender = pipe::Sender::from_owned_fd(OwnedFd::from(input)).map_err(failed)?;
        let receiver = pipe::Receiver::from_owned_fd(OwnedFd::from(output)).map_err(failed)?;
        Ok((child, Box::new(tokio::io::join(receiver, sender))))
    }
}

#[cfg(unix)]
impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended by itself; what was killed ends at once, so that waiting for it takes no time.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(not(unix))]
impl Child {
    pub(super) fn start(_: &[String]) -> Result<(Child, Box<dyn Io>), ClientError> {
        Err(ClientError::not_sent("commands as servers need a Unix system"))
    }
}
