//! Which web pages may use this gateway: its own.

/// The origin (scheme, host, port) of an `http` or `https` address, in lower case and with the
/// port written out; none for anything else.
#[must_use]
pub fn parse(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "http" => "80",
        "https" => "443",
        _ => return None,
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() || authority.contains(['@', '\\']) {
        return None;
    }
    let (host, port) = match authority.rsplit_once(':') {
        // A colon inside brackets belongs to an IPv6 address.
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (authority, default_port),
    };
    let port_is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    if host.is_empty() || !port_is_number {
        return None;
    }
    Some(format!("{scheme}://{}:{port}", host.to_ascii_lowercase()))
}

/// The origins that are one's own when the gateway is reached at `public_url`. An address of
/// this very machine has three names.
#[must_use]
pub fn own_origins(public_url: &str) -> Vec<String> {
    const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];
    let Some(origin) = parse(public_url) else { return Vec::new() };
    let Some((scheme, authority)) = origin.split_once("://") else { return Vec::new() };
    match authority.rsplit_once(':') {
        Some((host, port)) if LOOPBACK.contains(&host) => {
            LOOPBACK.iter().map(|name| format!("{scheme}://{name}:{port}")).collect()
        }
        _ => vec![origin],
    }
}

/// Whether the `Origin` header of a request names one of one's own origins.
#[must_use]
pub fn is_own(own: &[String], header: &str) -> bool {
    // A browser sends nothing after the authority; "null" and lists are nobody's.
    let after = header.split_once("://").map_or("", |(_, rest)| rest);
    !after.contains(['/', '?', '#', ' ', ','])
        && parse(header).is_some_and(|origin| own.contains(&origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_scheme_host_and_port_is_ones_own() {
        let own = own_origins("https://care.example.com/");
        for good in
            ["https://care.example.com", "https://care.example.com:443", "HTTPS://Care.Example.com"]
        {
            assert!(is_own(&own, good), "{good}");
        }
        for foreign in [
            "null",
            "",
            "http://care.example.com",
            "https://evil-care.example.com",
            "https://care.example.com.evil.com",
            "https://care.example.com:8443",
            "https://care.example.com@evil.com",
            "https://evil.com/https://care.example.com",
            "https://care.example.com, https://evil.com",
            "https://care.example.com\\.evil.com",
        ] {
            assert!(!is_own(&own, foreign), "{foreign}");
        }
    }

    #[test]
    fn this_machine_has_three_names_but_one_port() {
        let own = own_origins("http://localhost:8080");
        for good in ["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"] {
            assert!(is_own(&own, good), "{good}");
        }
        assert!(!is_own(&own, "http://localhost:8081"));
        assert!(!is_own(&own, "http://[::2]:8080"));
    }
}
