//! `guichet up`: everything on one machine, in one process.
//!
//! The services still meet only through NATS and gRPC. What `up` adds is a folder with secrets,
//! private servers where none are configured, migrations, and with `--simulated` a demo
//! organization whose networks are played.

mod broker;
mod compose;
mod customers;
mod demo;
mod first_run;
mod observe;
mod secrets;
mod servers;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use kit_service::config::PREFIX;
use kit_service::{Listener, Runtime, Signals, config, operations, telemetry};
use kit_values::{Class, Fault};

use self::compose::{Listeners, Parts};
use self::demo::Demo;
use self::observe::Observer;
use self::secrets::Secrets;
use super::{Common, run};
use crate::data::Data;
use crate::services::{ALL, OPERATOR, Service};
use crate::settings::{Asked, Settings, loopback};
use crate::{files, output, schema};

/// How long the address waits to be told until everything behind it is ready.
const READY_WITHIN: Duration = Duration::from_secs(15);

/// Starts everything on this machine. Ctrl-C stops it.
#[derive(Debug, clap::Args)]
pub struct Up {
    /// With a demo organization whose networks are played at /playground.
    #[arg(long)]
    simulated: bool,
    /// Deletes what an earlier `up` left in its folder, and starts anew.
    #[arg(long)]
    fresh: bool,
    /// With a receiver of traces and a page to look at them: otelite, which `deploy/install
    /// observe` builds. For one machine: whoever uses it can read them.
    #[arg(long)]
    observe: bool,
}

impl Up {
    /// Runs until told to stop.
    ///
    /// # Errors
    /// What stands in the way, and what to do.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Fault> {
        let began = Instant::now();
        let mut signals = Signals::new()?;
        let asked: Asked = config::load(common.config.as_deref())?;
        let data = Data::at(common.data.clone())?;
        if self.fresh && asked.servers.postgresql.is_some() {
            return Err(not_ours_to_empty(&data));
        }
        let lock = data.open()?;
        // Whatever this start runs, and also what it does not.
        servers::stop_survivors(&data)?;
        if self.fresh {
            data.erase(&lock)?;
        }
        // Before the first span.
        let observer = tokio::select! {
            observer = Observer::start(self.observe, &asked.telemetry, &data) => observer?,
            _ = signals.next() => return Err(run::interrupted()),
        };
        let telemetry = telemetry::init(&observer.settings(&asked.telemetry))?;
        let secrets = Secrets::keep(&data.secrets())?;
        let process = Runtime::new(secrets.identities().identity(OPERATOR)?);
        let listeners = reserve(&process, &asked)?;
        let running = tokio::select! {
            running = servers::Running::start(&asked, &data, &secrets) => running?,
            _ = signals.next() => return Err(run::interrupted()),
        };

        let public_url = asked.up.public_url.clone();
        let public_url = public_url.unwrap_or_else(|| format!("http://{}", listeners.gateway));
        let links_url = asked.up.links_url.clone();
        let links_url = links_url.unwrap_or_else(|| format!("http://{}", listeners.links));
        let ground = Ground {
            data: &data,
            secrets: &secrets,
            process: &process,
            running: &running,
            listeners,
            public_url,
            links_url,
        };
        let started = tokio::select! {
            started = self.start(common, &ground) => started,
            _ = signals.next() => Err(run::interrupted()),
        };
        let started = started.map(|installation| installation.show(&data, &observer, began));
        let drain = asked.process.drain();
        let ended = run::end(&process, &mut signals, drain, started).await;
        // The last spans leave while there is somebody to receive them.
        drop(telemetry);
        tokio::join!(running.stop(), observer.stop());
        drop(lock);
        output::note("Guichet has stopped.");
        ended
    }

    async fn start(&self, common: &Common, ground: &Ground<'_>) -> Result<Installation, Fault> {
        let process = ground.process;
        let path = ground.data.demo();
        let mut demo = if self.simulated { Some(Demo::keep(&path)?) } else { None };
        let text = compose::compose(&Parts {
            data: ground.data,
            secrets: ground.secrets,
            servers: &ground.running.addresses,
            redis: &ground.running.redis,
            has_broker_users: ground.running.has_broker_users,
            public_url: &ground.public_url,
            links_url: &ground.links_url,
            listeners: &ground.listeners,
            demo: demo.as_ref(),
        })?;
        files::write_private(&ground.data.running(), &text)?;
        let settings = Settings::load(&text, common.config.as_deref())?;
        schema::apply(&settings).await?;
        operations::serve(process, &Listener { address: ground.listeners.operations }).await?;
        // Directory first: the demo organization must exist before anybody asks for it.
        run::start(&settings, process, &[Service::Directory]).await?;
        if let Some(demo) = &mut demo {
            let folder = ground.data.playground();
            files::make_private_folder(&folder)?;
            let played = format!("http://{}", ground.listeners.playground);
            demo.seed(&path, &settings, &ground.public_url, &played).await?;
        }
        let rest: Vec<Service> = ALL
            .into_iter()
            .filter(|service| *service != Service::Directory && service.is_configured(&settings))
            .collect();
        run::start(&settings, process, &rest).await?;
        if let Some(demo) = &mut demo {
            demo.seed_away_states(&path, &settings).await?;
            demo.seed_customers(&path, &settings).await?;
        }
        if tokio::time::timeout(READY_WITHIN, process.health.changed_from(false)).await.is_err() {
            let unready = format!("{:?}", process.health.unready());
            tracing::warn!(unready, "something is not ready yet");
        }
        let demo = if demo.is_some() { demo } else { Demo::existing(&path)? };
        let welcome = if demo.is_none() { first_run::token(&settings).await? } else { None };
        Ok(Installation { settings, demo, welcome })
    }
}

