//! Prism, which plays X by its specification and refuses what the specification refuses.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// It reads the specification in about six seconds.
const START: Duration = Duration::from_secs(90);

/// A running one; ends with the value.
pub struct Prism {
    child: Child,
    port: u16,
}

/// One HTTP request, as sent.
#[derive(Debug, Clone)]
pub struct Sent {
    pub method: String,
    /// With its query.
    pub path: String,
    pub authorization: Option<String>,
    pub body: Option<String>,
}

/// One HTTP answer.
#[derive(Debug)]
pub struct Received {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Received {
    /// What the specification says against the request.
    pub fn violations(&self) -> Option<&str> {
        let found =
            self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("sl-violations"));
        found.map(|(_, value)| value.as_str())
    }

    pub fn is_accepted(&self) -> bool {
        (200..300).contains(&self.status) && self.violations().is_none()
    }
}

impl Prism {
    pub fn start(specification: &Path) -> Self {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let program = folder.join("node_modules/@stoplight/prism-cli/dist/index.js");
        install(&folder, &program);
        let free = TcpListener::bind("127.0.0.1:0").expect("binds");
        let port = free.local_addr().expect("is bound").port();
        drop(free);
        let child = Command::new("node")
            .arg(program)
            .args(["mock", "--dynamic", "--host", "127.0.0.1", "--port", &port.to_string()])
            .arg(specification)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("node starts");
        let mut prism = Self { child, port };
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = prism.child.try_wait().expect("can be asked");
            assert!(ended.is_none(), "Prism ended: {ended:?}");
            assert!(begin.elapsed() < START, "Prism did not start");
            std::thread::sleep(Duration::from_millis(100));
        }
        prism
    }

    pub fn send(&self, sent: &Sent) -> Received {
        let mut line = TcpStream::connect(("127.0.0.1", self.port)).expect("connects");
        line.set_read_timeout(Some(Duration::from_secs(30))).expect("takes a timeout");
        let mut head = format!("{} {} HTTP/1.0\r\nhost: prism\r\n", sent.method, sent.path);
        if let Some(authorization) = &sent.authorization {
            head = format!("{head}authorization: {authorization}\r\n");
        }
        let body = sent.body.clone().unwrap_or_default();
        if sent.body.is_some() {
            let length = body.len();
            head = format!("{head}content-type: application/json\r\ncontent-length: {length}\r\n");
        }
        line.write_all(format!("{head}\r\n{body}").as_bytes()).expect("writes");
        let mut answer = Vec::new();
        line.read_to_end(&mut answer).expect("answers");
        received(&answer)
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Tests of one run share the folder.
fn install(folder: &Path, program: &Path) {
    let lock = File::create(std::env::temp_dir().join("guichet-contracts.lock")).expect("creates");
    lock.lock().expect("locks");
    if program.exists() {
        return;
    }
    let done = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-progress", "--silent"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .status();
    let done = done.expect("npm is installed");
    assert!(done.success(), "npm ci failed in tests/contracts");
}

fn received(answer: &[u8]) -> Received {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("has a head");
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("has a status");
    let headers = lines.filter_map(|line| {
        line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()))
    });
    Received {
        status: status.parse().expect("is a status"),
        headers: headers.collect(),
        body: answer[end + 4..].to_vec(),
    }
}
