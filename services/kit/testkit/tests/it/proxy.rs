use std::time::Duration;

use kit_testkit::Proxy;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

const SOON: Duration = Duration::from_secs(2);
const A_WHILE: Duration = Duration::from_millis(150);

/// A server that says back what it hears.
async fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    #[expect(clippy::disallowed_methods, reason = "a test's own tasks")]
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut read, mut write) = stream.split();
                let _ = tokio::io::copy(&mut read, &mut write).await;
            });
        }
    });
    address
}

async fn say(stream: &mut TcpStream, words: &[u8]) -> Option<Vec<u8>> {
    stream.write_all(words).await.ok()?;
    let mut heard = vec![0; words.len()];
    timeout(SOON, stream.read_exact(&mut heard)).await.ok()?.ok()?;
    Some(heard)
}

#[tokio::test]
async fn a_line_carries_until_it_is_cut_and_again_when_healed() {
    let proxy = Proxy::to(&echo().await).await;
    let mut stream = TcpStream::connect(proxy.address()).await.expect("connects");
    assert_eq!(say(&mut stream, b"hello").await.as_deref(), Some(&b"hello"[..]));
    assert_eq!(proxy.carried(), 10);
    proxy.cut();
    assert_eq!(say(&mut stream, b"hello").await, None);
    proxy.heal();
    let mut stream = TcpStream::connect(proxy.address()).await.expect("connects");
    assert_eq!(say(&mut stream, b"again").await.as_deref(), Some(&b"again"[..]));
    assert_eq!(proxy.accepted(), 2);
}

#[tokio::test]
async fn a_frozen_line_stands_and_carries_nothing_until_healed() {
    let proxy = Proxy::to(&echo().await).await;
    let mut stream = TcpStream::connect(proxy.address()).await.expect("connects");
    assert!(say(&mut stream, b"one").await.is_some());
    proxy.freeze();
    stream.write_all(b"two").await.expect("the line stands");
    let mut heard = [0; 3];
    assert!(timeout(A_WHILE, stream.read_exact(&mut heard)).await.is_err(), "it carried");
    proxy.heal();
    timeout(SOON, stream.read_exact(&mut heard)).await.expect("in time").expect("heard");
    assert_eq!(&heard, b"two");
}

#[tokio::test]
async fn a_line_breaks_after_so_many_bytes() {
    let proxy = Proxy::to(&echo().await).await;
    let mut stream = TcpStream::connect(proxy.address()).await.expect("connects");
    proxy.cut_after(7);
    assert!(say(&mut stream, b"abc").await.is_some(), "six bytes pass");
    assert_eq!(say(&mut stream, b"abc").await, None, "the seventh is the last");
    assert_eq!(proxy.carried(), 7);
}

#[tokio::test]
async fn open_connections_can_freeze_while_new_ones_carry() {
    let proxy = Proxy::to(&echo().await).await;
    let mut old = TcpStream::connect(proxy.address()).await.expect("connects");
    assert!(say(&mut old, b"one").await.is_some());
    proxy.freeze_open();
    old.write_all(b"two").await.expect("the line stands");
    let mut heard = [0; 3];
    assert!(timeout(A_WHILE, old.read_exact(&mut heard)).await.is_err(), "it carried");
    let mut new = TcpStream::connect(proxy.address()).await.expect("connects");
    assert!(say(&mut new, b"new").await.is_some(), "a new connection carries");
    proxy.heal();
    timeout(SOON, old.read_exact(&mut heard)).await.expect("in time").expect("heard");
}
