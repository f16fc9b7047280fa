//! From which address a request comes, where proxies stand before the gateway.
//!
//! Of `X-Forwarded-For` only what proxies of this installation wrote counts: each of them adds, at
//! the end, the address that called it. So the header is read from its end for as long as whoever
//! wrote there is one of ours; what stands before that is the caller's own words, and so is the
//! whole header when the connection comes from anywhere else.
//!
//! Deliberately absent: `Forwarded` (RFC 7239) and every other header of this kind. A proxy that
//! writes one of them hands the others on as the caller wrote them.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::http::HeaderMap;
use ipnet::IpNet;
use kit_values::Fault;

/// What proxies write.
const FORWARDED: &str = "x-forwarded-for";

/// Headers that say where a request comes from: nobody behind the door reads them.
pub const PRIVATE: [&str; 5] =
    ["forwarded", FORWARDED, "x-real-ip", "cf-connecting-ip", "true-client-ip"];

/// The address that a request comes from, as far as it can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The proxies of this installation.
#[derive(Debug, Clone, Default)]
pub struct Proxies(Arc<[IpNet]>);

impl Proxies {
    /// Those of these networks (`10.0.0.0/8`, `fd00::/8`) and addresses.
    ///
    /// # Errors
    /// Invalid when one of them is neither.
    pub fn read(networks: &[String]) -> Result<Self, Fault> {
        let networks = networks.iter().map(|text| {
            let single = || text.parse::<IpAddr>().map(IpNet::from);
            text.parse::<IpNet>().or_else(|_| single()).map_err(|_| {
                let sentence = "Give networks as 10.0.0.0/8 or fd00::/8, or single addresses.";
                Fault::invalid("trusted_proxies", "gateway.trusted_proxies", sentence)
            })
        });
        Ok(Self(networks.collect::<Result<_, _>>()?))
    }

