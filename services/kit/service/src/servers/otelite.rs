//! otelite: an OTLP receiver with a page to look at traces; for one machine, never for production.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use kit_values::Fault;

use super::child::{Child, Program};
use super::directory::Directory;
use super::{Options, programs};

/// How many days it keeps traces.
const KEPT_DAYS: &str = "7";

/// A port where nothing listens: the "discard" service of old.
const NOWHERE: &str = "http://127.0.0.1:9";

/// Where it is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Addresses {
    /// The page, which also answers questions under `/api`.
    pub page: String,
    /// OTLP over gRPC.
    pub endpoint: String,
}

/// Starts it; gives its addresses too.
pub(super) fn start(directory: &Directory, options: &Options) -> Result<(Child, Addresses), Fault> {
    let program = options.programs.otelite()?;
    let folder = directory.folder("otelite")?;
    let page = directory.port("otelite")?;
    let grpc = directory.port("otelite-grpc")?;
    let http = directory.port("otelite-http")?;
    let mut environment: Vec<(&'static str, OsString)> = vec![
        ("OTELITE_OTLP_GRPC_PORT", grpc.to_string().into()),
        ("OTELITE_OTLP_HTTP_PORT", http.to_string().into()),
        ("OTELITE_DATA_DIR", folder.clone().into_os_string()),
        ("OTELITE_RETENTION_DAYS", KEPT_DAYS.into()),
        // It writes a configuration file of its own at its first start.
        ("HOME", folder.clone().into_os_string()),
        ("XDG_CONFIG_HOME", folder.into_os_string()),
        ("RUST_LOG", "warn".into()),
        ("NO_PROXY", "".into()),
        ("no_proxy", "".into()),
    ];
    // It would fetch a list of prices of language models from the internet at every start.
    let proxies = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    environment.extend(proxies.map(|name| (name, NOWHERE.into())));
    let program = Program {
        name: "otelite",
        path: program,
        arguments: vec!["serve".into(), "--addr".into(), format!("127.0.0.1:{page}").into()],
        environment,
    };
    let child = Child::start(directory, options, &programs::setpriv()?, &program)?;
    child.wait_until(|| listens(page) && listens(grpc))?;
    let addresses = Addresses {
        page: format!("http://127.0.0.1:{page}"),
        endpoint: format!("http://127.0.0.1:{grpc}"),
    };
    Ok((child, addresses))
}

fn listens(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok()
}
