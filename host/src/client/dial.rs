//! Byte streams to servers: TCP, TLS, Unix sockets.

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

use super::error::ClientError;
use super::target::Site;

/// A connection in both directions.
pub(super) trait Io: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin + 'static> Io for T {}

/// A connection, and the protocol that TLS agreed on, if any.
pub(super) struct Dialled {
    pub(super) io: Box<dyn Io>,
    pub(super) http2: bool,
}

/// What TLS trusts: the system's authorities, and those of `extra`, certificates as PEM.
pub(crate) fn tls(extra: Option<&[u8]>, http: bool) -> Result<Arc<ClientConfig>, ClientError> {
    let mut roots = RootCertStore::empty();
    // One that the system has and nobody can read is as good as none: servers that need it are refused.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(pem) = extra {
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let added = certificate
                .map_err(|error| error.to_string())
                .and_then(|certificate| roots.add(certificate).map_err(|error| error.to_string()));
            added.map_err(|why| ClientError::not_sent(format!("a certificate to trust is none: {why}")))?;
        }
        if roots.len() == before {
            return Err(ClientError::not_sent("the certificates to trust are none in PEM"));
        }
    }
    let provider = Arc::new(crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| ClientError::not_sent(format!("no TLS: {error}")))?;
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    if http {
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    }
    Ok(Arc::new(config))
}

impl Site {
    /// Opens a connection; `tls` is there if and only if the site wants it.
    pub(super) async fn dial(&self, tls: Option<&Arc<ClientConfig>>) -> Result<Dialled, ClientError> {
        let place = format!("{}:{}", self.host, self.port);
        let stream = TcpStream::connect(&place)
            .await
            .map_err(|error| ClientError::Transport(format!("cannot reach {place}: {error}")))?;
        // Bodies are written whole, so waiting for more would only delay them.
        let _ = stream.set_nodelay(true);
        let Some(config) = tls else { return Ok(Dialled { io: Box::new(stream), http2: false }) };
        let name = self.host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = ServerName::try_from(name)
            .map_err(|_| ClientError::not_sent(format!("{} is no name that a certificate has", self.host)))?;
        let stream = TlsConnector::from(config.clone())
            .connect(name, stream)
            .await
            .map_err(|error| ClientError::Transport(format!("no TLS with {place}: {error}")))?;
        let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        Ok(Dialled { io: Box::new(stream), http2 })
    }
}

/// Opens a Unix domain socket.
#[cfg(unix)]
pub(super) async fn unix(path: &std::path::Path) -> Result<Box<dyn Io>, ClientError> {
    match tokio::net::UnixStream::connect(path).await {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(ClientError::Transport(format!("cannot reach {}: {error}", path.display()))),
    }
}

#[cfg(not(unix))]
pub(super) async fn unix(_: &std::path::Path) -> Result<Box<dyn Io>, ClientError> {
    Err(ClientError::not_sent("this system has no Unix domain sockets"))
}