    /// Where a request comes from that `peer` brought.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientAddress {
        let mut client = peer.to_canonical();
        let values = headers.get_all(FORWARDED).into_iter().rev();
        let mut callers = values.flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','));
        while self.are_ours(client)
            && let Some(caller) = callers.next().and_then(address)
        {
            client = caller;
        }
        ClientAddress(client)
    }

    fn are_ours(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// An address as proxies write it, some of them with the port; none for anything else.
fn address(written: &[u8]) -> Option<IpAddr> {
    let written = std::str::from_utf8(written).ok()?.trim_ascii();
    let with_port = || written.parse::<SocketAddr>().ok().map(|address| address.ip());
    let in_brackets = || written.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let address: IpAddr = written.parse().ok().or_else(with_port).or_else(in_brackets)?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn proxies(networks: &[&str]) -> Proxies {
        let networks: Vec<String> = networks.iter().map(ToString::to_string).collect();
        Proxies::read(&networks).expect("networks")
    }

    fn client(proxies: &Proxies, peer: &str, headers: &[&[u8]]) -> String {
        let mut map = HeaderMap::new();
        for value in headers {
            map.append(FORWARDED, HeaderValue::from_bytes(value).expect("a value"));
        }
        proxies.client(peer.parse().expect("an address"), &map).0.to_string()
    }

    #[test]
    fn the_last_address_that_is_none_of_ours_counts() {
        let ours = proxies(&["10.0.0.0/8", "fd00::/8", "192.0.2.7"]);
        for (peer, headers, expected) in [
            // Nobody of ours brought it: whatever the header says.
            ("203.0.113.9", &[&b"198.51.100.1"[..]][..], "203.0.113.9"),
            ("192.0.2.8", &[b"198.51.100.1"], "192.0.2.8"),
            // No header, or nothing in it.
            ("10.1.2.3", &[], "10.1.2.3"),
            ("10.1.2.3", &[b""], "10.1.2.3"),
            ("10.1.2.3", &[b" , "], "10.1.2.3"),
            // What stands before the address that a proxy of ours wrote is its client's word.
            ("10.1.2.3", &[b"198.51.100.1"], "198.51.100.1"),
            ("10.1.2.3", &[b"6.6.6.6, 198.51.100.1"], "198.51.100.1"),
            ("10.1.2.3", &[b"10.9.9.9, 198.51.100.1"], "198.51.100.1"),
            ("10.1.2.3", &[b"6.6.6.6", b"198.51.100.1"], "198.51.100.1"),
            // Several of ours in a row.
            ("10.1.2.3", &[b"6.6.6.6,198.51.100.1,10.4.5.6,192.0.2.7"], "198.51.100.1"),
            ("192.0.2.7", &[b"198.51.100.1", b"10.4.5.6 , fd00::1"], "198.51.100.1"),
            // A request that began at one of ours.
            ("10.1.2.3", &[b"10.4.5.6"], "10.4.5.6"),
            // What cannot be read ends it: nobody knows who wrote what stands before.
            ("10.1.2.3", &[b"6.6.6.6, unknown"], "10.1.2.3"),
            ("10.1.2.3", &[b"6.6.6.6, nonsense, 10.4.5.6"], "10.4.5.6"),
            ("10.1.2.3", &[b"6.6.6.6, \xff\xfe"], "10.1.2.3"),
            ("10.1.2.3", &[b"6.6.6.6,"], "10.1.2.3"),
            ("10.1.2.3", &[b"256.1.1.1"], "10.1.2.3"),
            // IPv6, with ports and in brackets, and IPv4 within it.
            ("fd00::2", &[b"2001:db8::1"], "2001:db8::1"),
            ("fd00::2", &[b"[2001:db8::1]:4711"], "2001:db8::1"),
            ("fd00::2", &[b"[2001:db8::1]"], "2001:db8::1"),
            ("10.1.2.3", &[b"198.51.100.1:4711"], "198.51.100.1"),
            ("::ffff:10.1.2.3", &[b"6.6.6.6, ::ffff:198.51.100.1"], "198.51.100.1"),
            ("10.1.2.3", &[b"198.51.100.1, ::ffff:10.4.5.6"], "198.51.100.1"),
        ] {
            assert_eq!(client(&ours, peer, headers), expected, "{peer} {headers:?}");
        }
    }

    #[test]
    fn without_proxies_nothing_is_believed() {
        let nobody = proxies(&[]);
        assert_eq!(client(&nobody, "127.0.0.1", &[b"6.6.6.6"]), "127.0.0.1");
        assert_eq!(client(&nobody, "::ffff:127.0.0.1", &[b"6.6.6.6"]), "127.0.0.1");
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "10.0.0.0/33", "10.0.0/8", "care.example.com", "*", "10.0.0.0/8,::/0"] {
            let fault = Proxies::read(&[text.to_owned()]).expect_err("no network");
            assert_eq!(fault.field(), Some("gateway.trusted_proxies"), "{text}");
        }
    }

    fn addresses() -> impl Strategy<Value = IpAddr> {
        prop_oneof![
            any::<[u8; 4]>().prop_map(IpAddr::from),
            any::<[u8; 16]>().prop_map(IpAddr::from)
        ]
    }

    proptest! {
        /// Whatever a client writes into the header, in one line or several: the address that our
        /// proxy saw it at counts.
        #[test]
        fn no_client_passes_for_another(
            client in addresses(),
            lies in prop::collection::vec(
                prop_oneof![addresses().prop_map(|lie| lie.to_string()), "[ -~]{0,40}"],
                0..4,
            ),
            hops in 0_u8..3,
        ) {
            let ours = proxies(&["10.0.0.0/8"]);
            let client = client.to_canonical();
            prop_assume!(!ours.are_ours(client));
            let mut map = HeaderMap::new();
            for lie in &lies {
                map.append(FORWARDED, lie.parse().expect("printable"));
            }
            let mut written = client.to_string();
            for hop in 0..hops {
                written = format!("{written}, 10.0.0.{hop}");
            }
            // Some proxies add a line, others go on in the one that is there.
            let mut joined = lies.join(",");
            map.append(FORWARDED, written.parse().expect("printable"));
            prop_assert_eq!(ours.client([10, 9, 9, 9].into(), &map).0, client);
            joined = format!("{joined}, {written}");
            let mut map = HeaderMap::new();
            map.append(FORWARDED, joined.parse().expect("printable"));
            prop_assert_eq!(ours.client([10, 9, 9, 9].into(), &map).0, client);
            // And straight to the gateway nothing counts but the connection.
            prop_assert_eq!(ours.client(client, &map).0, client);
        }

        /// Whatever bytes come: an answer, and never an address that nobody wrote.
        #[test]
        fn no_bytes_break_it(bytes in prop::collection::vec(0x20_u8..=0xff, 0..200)) {
            let Ok(value) = HeaderValue::from_bytes(&bytes) else { return Ok(()) };
            let mut map = HeaderMap::new();
            map.append(FORWARDED, value);
            let peer = IpAddr::from([10, 9, 9, 9]);
            let found = proxies(&["10.0.0.0/8"]).client(peer, &map).0;
            let written = bytes.split(|byte| *byte == b',').any(|one| address(one) == Some(found));
            prop_assert!(found == peer || written);
        }
    }
}
