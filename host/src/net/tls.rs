//! Encryption of a listener: its certificate and key, and a handshake that is bounded in time.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

use crate::config::Tls;
use crate::shutdown::Lifeline;

/// Encrypts the connections of one listener.
#[derive(Clone)]
pub(super) struct Encryption {
    acceptor: TlsAcceptor,
    /// Time for a handshake.
    time: Duration,
}

impl Encryption {
    /// Reads the files. `protocols` are offered by ALPN, the best first.
    pub(super) fn load(tls: &Tls, protocols: &[&str], time: Duration) -> io::Result<Encryption> {
        let chain = CertificateDer::pem_file_iter(&tls.certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| told(&tls.certificate, "certificate", error))?;
        if chain.is_empty() {
            return Err(told(&tls.certificate, "certificate", pem::Error::NoItemsFound));
        }
        let key =
            PrivateKeyDer::from_pem_file(&tls.key).map_err(|error| told(&tls.key, "private key", error))?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key));
        let mut config = config.map_err(|error| {
            let (certificate, key) = (tls.certificate.display(), tls.key.display());
            io::Error::other(format!("{certificate} and {key} do not work together: {error}"))
        })?;
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        Ok(Encryption { acceptor: TlsAcceptor::from(Arc::new(config)), time })
    }

    /// The encrypted stream; `None` if the peer does not shake hands properly and in time. Who has not said anything yet
    /// when the server drains is not waited for.
    pub(super) async fn accept<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        lifeline: &mut Lifeline,
    ) -> Option<TlsStream<S>> {
        let handshake = timeout(self.time, self.acceptor.accept(stream));
        let shaken = tokio::select! {
            biased;
            () = lifeline.drained() => return None,
            shaken = handshake => shaken,
        };
        match shaken {
            Ok(Ok(stream)) => Some(stream),
            Ok(Err(error)) => {
                tracing::debug!(%error, "no TLS handshake");
                None
            }
            Err(_) => {
                tracing::debug!("the TLS handshake took too long");
                None
            }
        }
    }
}

/// Why a file is of no use.
fn told(path: &Path, what: &str, error: pem::Error) -> io::Error {
    let path = path.display();
    match error {
        pem::Error::Io(error) => io::Error::new(error.kind(), format!("{path}: {error}")),
        pem::Error::NoItemsFound => io::Error::other(format!("{path}: there is no PEM {what} inside")),
        // What is wrong with it would show lines of it.
        _ => io::Error::other(format!("{path}: the PEM {what} inside is broken")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_of_no_use_are_told() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let one = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let two = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = write("cert.pem", &one.cert.pem());
        let key = write("key.pem", &one.signing_key.serialize_pem());
        let other = write("other.pem", &two.signing_key.serialize_pem());
        let (empty, broken) = (write("empty.pem", ""), write("broken.pem", "-----BEGIN CERTIFICATE-----\n!"));
        let load = |certificate: &Path, key: &Path| {
            let tls = Tls { certificate: certificate.to_owned(), key: key.to_owned() };
            Encryption::load(&tls, &["h2"], Duration::from_secs(1))
                .map(|_| ())
                .map_err(|error| error.to_string())
        };
        assert_eq!(load(&certificate, &key), Ok(()));
        let missing = dir.path().join("missing.pem");
        for (certificate, key, name, part) in [
            (&missing, &key, "missing.pem", "No such file"),
            (&empty, &key, "empty.pem", "no PEM certificate inside"),
            (&broken, &key, "broken.pem", "PEM certificate inside is broken"),
            (&certificate, &missing, "missing.pem", "No such file"),
            (&certificate, &certificate, "cert.pem", "no PEM private key inside"),
            (&certificate, &other, "other.pem", "do not work together"),
        ] {
            let message = load(certificate, key).unwrap_err();
            assert!(message.contains(name) && message.contains(part), "{message}");
        }
    }
}
