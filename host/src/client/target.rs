//! Where a server is, as people write it.

use std::fmt;
use std::path::PathBuf;

use ::http::Uri;

use super::error::ClientError;

/// The forms of a target, and what each means. `pintle help targets` prints this table.
pub const FORMS: [(&str, &str); 8] = [
    ("http://HOST:PORT/PATH", "HTTP; port 80 unless given"),
    ("https://HOST:PORT/PATH", "HTTP over TLS; port 443 unless given"),
    ("ws://HOST:PORT/PATH", "WebSocket; port 80 unless given"),
    ("wss://HOST:PORT/PATH", "WebSocket over TLS; port 443 unless given"),
    ("tcp://HOST:PORT", "a TCP connection"),
    ("tls://HOST:PORT", "a TCP connection with TLS"),
    ("unix:PATH", "a Unix domain socket"),
    ("stdio:COMMAND ARGUMENT…", "a command, spoken to over its standard input and output"),
];

/// Where a server is and which transport leads there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub(super) place: Place,
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Http(Site),
    WebSocket(Site),
    Tcp(Site),
    Unix(PathBuf),
    /// A program and its arguments; never empty.
    Stdio(Vec<String>),
}

/// A port of a host, and what is asked for there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Site {
    pub(super) tls: bool,
    /// A name, an IPv4 address, or an IPv6 address in brackets.
    pub(super) host: String,
    pub(super) port: u16,
    /// As it was written, for the header `host`.
    pub(super) authority: String,
    /// Path and query; begins with `/`.
    pub(super) path: String,
}

impl Target {
    /// Reads one of [`FORMS`]. The words of `stdio:` are separated by white space and cannot be quoted.
    ///
    /// # Errors
    /// [`ClientError::NotSent`], which says what is wrong with it.
    pub fn parse(text: &str) -> Result<Target, ClientError> {
        let place = Place::parse(text).map_err(ClientError::not_sent)?;
        Ok(Target { place, text: text.to_owned() })
    }

    /// Whether `text` begins like a target, so that it is nothing else: no file is called like that.
    pub fn is_meant(text: &str) -> bool {
        let scheme = |form: &str| form.split_inclusive(':').next().map(str::to_owned);
        FORMS.iter().filter_map(|(form, _)| scheme(form)).any(|scheme| text.starts_with(&scheme))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Place {
    fn parse(text: &str) -> Result<Place, String> {
        if let Some(path) = text.strip_prefix("unix:") {
            return match path {
                "" => Err("unix: names no socket; write unix:/run/server.sock".to_owned()),
                path => Ok(Place::Unix(path.into())),
            };
        }
        if let Some(command) = text.strip_prefix("stdio:") {
            let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
            return match words.is_empty() {
                true => Err("stdio: names no command; write stdio:COMMAND ARGUMENT…".to_owned()),
                false => Ok(Place::Stdio(words)),
            };
        }
        let uri: Uri = text.parse().map_err(|_| no_target(text))?;
        let (tls, port): (bool, Option<u16>) = match uri.scheme_str() {
            Some("http" | "ws") => (false, Some(80)),
            Some("https" | "wss") => (true, Some(443)),
            Some("tcp") => (false, None),
            Some("tls") => (true, None),
            _ => return Err(no_target(text)),
        };
        let authority = uri.authority().filter(|authority| {
            // Who has a name and a password there would believe that they are sent.
            !authority.as_str().contains('@') && !authority.host().is_empty()
        });
        let authority =
            authority.ok_or_else(|| format!("{text} names no host; a user does not belong there"))?;
        // A port that is there and is no number must not become the usual one.
        let written = authority.as_str().len() > authority.host().len();
        let port = if written { authority.port_u16() } else { port };
        let site = Site {
            tls,
            host: authority.host().to_owned(),
            port: port.ok_or_else(|| format!("{text} names no port from 0 to 65535"))?,
            authority: authority.as_str().to_owned(),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        };
        match uri.scheme_str() {
            Some("http" | "https") => Ok(Place::Http(site)),
            Some("ws" | "wss") => Ok(Place::WebSocket(site)),
            _ if site.path != "/" && !site.path.is_empty() => {
                Err(format!("{text} has a path, and TCP has none"))
            }
            _ => Ok(Place::Tcp(site)),
        }
    }
}

fn no_target(text: &str) -> String {
    let forms: Vec<&str> = FORMS.iter().map(|(form, _)| *form).collect();
    format!("{text} is no target: write one of {}", forms.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(text: &str) -> (bool, String, u16, String) {
        match Target::parse(text).unwrap().place {
            Place::Http(site) | Place::WebSocket(site) | Place::Tcp(site) => {
                (site.tls, site.host, site.port, site.path)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn targets() {
        let of = |tls, host: &str, port, path: &str| (tls, host.to_owned(), port, path.to_owned());
        assert_eq!(site("http://[::1]:8080/rpc?x=1"), of(false, "[::1]", 8080, "/rpc?x=1"));
        assert_eq!(site("http://localhost"), of(false, "localhost", 80, "/"));
        assert_eq!(site("https://localhost"), of(true, "localhost", 443, "/"));
        assert_eq!(site("ws://a:1/b"), of(false, "a", 1, "/b"));
        assert_eq!(site("wss://a/b"), of(true, "a", 443, "/b"));
        assert_eq!(site("tcp://127.0.0.1:9"), of(false, "127.0.0.1", 9, "/"));
        assert_eq!(site("tls://127.0.0.1:9"), of(true, "127.0.0.1", 9, "/"));
        let words = vec!["a".to_owned(), "-b".to_owned()];
        assert_eq!(Target::parse("stdio:a  -b").unwrap().place, Place::Stdio(words));
        assert_eq!(Target::parse("unix:/a b").unwrap().place, Place::Unix("/a b".into()));
    }

    #[test]
    fn what_is_no_target_is_refused() {
        let bad = [
            "",
            "localhost",
            "localhost:80",
            "http://user@host/",
            "ftp://x/",
            "/path",
            "http://",
            "http://h:99999/",
            "http://h:/",
            "tcp://h",
            "tcp://h:1/path",
            "tls://h",
            "unix:",
            "stdio:",
            "stdio: ",
        ];
        for bad in bad {
            assert!(Target::parse(bad).is_err(), "{bad}");
        }
        assert!(
            Target::is_meant("tls://x") && Target::is_meant("stdio:x") && !Target::is_meant("shop.pulse")
        );
    }
}
