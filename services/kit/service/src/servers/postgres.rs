//! PostgreSQL: a cluster of its own, its administrator known by a generated password.

use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};

use kit_values::{Fault, Secret};

use super::child::{Child, Program, identity};
use super::directory::Directory;
use super::{Options, Profile, machine, programs};

const ADMINISTRATOR: &str = "guichet_admin";

/// Starts it; gives the administrator's address too.
pub(super) fn start(
    directory: &Directory,
    options: &Options,
) -> Result<(Child, Secret<String>), Fault> {
    let setpriv = programs::setpriv()?;
    let data = directory.folder("postgres")?.join("data");
    let password = directory.password("postgres")?;
    let made_by = made_by(&data);
    let programs = options.programs.postgres_directory(made_by)?;
    if made_by.is_none() {
        let mut command = Command::new(&setpriv);
        command.args(identity(directory.account())).arg("--no-new-privs").arg("--");
        command.arg(programs.join("initdb"));
        initialise(directory, options.profile, command, &data, &password)?;
    }
    let port = directory.port("postgres")?;
    let mut arguments = vec!["-D".into(), data.clone().into_os_string()];
    for setting in settings(port, options) {
        arguments.extend(["-c".into(), setting.into()]);
    }
    let program = Program {
        name: "postgres",
        path: programs.join("postgres"),
        arguments,
        environment: Vec::new(),
    };
    let child = Child::start(directory, options, &setpriv, &program)?;
    child.wait_until(|| is_ready(&data, port))?;
    let password = password.expose();
    let url = format!("postgres://{ADMINISTRATOR}:{password}@127.0.0.1:{port}/postgres");
    Ok((child, Secret::new(url)))
}

fn settings(port: u16, options: &Options) -> Vec<String> {
    let flush = if options.profile == Profile::Durable { "on" } else { "off" };
    vec![
        "listen_addresses=127.0.0.1".to_owned(),
        format!("port={port}"),
        // A path may be too long for a socket, and its folder not reachable.
        "unix_socket_directories=".to_owned(),
        format!("max_connections={}", options.connections),
        format!("fsync={flush}"),
        format!("full_page_writes={flush}"),
        format!("synchronous_commit={flush}"),
        "password_encryption=scram-sha-256".to_owned(),
        // Customers' words stand in parameters: neither statements nor parameters are logged.
        "log_statement=none".to_owned(),
        "log_parameter_max_length=0".to_owned(),
        "log_parameter_max_length_on_error=0".to_owned(),
        "log_min_error_statement=panic".to_owned(),
    ]
}

/// The major version that made the data, if any did to the end.
fn made_by(data: &Path) -> Option<u32> {
    fs::read_to_string(data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// Makes the cluster beside its place and moves it there: half a cluster is never found.
fn initialise(
    directory: &Directory,
    profile: Profile,
    mut initdb: Command,
    data: &Path,
    password: &Secret<String>,
) -> Result<(), Fault> {
    let scratch = data.with_extension("new");
    if scratch.exists() {
        fs::remove_dir_all(&scratch).map_err(Fault::internal)?;
    }
    let password_file = data.with_extension("password");
    directory.private_file(&password_file, password.expose())?;
    initdb
        .arg("-D")
        .arg(&scratch)
        .args(["--username", ADMINISTRATOR, "--auth=scram-sha-256", "-E", "UTF8"])
        .args(["--locale=C.UTF-8"])
        .arg("--pwfile")
        .arg(&password_file)
        .current_dir(directory.path())
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null());
    if profile == Profile::Test {
        initdb.arg("--no-sync");
    }
    let outcome = initdb.output().map_err(|error| {
        machine("server_not_started", format!("PostgreSQL's initdb cannot be started: {error}."))
    })?;
    fs::remove_file(&password_file).map_err(Fault::internal)?;
    if !outcome.status.success() {
        let words = String::from_utf8_lossy(&outcome.stderr).trim().to_owned();
        let data = data.display();
        if words.contains("No space left on device") {
            let sentence = format!("The disk of {data} is full. Make room and start again.");
            return Err(machine("disk_full", sentence));
        }
        let sentence = format!("PostgreSQL's files could not be made in {data}: {words}");
        return Err(machine("postgres_not_initialised", sentence));
    }
    fs::rename(&scratch, data).map_err(Fault::internal)
}

/// PostgreSQL writes its state into the eighth line of its lock file.
fn is_ready(data: &Path, port: u16) -> bool {
    let state = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    state.lines().nth(7).is_some_and(|line| line.trim() == "ready")
        && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}