/// Without the folder nobody can open what is sealed in the database that is left, nor print the
/// passwords of those who are in it.
fn not_ours_to_empty(data: &Data) -> Fault {
    let sentence = format!(
        "--fresh empties {}, but not the database that {PREFIX}servers__postgresql names: it would \
         keep the accounts of before, with passwords that nobody knows any more. To start anew, \
         name an empty database there and another folder with --data, without --fresh.",
        data.root.display(),
    );
    Fault::new(Class::Rejected, "database_not_ours", sentence)
}

/// Takes every address before anything starts, so that one in use is told at once.
fn reserve(process: &Runtime, asked: &Asked) -> Result<Listeners, Fault> {
    let at = |address| process.reserve(&Listener { address });
    let or_key = |key: &'static str| {
        move |fault: Fault| {
            let sentence = format!("{} Here: {PREFIX}{key}=127.0.0.1:PORT.", fault.sentence());
            Fault::new(fault.class(), fault.code(), sentence)
        }
    };
    let free = || at(loopback(0));
    Ok(Listeners {
        gateway: at(asked.up.workspace).map_err(or_key("up__workspace"))?,
        webhooks: at(asked.up.webhooks).map_err(or_key("up__webhooks"))?,
        operations: at(asked.operations.address).map_err(or_key("operations__address"))?,
        playground: free()?,
        directory: free()?,
        ingest: free()?,
        conversation: free()?,
        routing: free()?,
        delivery: free()?,
        notification: free()?,
        link_shortener: free()?,
        links: at(asked.up.links).map_err(or_key("up__links"))?,
    })
}

/// What there is before any service starts.
struct Ground<'a> {
    data: &'a Data,
    secrets: &'a Secrets,
    process: &'a Runtime,
    running: &'a servers::Running,
    listeners: Listeners,
    public_url: String,
    links_url: String,
}

/// What runs.
struct Installation {
    settings: Settings,
    demo: Option<Demo>,
    /// What the first-run page asks for.
    welcome: Option<String>,
}

impl Installation {
    fn show(&self, data: &Data, observer: &Observer, began: Instant) {
        let seconds = began.elapsed().as_secs_f64();
        output::line(format!(
            "\nGuichet is running (started in {seconds:.1} s). Ctrl-C stops it.\n"
        ));
        if let Some(gateway) = &self.settings.gateway {
            output::line(format!("  Workspace   {}", gateway.public_url));
            if self.settings.playground.is_some() {
                output::line(format!("  Playground  {}/playground", gateway.public_url));
            }
        }
        if let Some(page) = observer.page() {
            output::line(format!("  Traces      {page}"));
        }
        if let Some(ingest) = &self.settings.ingest {
            let address = ingest.http.address;
            output::line(format!(
                "  Webhooks    http://{address}/hooks/<network>/<application id>"
            ));
        }
        if let Some(links) = &self.settings.link_shortener {
            output::line(format!("  Short links {}/<code>", links.public_url));
        }
        output::line(format!("  Data        {}", data.root.display()));
        if let Some(demo) = &self.demo {
            demo.show(&data.demo());
        } else if let (Some(token), Some(gateway)) = (&self.welcome, &self.settings.gateway) {
            output::line(format!(
                "\n  Nobody can sign in yet. Set it up at {}/welcome with this token, which is \
                 good\n  until the next start:\n\n  {token}",
                gateway.public_url
            ));
        }
        output::line("");
    }
}
