//! Which addresses are anybody's: the registries of special-purpose addresses of IANA, turned
//! round.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// First address and length of each block that is not for everybody.
const RESERVED_V4: [(Ipv4Addr, u32); 16] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Of the global unicast addresses, `2000::/3`, those that are not for everybody, or that lead to
/// an IPv4 address in disguise (Teredo, 6to4).
const RESERVED_V6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Whether the address is one of the public Internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let bits = address.to_bits();
            !RESERVED_V4
                .iter()
                .any(|(first, length)| (bits ^ first.to_bits()) >> (32 - length) == 0)
        }
        // An address mapped from IPv4, or translated to it (`64:ff9b::/96`), lies outside `2000::/3`.
        IpAddr::V6(address) => {
            let bits = address.to_bits();
            bits >> 125 == 1
                && !RESERVED_V6
                    .iter()
                    .any(|(first, length)| (bits ^ first.to_bits()) >> (128 - length) == 0)
        }
    }
}
