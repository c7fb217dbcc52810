//! The caller behind proxies: `Forwarded` (RFC 7239) and `X-Forwarded-For`, believed only from proxies that are trusted.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use ::http::header::{FORWARDED, HeaderMap, HeaderName};

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The proxies whose word about the caller's address is taken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proxies(Vec<Network>);

/// An address, or all that share a prefix: `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Proxies {
    /// Trusts these.
    pub fn new(networks: impl IntoIterator<Item = Network>) -> Proxies {
        Proxies(networks.into_iter().collect())
    }

    /// The caller that proxies name, if `peer` is one that is trusted: from the right, the first that is not. Where a
    /// proxy hides an address or writes nonsense, the last one before it.
    ///
    /// A proxy that writes only one of the two headers passes the other one on as the caller wrote it. So when both are
    /// there, and name two callers, neither is believed.
    pub(super) fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> Option<String> {
        if self.0.is_empty() || !self.trusts(peer) {
            return None;
        }
        let of = |name| headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("?"));
        let standard: Vec<_> = of(&FORWARDED).flat_map(elements).map(forwarded_for).collect();
        let usual: Vec<_> = of(&X_FORWARDED_FOR).flat_map(|value| value.split(',')).map(node).collect();
        match (standard.is_empty(), usual.is_empty()) {
            (false, true) => self.outermost(&standard),
            (true, false) => self.outermost(&usual),
            (false, false) => {
                self.outermost(&standard).filter(|it| Some(it) == self.outermost(&usual).as_ref())
            }
            (true, true) => None,
        }
    }

    fn outermost(&self, nodes: &[Option<SocketAddr>]) -> Option<String> {
        let mut last = None;
        for node in nodes.iter().rev() {
            let Some(node) = node else { break };
            last = Some(node);
            if !self.trusts(node.ip()) {
                break;
            }
        }
        // Most proxies do not tell the port.
        last.map(|node| if node.port() == 0 { node.ip().to_string() } else { node.to_string() })
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

impl Network {
    fn contains(&self, address: IpAddr) -> bool {
        let prefix = u32::from(self.prefix);
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(other)) => {
                (ours.to_bits() ^ other.to_bits()).checked_shr(32 - prefix).is_none_or(|rest| rest == 0)
            }
            (IpAddr::V6(ours), IpAddr::V6(other)) => {
                (ours.to_bits() ^ other.to_bits()).checked_shr(128 - prefix).is_none_or(|rest| rest == 0)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Network, ()> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| ())?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().map_err(|_| ())?
            }
            Some(_) => return Err(()),
            None => width,
        };
        if prefix > width || address != address.to_canonical() {
            return Err(());
        }
        Ok(Network { address, prefix })
    }
}

/// The elements of a `Forwarded` header: a comma in quotes does not end one.
fn elements(value: &str) -> Vec<&str> {
    split(value, ',')
}

fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    let ends = |c: char| {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => return c == separator && !quoted,
        }
        false
    };
    text.split(ends).collect()
}

