//! The other process as the benchmark sees it: which message was shown when.

use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bench::shown::Shown;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::Sent;
use crate::plan::Plan;
use crate::screens::READY;

/// The running process of the sockets.
#[derive(Debug)]
pub struct Watch {
    child: Child,
    shown: Arc<Mutex<Shown>>,
    reader: JoinSet<()>,
}

impl Watch {
    /// Starts it, and returns once every socket is open.
    pub async fn start(plan: &Plan, folder: &Path) -> Self {
        let path = folder.join("screens.json");
        plan.write(&path);
        let program = std::env::current_exe().expect("a benchmark knows its binary");
        let mut child = Command::new(program)
            .arg("--screens")
            .arg(&path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("a benchmark can start itself");
        let output = child.stdout.take().expect("its output is ours");
        let mut lines = BufReader::new(output).lines();
        let first = lines.next_line().await.expect("readable");
        assert_eq!(first.as_deref(), Some(READY), "the sockets do not open");
        let shown = Arc::default();
        let mut reader = JoinSet::new();
        reader.spawn(read(lines, Arc::clone(&shown)));
        Self { child, shown, reader }
    }

    /// The id of the process.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id().expect("it was not waited for")
    }

    /// Waits until each of `sent` was shown, for as long as `patience`; gives how many were not.
    pub async fn see(&self, sent: &[Sent], patience: Duration) -> usize {
        let begin = Instant::now();
        loop {
            let missing = {
                let shown = self.shown.lock().expect("nobody fails while holding it");
                sent.iter().filter(|sent| shown.at(sent.number).is_none()).count()
            };
            if missing == 0 || begin.elapsed() > patience {
                return missing;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Closes every socket, and gives what they showed.
    pub async fn stop(mut self) -> Shown {
        self.child.kill().await.expect("it still runs");
        while self.reader.join_next().await.is_some() {}
        let shown = self.shown.lock().expect("nobody fails while holding it");
        shown.clone()
    }
}

async fn read(mut lines: Lines<BufReader<ChildStdout>>, shown: Arc<Mutex<Shown>>) {
    while let Ok(Some(line)) = lines.next_line().await {
        let words: Vec<&str> = line.split(' ').collect();
        let ["row", number, count, at] = words[..] else {
            crate::line(format!("the sockets ended: {line}"));
            return;
        };
        let (number, count, at) = (number.parse(), count.parse(), at.parse());
        let mut shown = shown.lock().expect("nobody fails while holding it");
        shown.row(number.expect("a number"), count.expect("a count"), at.expect("a moment"));
    }
}
