//! A NATS server of one test, which can be stopped, wiped and started again.

use std::fs;
use std::path::PathBuf;

use kit_service::servers::{Nats, NatsUser, Options};
use tempfile::TempDir;

use crate::place;

/// A NATS server of its own. It keeps its port over restarts and ends with the test.
#[derive(Debug)]
pub struct TestNats {
    folder: TempDir,
    options: Options,
    running: Option<Nats>,
    url: String,
}

/// Starts a NATS server for this test alone, without users.
///
/// # Panics
/// When it cannot be started.
pub async fn private_nats() -> TestNats {
    TestNats::start(Vec::new()).await
}

impl TestNats {
    /// Starts one with users.
    ///
    /// # Panics
    /// When it cannot be started.
    pub async fn start(users: Vec<NatsUser>) -> Self {
        let options =
            Options { nats_users: users, ..Options::test().expect("options of the test servers") };
        let mut nats =
            Self { folder: place::scratch(), options, running: None, url: String::new() };
        nats.restart().await;
        nats
    }

    /// Its address; the same after a restart.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Host and port, for a proxy.
    #[must_use]
    pub fn address(&self) -> String {
        self.url.trim_start_matches("nats://").to_owned()
    }

    /// Where its streams are.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.folder.path().join("nats/jetstream")
    }

    /// Stops it; connections break.
    pub async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    /// Starts it again with what it has; stops it first when it runs.
    ///
    /// # Panics
    /// When it cannot be started.
    pub async fn restart(&mut self) {
        self.stop().await;
        let started =
            Nats::start(self.folder.path(), &self.options).await.expect("a NATS server starts");
        let url = started.url();
        assert!(
            self.url.is_empty() || self.url == url,
            "the NATS server came back at another port: somebody took the old one"
        );
        self.url = url;
        self.running = Some(started);
    }

    /// Stops it, deletes everything that it stores, and starts it again.
    ///
    /// # Panics
    /// When the store cannot be deleted or the server not started.
    pub async fn wipe(&mut self) {
        self.stop().await;
        fs::remove_dir_all(self.store()).expect("the store can be deleted");
        self.restart().await;
    }

    /// Stops it and gives back a copy of its store, for [`TestNats::put_back`]. It stays stopped.
    ///
    /// # Panics
    /// When the store cannot be copied.
    pub async fn set_aside(&mut self) -> TempDir {
        self.stop().await;
        let copy = place::scratch();
        copy_all(&self.store(), &copy.path().join("jetstream"));
        copy
    }

    /// Stops it, puts an older store in place of the present one, and starts it again.
    ///
    /// # Panics
    /// When the store cannot be put back.
    pub async fn put_back(&mut self, copy: &TempDir) {
        self.stop().await;
        fs::remove_dir_all(self.store()).expect("the store can be deleted");
        copy_all(&copy.path().join("jetstream"), &self.store());
        self.restart().await;
    }
}

/// Copies a folder with its owners and modes.
fn copy_all(from: &std::path::Path, to: &std::path::Path) {
    let done = std::process::Command::new("cp")
        .arg("-a")
        .arg(from)
        .arg(to)
        .status()
        .expect("cp is everywhere");
    assert!(done.success(), "the store could not be copied");
}
