//! Every trick by which an address that a stranger gave may lead inside (`read`, the connection,
//! redirects, names that change), and answers that do not end.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use proptest::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

const LIMITS: Limits = Limits { time: Duration::from_secs(3), bytes: 1_000, hops: 3, types: &[] };

/// A server on a loopback port that answers every connection with these bytes.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn answering(bytes: impl Into<Vec<u8>>) -> Self {
        let (bytes, listener) = (bytes.into(), TcpListener::bind("127.0.0.1:0").await);
        let listener = listener.expect("a port");
        let address = listener.local_addr().expect("bound");
        let connections = Arc::new(AtomicUsize::new(0));
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (count, kept) = (Arc::clone(&connections), Arc::clone(&heads));
        #[expect(clippy::disallowed_methods, reason = "a server of a test")]
        tokio::spawn(async move {
            while let Ok((mut line, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let mut head = vec![0; 4_096];
                let read = line.read(&mut head).await.unwrap_or_default();
                kept.lock().expect("heads").push(String::from_utf8_lossy(&head[..read]).into());
                let _ = line.write_all(&bytes).await;
                if bytes.ends_with(b"...") {
                    // The rest never comes.
                    tokio::time::sleep(Duration::from_secs(30)).await;
                }
            }
        });
        Self { address, connections, heads }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

fn redirect(to: &str) -> String {
    format!(
        "HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
}

fn names(script: &[(&str, &[&[&str]])]) -> Names {
    let script = script.iter().map(|(name, answers)| {
        let answers = answers.iter().map(|answer| {
            answer.iter().map(|address| address.parse().expect("an address")).collect()
        });
        ((*name).to_owned(), answers.collect())
    });
    Names::Scripted(Arc::new(Mutex::new(script.collect())))
}

fn egress(allow: &[SocketAddr], names: &Names) -> Egress {
    Egress::with_names(Settings { allow: allow.to_vec() }, names).expect("a way out")
}

fn get(address: &str) -> Request {
    Request {
        method: Method::GET,
        address: address.to_owned(),
        headers: HeaderMap::new(),
        body: Vec::new(),
    }
}

#[tokio::test]
async fn no_way_of_writing_a_private_address_is_followed() {
    let inside = Server::answering(ok("secret")).await;
    let port = inside.address.port();
    let egress = egress(&[], &names(&[]));
    let tricks = [
        "127.0.0.1",
        "0",
        "0x7f.1",
        "2130706433",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[::7f00:1]",
        "169.254.169.254",
        "[fd00::1]",
        "[fe80::1]",
        "[fec0::1]",
        "100.64.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "198.18.0.1",
        "[2002:7f00:1::]",
        "[2001::7f00:1]",
        "255.255.255.255",
        "224.0.0.1",
        "localhost",
        "LOCALHOST.",
        "a.localhost",
        "nats.care.svc",
        "redis.care.svc.cluster.local",
        "metadata.google.internal",
        "db",
        "127。0。0。1",
        "１２７.0.0.1",
        "ⓛocalhost",
    ];
    for host in tricks {
        for port in [port, 80, 443] {
            let address = format!("http://{host}:{port}/");
            let refused = egress.send(get(&address), &LIMITS).await.expect_err(&address);
            assert_eq!(refused, Refused::Private, "{address}");
        }
    }
    assert_eq!(inside.connections(), 0);
}

#[tokio::test]
async fn only_plain_web_addresses_at_the_ports_of_the_web_are_followed() {
    let egress = egress(&[], &names(&[("public.example", &[&["93.184.215.14"]])]));
    for (address, refused) in [
        ("file:///etc/passwd", Refused::Scheme),
        ("gopher://public.example/", Refused::Scheme),
        ("ftp://public.example/", Refused::Scheme),
        ("javascript:alert(1)", Refused::Scheme),
        ("data:text/html,x", Refused::Scheme),
        ("http://ok@127.0.0.1/", Refused::Credentials),
        ("http://public.example@127.0.0.1/", Refused::Credentials),
        ("http://a:b@public.example/", Refused::Credentials),
        ("http://public.example:4222/", Refused::Port),
        ("http://public.example:6379/", Refused::Port),
        ("http://public.example:5432/", Refused::Port),
        ("http://93.184.215.14:22/", Refused::Port),
        ("http:\\\\public.example\\", Refused::Unreadable),
        ("http://public.example/\r\nhost: inside", Refused::Unreadable),
        ("//public.example/", Refused::Unreadable),
        ("http://", Refused::Unreadable),
        ("", Refused::Unreadable),
    ] {
        let found = egress.send(get(address), &LIMITS).await.expect_err(address);
        assert_eq!(found, refused, "{address}");
    }
}

#[tokio::test]
async fn a_name_is_judged_by_the_address_that_is_connected_to() {
    let inside = Server::answering(ok("secret")).await;
    let (outside, port) = (Server::answering(ok("hello")).await, inside.address.port());
    let names = names(&[
        ("inside.example", &[&["127.0.0.1"]]),
        ("mixed.example", &[&["10.0.0.1", "::1", "fd00::1", "169.254.169.254"]]),
        // First public, then private: whoever looks twice is deceived.
        ("rebind.example", &[&["127.0.0.1"], &["127.0.0.2"]]),
    ]);
    let egress = egress(&[outside.address], &names);
    for host in ["inside.example", "mixed.example"] {
        for port in [80, 443] {
            let address = format!("http://{host}:{port}/");
            let refused = egress.send(get(&address), &LIMITS).await.expect_err(host);
            assert_eq!(refused, Refused::Private, "{address}");
        }
    }
    // Allowed at its own port, and at no other.
    let address = format!("http://inside.example:{}/", outside.address.port());
    assert_eq!(egress.send(get(&address), &LIMITS).await.expect("allowed").body, b"hello");
    let address = format!("http://inside.example:{port}/");
    assert_eq!(egress.send(get(&address), &LIMITS).await.expect_err("no"), Refused::Port);
    // The name led to what is allowed, and leads elsewhere the next time: asked once a request.
    let address = format!("http://rebind.example:{}/", outside.address.port());
    assert_eq!(egress.send(get(&address), &LIMITS).await.expect("allowed").body, b"hello");
    assert_eq!(egress.send(get(&address), &LIMITS).await.expect_err("no"), Refused::Private);
    assert_eq!(inside.connections(), 0);
}

#[tokio::test]
async fn each_hop_is_judged_anew_and_takes_no_header_along() {
    let inside = Server::answering(ok("secret")).await;
    let last = Server::answering(ok("last")).await;
    let other = format!("http://other.example:{}/", last.address.port());
    let leads_on = Server::answering(redirect(&other)).await;
    let to_inside = Server::answering(redirect(&format!("http://{}/", inside.address))).await;
    let leads_to_a_file = Server::answering(redirect("file:///etc/passwd")).await;
    let circle = Server::answering(redirect("/again")).await;
    let names = names(&[("other.example", &[&["127.0.0.1"]])]);
    let allow = [&last, &leads_on, &to_inside, &leads_to_a_file, &circle].map(|it| it.address);
    let egress = egress(&allow, &names);
    let to = |server: &Server| {
        let mut request = get(&format!("http://{}/", server.address));
        request.headers.insert(header::AUTHORIZATION, "Bearer ours".parse().expect("a value"));
        request
    };
    let answer = egress.send(to(&leads_on), &LIMITS).await.expect("followed");
    assert_eq!((answer.body.as_slice(), answer.address.as_str()), (b"last".as_slice(), &*other));
    assert!(leads_on.heads.lock().expect("heads")[0].contains("Bearer ours"));
    assert!(!last.heads.lock().expect("heads")[0].contains("Bearer ours"));
    let refused = egress.send(to(&to_inside), &LIMITS).await.expect_err("led inside");
    assert_eq!(refused, Refused::Private);
    let refused = egress.send(to(&leads_to_a_file), &LIMITS).await.expect_err("a file");
    assert_eq!(refused, Refused::Scheme);
    assert_eq!(egress.send(to(&circle), &LIMITS).await.expect_err("a circle"), Refused::Hops);
    assert_eq!(circle.connections(), 4);
    let stay = Limits { hops: 0, ..LIMITS };
    let answer = egress.send(to(&to_inside), &stay).await.expect("answered");
    assert_eq!(answer.status, StatusCode::FOUND, "a redirect is the answer");
    assert_eq!(inside.connections(), 0);
}

#[tokio::test]
async fn answers_are_bounded_in_size_time_and_kind() {
    let head = "HTTP/1.1 200 OK\r\n";
    let announced =
        Server::answering(format!("{head}content-length: 10000000000\r\n\r\nx...")).await;
    let endless = Server::answering(format!("{head}\r\n{}", "x".repeat(5_000))).await;
    let slow = Server::answering(format!("{head}content-length: 100\r\n\r\nx...")).await;
    let silent = Server::answering(format!("{head}x-never-ends: ...")).await;
    let bomb = format!("{head}content-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc");
    let bomb = Server::answering(bomb).await;
    let page =
        format!("{head}content-type: text/html; charset=utf-8\r\ncontent-length: 1\r\n\r\nx");
    let page = Server::answering(page).await;
    let cookie =
        format!("{head}set-cookie: a=b\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx");
    let cookie = Server::answering(cookie).await;
    let all = [&announced, &endless, &slow, &silent, &bomb, &page, &cookie];
    let egress = egress(&all.map(|it| it.address), &names(&[]));
    let to = |server: &Server| get(&format!("http://{}/", server.address));
    let limits = Limits { time: Duration::from_millis(700), ..LIMITS };
    let pictures = Limits { types: &["image/png"], ..limits };
    assert_eq!(egress.send(to(&announced), &limits).await.expect_err("size"), Refused::Size);
    assert_eq!(egress.send(to(&endless), &limits).await.expect_err("size"), Refused::Size);
    let since = Instant::now();
    assert_eq!(egress.send(to(&slow), &limits).await.expect_err("time"), Refused::Time);
    assert_eq!(egress.send(to(&silent), &limits).await.expect_err("time"), Refused::Time);
    assert!(since.elapsed() < Duration::from_secs(3));
    assert_eq!(egress.send(to(&bomb), &limits).await.expect_err("encoded"), Refused::Encoded);
    assert_eq!(egress.send(to(&page), &pictures).await.expect_err("type"), Refused::Type);
    for _ in 0..2 {
        egress.send(to(&cookie), &limits).await.expect("answered");
    }
    assert!(cookie.heads.lock().expect("heads").iter().all(|head| !head.contains("cookie:")));
}

proptest! {
    #[test]
    fn no_address_of_a_private_block_is_public(
        first in prop::sample::select(vec![
            0x0a00_0000_u32, 0x6440_0000, 0x7f00_0000, 0xa9fe_0000, 0xac10_0000, 0xc0a8_0000,
        ]),
        low in 0..65_536_u32,
    ) {
        let address = std::net::Ipv4Addr::from_bits(first | low);
        prop_assert!(!is_public(IpAddr::V4(address)));
        prop_assert!(!is_public(IpAddr::V6(address.to_ipv6_mapped())));
    }

    #[test]
    fn what_maps_to_a_private_address_is_as_private(bits in any::<u32>()) {
        let address = std::net::Ipv4Addr::from_bits(bits);
        prop_assert!(!is_public(IpAddr::V6(address.to_ipv6_mapped())));
        prop_assert!(!is_public(IpAddr::V6(address.to_ipv6_compatible())));
        let is_ordinary = !(address.is_private() || address.is_loopback() || address.is_link_local()
            || address.is_broadcast() || address.is_documentation() || address.is_multicast()
            || address.is_unspecified());
        prop_assert!(is_ordinary || !is_public(IpAddr::V4(address)));
    }
}
