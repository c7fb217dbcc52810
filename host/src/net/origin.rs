//! Who may reach an HTTP listener from a browser: the `Host` and `Origin` rules.

use std::net::SocketAddr;

use ::http::header::{HOST, HeaderMap, HeaderValue, ORIGIN};
use ::http::uri::{Authority, Uri};

use crate::config::Listener;

/// What the listener was told about names, ready to compare.
#[derive(Debug)]
pub(super) struct Names {
    /// Accepted in `Host`; `None` accepts all.
    hosts: Option<Vec<String>>,
    /// What `Host` holds as a rule: each of them with the port. Found here, it need not be taken apart.
    usual: Vec<String>,
    /// Its own origins.
    own: Vec<String>,
    /// Other origins that may call.
    listed: Vec<String>,
}

/// What the `Origin` header makes of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// No browser, or a page of the listener itself.
    Own,
    /// A page of a listed origin: it needs CORS headers to read the answer.
    Listed(HeaderValue),
    Refused,
}

impl Names {
    /// `local` is the address that really listens.
    pub(super) fn new(listener: &Listener, local: SocketAddr) -> Names {
        let port = local.port();
        let mut names: Vec<String> = Vec::new();
        if local.ip().is_loopback() {
            names.extend(["localhost", "127.0.0.1", "[::1]"].map(str::to_owned));
        }
        let ip = if local.is_ipv6() { format!("[{}]", local.ip()) } else { local.ip().to_string() };
        if !local.ip().is_unspecified() && !names.contains(&ip) {
            names.push(ip);
        }
        let (scheme, usual) = if listener.tls.is_some() { ("https", 443) } else { ("http", 80) };
        let origin = |name: &String| match name.parse::<Authority>() {
            Ok(authority) if authority.port().is_some() => format!("{scheme}://{name}"),
            _ if port == usual => format!("{scheme}://{name}"),
            _ => format!("{scheme}://{name}:{port}"),
        };
        let own = names.iter().chain(&listener.hosts).map(origin).collect();
        let checked = local.ip().is_loopback() || !listener.hosts.is_empty();
        names.extend(listener.hosts.iter().cloned());
        let usual = names.iter().map(|name| format!("{name}:{port}")).collect();
        Names { hosts: checked.then_some(names), usual, own, listed: listener.origins.clone() }
    }

    /// Whether the request names this listener. A page of a stranger whose name was bound to our address does not.
    pub(super) fn host_is_ours(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        let Some(hosts) = &self.hosts else { return true };
        let mut fields = headers.get_all(HOST).iter();
        if let (None, Some(host), None) = (uri.authority(), fields.next(), fields.next())
            && self.usual.iter().any(|usual| usual.as_bytes().eq_ignore_ascii_case(host.as_bytes()))
        {
            return true;
        }
        let mut named = 0;
        let fields = headers.get_all(HOST).iter().map(|value| value.to_str().ok()?.parse::<Authority>().ok());
        for authority in uri.authority().cloned().map(Some).into_iter().chain(fields) {
            named += 1;
            let Some(authority) = authority else { return false };
            let ours = |host: &String| {
                host.eq_ignore_ascii_case(authority.as_str()) || host.eq_ignore_ascii_case(authority.host())
            };
            if authority.as_str().contains('@') || !hosts.iter().any(ours) {
                return false;
            }
        }
        named > 0
    }

    /// Judges the `Origin` header.
    pub(super) fn caller(&self, headers: &HeaderMap) -> Caller {
        let mut origins = headers.get_all(ORIGIN).iter();
        let Some(value) = origins.next() else { return Caller::Own };
        let (Ok(origin), None) = (value.to_str(), origins.next()) else { return Caller::Refused };
        let is = |known: &String| known.eq_ignore_ascii_case(origin);
        if self.own.iter().any(is) {
            Caller::Own
        } else if self.listed.iter().any(is) {
            Caller::Listed(value.clone())
        } else {
            Caller::Refused
        }
    }

    /// Whether any page of another origin may call.
    pub(super) fn lists_origins(&self) -> bool {
        !self.listed.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(address: &str, hosts: &[&str], origins: &[&str]) -> Names {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let listener = Listener { hosts: texts(hosts), origins: texts(origins), ..Listener::default() };
        Names::new(&listener, address.parse().unwrap())
    }

    fn headers(name: ::http::HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn hosts() {
        type Case = (&'static str, &'static [&'static str], &'static str, &'static [&'static str], bool);
        let cases: &[Case] = &[
            ("127.0.0.1:80", &[], "/", &["localhost"], true),
            ("127.0.0.1:80", &[], "/", &["LOCALHOST:1234"], true),
            ("127.0.0.1:80", &[], "/", &["[::1]:80"], true),
            ("127.0.0.1:80", &[], "/", &["Localhost:80"], true),
            ("127.0.0.1:80", &[], "/", &["localhost:80", "localhost:80"], true),
            ("127.0.0.1:80", &[], "/", &["localhost:80", "evil.example"], false),
            ("127.0.0.1:80", &[], "/", &["evil.example", "localhost:80"], false),
            ("127.0.0.1:80", &[], "http://evil.example/", &["localhost:80"], false),
            ("127.0.0.1:80", &[], "/", &[], false),
            ("127.0.0.1:80", &[], "/", &["evil.example"], false),
            ("127.0.0.1:80", &[], "/", &["localhost.evil.example"], false),
            ("127.0.0.1:80", &[], "/", &["evil@localhost"], false),
            ("127.0.0.1:80", &[], "/", &["localhost", "evil.example"], false),
            ("127.0.0.1:80", &[], "http://evil.example/", &["localhost"], false),
            ("127.0.0.1:80", &[], "http://localhost/", &[], true),
            ("127.0.0.1:80", &["rpc.example"], "/", &["rpc.example:99"], true),
            ("127.0.0.2:80", &[], "/", &["127.0.0.2"], true),
            ("192.0.2.1:80", &[], "/", &["anything.example"], true),
            ("192.0.2.1:80", &[], "/", &[], true),
            ("192.0.2.1:80", &["rpc.example:443"], "/", &["rpc.example:443"], true),
            ("192.0.2.1:80", &["rpc.example:443"], "/", &["rpc.example:80"], false),
            ("0.0.0.0:80", &["rpc.example"], "/", &["evil.example"], false),
        ];
        for (address, hosts, uri, given, ours) in cases {
            let names = names(address, hosts, &[]);
            let got = names.host_is_ours(&uri.parse().unwrap(), &headers(HOST, given));
            assert_eq!(got, *ours, "{address} {hosts:?} {uri} {given:?}");
        }
    }

    #[test]
    fn origins() {
        let names = names("127.0.0.1:8080", &["rpc.example"], &["https://app.example"]);
        for own in
            ["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080", "http://rpc.example:8080"]
        {
            assert_eq!(names.caller(&headers(ORIGIN, &[own])), Caller::Own, "{own}");
        }
        assert_eq!(names.caller(&headers(ORIGIN, &[])), Caller::Own);
        let listed = Caller::Listed(HeaderValue::from_static("https://app.example"));
        assert_eq!(names.caller(&headers(ORIGIN, &["https://app.example"])), listed);
        for refused in [
            "null",
            "",
            "http://localhost",
            "http://localhost:1",
            "https://localhost:8080",
            "http://app.example",
        ] {
            assert_eq!(names.caller(&headers(ORIGIN, &[refused])), Caller::Refused, "{refused}");
        }
        let twice = headers(ORIGIN, &["https://app.example", "https://app.example"]);
        assert_eq!(names.caller(&twice), Caller::Refused);
    }
}
