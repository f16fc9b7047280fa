//! A cluster of three brokers that loses one of them.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use async_nats::jetstream::consumer::pull::Config;
use async_nats::jetstream::{Context, ContextBuilder};
use kit_bus::{BrokerSettings, Bus};
use kit_testkit::eventually;
use kit_values::{Class, mint_uuid};
use tempfile::TempDir;

use crate::world::{PATIENCE, READER, STREAM, World, reader_of};

const SERVERS: usize = 3;

/// Three servers of one cluster, in folders of one test.
struct Cluster {
    folder: TempDir,
    clients: [u16; SERVERS],
    routes: [u16; SERVERS],
    running: [Option<Child>; SERVERS],
}

impl Cluster {
    async fn start() -> Self {
        let ports = free_ports::<{ 2 * SERVERS }>();
        let (clients, routes) = ports.split_at(SERVERS);
        let mut cluster = Self {
            folder: tempfile::tempdir().expect("a folder"),
            clients: clients.try_into().expect("three"),
            routes: routes.try_into().expect("three"),
            running: [const { None }; SERVERS],
        };
        for number in 0..SERVERS {
            cluster.start_one(number);
        }
        eventually(PATIENCE, "a leader is chosen", async || {
            cluster.context().await.query_account().await.is_ok()
        })
        .await;
        cluster
    }

    fn start_one(&mut self, number: usize) {
        let store = self.folder.path().join(format!("store-{number}"));
        let routes: Vec<String> =
            self.routes.iter().map(|port| format!("\"nats://127.0.0.1:{port}\"")).collect();
        let text = format!(
            "server_name: broker-{number}\nhost: 127.0.0.1\nport: {}\n\
             jetstream {{ store_dir: \"{}\", sync_interval: always }}\n\
             cluster {{ name: test, host: 127.0.0.1, port: {}, routes: [{}] }}\n",
            self.clients[number],
            store.display(),
            self.routes[number],
            routes.join(", ")
        );
        let configuration = self.folder.path().join(format!("broker-{number}.conf"));
        std::fs::write(&configuration, text).expect("written");
        // Ends with this thread, so that nothing is left should the test be killed.
        let child = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "--"])
            .arg(program())
            .arg("-c")
            .arg(&configuration)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a server starts");
        self.running[number] = Some(child);
    }

    /// Kills one with no word of warning.
    fn kill(&mut self, number: usize) {
        if let Some(mut child) = self.running[number].take() {
            child.kill().expect("killed");
            child.wait().expect("ended");
        }
    }

    fn addresses(&self) -> Vec<String> {
        self.clients.map(|port| format!("nats://127.0.0.1:{port}")).to_vec()
    }

    /// A client that knows nothing of us and does not wait long.
    async fn context(&self) -> Context {
        let client = async_nats::ConnectOptions::new()
            .retry_on_initial_connect()
            .connect(self.addresses())
            .await
            .expect("connects");
        ContextBuilder::new().timeout(Duration::from_millis(500)).build(client)
    }

    fn url(&self) -> String {
        self.addresses().join(",")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for number in 0..SERVERS {
            self.kill(number);
        }
    }
}

/// Ports that nobody has, below those that the system gives to clients.
fn free_ports<const COUNT: usize>() -> [u16; COUNT] {
    let mut next = 20_000 + u16::try_from(mint_uuid().as_u128() % 12_000).expect("small");
    std::array::from_fn(|_| {
        loop {
            next = if next >= 32_700 { 20_000 } else { next + 1 };
            let taken = TcpStream::connect((Ipv4Addr::LOCALHOST, next)).is_ok();
            if !taken && TcpListener::bind((Ipv4Addr::LOCALHOST, next)).is_ok() {
                return next;
            }
        }
    })
}

/// The server that the other tests run on: where the installation put it, else on the path.
fn program() -> PathBuf {
    let installed = Path::new("/opt/guichet/bin/nats-server");
    if installed.is_file() { installed.to_owned() } else { "nats-server".into() }
}

async fn bus(url: String, replicas: u8) -> Bus {
    let settings = BrokerSettings { url, replicas, ..BrokerSettings::default() };
    Bus::connect(&settings, "parcel").await.expect("connects")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_goes_on_without_the_server_that_leads_the_stream() {
    let mut cluster = Cluster::start().await;
    let world = World::new().await;
    // Made by an installation that had one replica, and brought to three.
    let single = world.relay_over(bus(cluster.url(), 1).await);
    let first = world.write_many(5).await;
    let context = cluster.context().await;
    let replicas = async || match context.get_stream(STREAM).await {
        Ok(stream) => stream.cached_info().config.num_replicas,
        Err(_) => 0,
    };
    eventually(PATIENCE, "one replica", async || replicas().await == 1).await;
    single.stop().await;
    let relay = world.relay_over(bus(cluster.url(), 3).await);
    let reader = reader_of::<1>(world.made.store.clone(), bus(cluster.url(), 3).await);
    eventually(PATIENCE, "three replicas", async || replicas().await == 3).await;
    world.each_once(&first).await;
    // What is acknowledged is kept as often as what is published.
    eventually(PATIENCE, "three replicas of the reader", async || {
        match context.get_consumer_from_stream::<Config, _, _>(READER, STREAM).await {
            Ok(consumer) => consumer.cached_info().cluster.as_ref().is_some_and(|group| {
                group.replicas.iter().filter(|peer| peer.current).count() == 2
            }),
            Err(_) => false,
        }
    })
    .await;
    // All three have all of it, so that any two go on.
    let leader = async || {
        let stream = context.get_stream(STREAM).await.ok()?;
        let group = stream.cached_info().cluster.clone()?;
        let whole = group.replicas.iter().filter(|peer| peer.current).count() == SERVERS - 1;
        group.leader.filter(|_| whole)
    };
    eventually(PATIENCE, "a leader and two followers", async || leader().await.is_some()).await;
    let before = leader().await.expect("a leader");
    let number: usize =
        before.trim_start_matches("broker-").parse().expect("the number of a server");
    cluster.kill(number);

    let mut events = world.write_many(20).await;
    events.extend(first);
    world.each_once(&events).await;
    world.confirmed().await;
    let (_, last) = {
        let stream = context.get_stream(STREAM).await.expect("there");
        assert_ne!(
            stream.cached_info().cluster.as_ref().and_then(|group| group.leader.clone()),
            Some(before),
            "another server leads"
        );
        let state = &stream.cached_info().state;
        (state.first_sequence, state.last_sequence)
    };
    assert!(last >= 25, "nothing was lost with the leader: {last}");

    cluster.start_one(number);
    eventually(PATIENCE, "whole again", async || leader().await.is_some()).await;
    events.extend(world.write_many(5).await);
    world.each_once(&events).await;
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_server_refuses_three_replicas_with_a_sentence() {
    let world = World::new().await;
    let relay = kit_bus::Relay::new(
        world.made.relay.clone(),
        bus(world.nats.url().to_owned(), 3).await,
        world.stream_plan(),
    );
    let running = relay.run(tokio_util::sync::CancellationToken::new());
    let fault = tokio::time::timeout(Duration::from_secs(20), running)
        .await
        .expect("it ends by itself")
        .expect_err("refused");
    assert_eq!((fault.class(), fault.code()), (Class::Rejected, "broker_not_clustered"));
    assert!(fault.sentence().contains("broker.replicas"), "{fault}");
}