/// The address of the parameter `for`.
fn forwarded_for(element: &str) -> Option<SocketAddr> {
    let mut found = split(element, ';').into_iter().filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| value.trim())
    });
    let (value, None) = (found.next()?, found.next()) else { return None };
    node(value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value))
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`; port 0 is none.
fn node(text: &str) -> Option<SocketAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let address = match bare {
        Some(bare) => bare.parse().ok().map(|address: std::net::Ipv6Addr| SocketAddr::from((address, 0))),
        None => text.parse().ok().map(|address: IpAddr| SocketAddr::from((address, 0))),
    };
    let address = address.or_else(|| text.parse().ok())?;
    Some(SocketAddr::from((address.ip().to_canonical(), address.port())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(networks: &[&str]) -> Proxies {
        Proxies::new(networks.iter().map(|network| network.parse().unwrap()))
    }

    #[test]
    fn the_rightmost_that_is_not_trusted() {
        let trusted = proxies(&["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"]);
        type Case = (&'static str, &'static [(&'static str, &'static str)], Option<&'static str>);
        let cases: &[Case] = &[
            ("127.0.0.1", &[], None),
            ("127.0.0.1", &[("x-forwarded-for", "192.0.2.1")], Some("192.0.2.1")),
            ("127.0.0.2", &[("x-forwarded-for", "192.0.2.1")], None),
            ("::ffff:127.0.0.1", &[("x-forwarded-for", "192.0.2.1")], Some("192.0.2.1")),
            ("127.0.0.1", &[("x-forwarded-for", "6.6.6.6, 192.0.2.1, 10.1.2.3")], Some("192.0.2.1")),
            (
                "127.0.0.1",
                &[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "192.0.2.1")],
                Some("192.0.2.1"),
            ),
            ("127.0.0.1", &[("x-forwarded-for", "10.0.0.1, 10.0.0.2")], Some("10.0.0.1")),
            ("127.0.0.1", &[("x-forwarded-for", "6.6.6.6, nonsense, 10.0.0.2")], Some("10.0.0.2")),
            ("127.0.0.1", &[("x-forwarded-for", "6.6.6.6, nonsense")], None),
            ("127.0.0.1", &[("x-forwarded-for", "")], None),
            ("127.0.0.1", &[("x-forwarded-for", "\u{e9}")], None),
            ("127.0.0.1", &[("x-forwarded-for", "192.0.2.1:99")], Some("192.0.2.1:99")),
            ("127.0.0.1", &[("forwarded", "for=192.0.2.1;proto=http")], Some("192.0.2.1")),
            ("127.0.0.1", &[("forwarded", "proto=http; For=\"[2001:db9::1]:99\"")], Some("[2001:db9::1]:99")),
            ("127.0.0.1", &[("forwarded", "for=6.6.6.6, for=\"[2001:db8::1]\"")], Some("6.6.6.6")),
            ("127.0.0.1", &[("forwarded", "for=6.6.6.6;by=\"a,for=1.1.1.1\"")], Some("6.6.6.6")),
            ("127.0.0.1", &[("forwarded", "for=6.6.6.6, for=_hidden")], None),
            ("127.0.0.1", &[("forwarded", "for=6.6.6.6, for=unknown, for=10.0.0.1")], Some("10.0.0.1")),
            ("127.0.0.1", &[("forwarded", "for=6.6.6.6;for=7.7.7.7")], None),
            ("127.0.0.1", &[("forwarded", "by=6.6.6.6")], None),
            ("127.0.0.1", &[("forwarded", "for=6.6.6.6"), ("x-forwarded-for", "192.0.2.1")], None),
            ("127.0.0.1", &[("forwarded", "for=6.6.6.6"), ("x-forwarded-for", "6.6.6.6")], Some("6.6.6.6")),
        ];
        for (peer, headers, caller) in cases {
            let map: HeaderMap = headers
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
                .collect();
            assert_eq!(trusted.caller(peer.parse().unwrap(), &map).as_deref(), *caller, "{peer} {headers:?}");
        }
    }

    #[test]
    fn networks() {
        for (network, inside, outside) in [
            ("10.1.2.3", "10.1.2.3", "10.1.2.4"),
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("0.0.0.0/0", "192.0.2.1", "::1"),
            ("2001:db8::/33", "2001:db8:7fff::", "2001:db8:8000::"),
            ("::/0", "2001:db8::1", "10.0.0.1"),
        ] {
            let trusted = proxies(&[network]);
            assert!(trusted.trusts(inside.parse().unwrap()), "{network} {inside}");
            assert!(!trusted.trusts(outside.parse().unwrap()), "{network} {outside}");
        }
        for bad in [
            "",
            "10.0.0.0/33",
            "10.0.0/8",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "::/129",
            "localhost",
            "::ffff:1.2.3.4",
        ] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }
}
