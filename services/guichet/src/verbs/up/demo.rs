//! The demo organization: made once through directory's own calls, its accounts and passwords
//! kept in one file for its owner alone and shown at every start.

use std::path::Path;
use std::time::{Duration, Instant};

use kit_service::rpc;
use kit_values::{Class, Fault, OrganizationId, mint_uuid};
use proto::directory::v1 as directory;
use proto::directory::v1::directory_service_client::DirectoryServiceClient;
use proto::network::v1::Network;
use proto::routing::v1 as routing;
use proto::routing::v1::routing_service_client::RoutingServiceClient;
use serde::{Deserialize, Serialize};

use super::{customers, secrets};
use crate::settings::Settings;
use crate::{files, operator, output};

/// What the simulated installation consists of.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    /// Whether directory knows all of it.
    pub seeded: bool,
    /// `org_…`.
    pub organization_id: String,
    /// Shown name.
    pub organization: String,
    /// Who can sign in.
    pub members: Vec<Member>,
    /// Accounts at the played networks.
    pub applications: Vec<Application>,
    /// Where the played networks are called, as directory was told last.
    #[serde(default)]
    pub played_at: String,
    /// Whether routing knows the away states.
    #[serde(default)]
    pub away_states_seeded: bool,
    /// Whether conversation knows its customers.
    #[serde(default)]
    pub customers_seeded: bool,
}

/// One demo account.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// What is typed to sign in.
    pub login: String,
    /// Random, made at the first start.
    pub password: String,
    /// Shown name.
    pub name: String,
    /// `admin`, `supervisor` or `agent`.
    pub role: String,
}

/// One account and the registration that carries it, which accounts of one network share.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// `x` or `facebook`.
    pub network: String,
    /// `app_…`, part of the callback address.
    #[serde(rename = "application_id")]
    pub id: String,
    /// Signs webhooks.
    pub secret: String,
    /// For Meta's hub handshake.
    pub verify_token: String,
    /// `chan_…`.
    pub channel_id: String,
    /// The account's id at its network.
    pub account_id: String,
    /// Without `@`.
    pub handle: String,
    /// Shown name.
    pub name: String,
}

/// Login, shown name, role.
const MEMBERS: [(&str, &str, &str); 4] = [
    ("camille", "Camille Laurent", "admin"),
    ("sacha", "Sacha Nguyen", "supervisor"),
    ("lea", "Léa Martin", "agent"),
    ("noah", "Noah Dubois", "agent"),
];

/// Network, account id, handle, shown name. Two on each network, so that it can be chosen who
/// answers.
const ACCOUNTS: [(&str, &str, &str, &str); 4] = [
    ("x", "1466789453278904321", "MaisonLumiere", "Maison Lumière"),
    ("x", "1466789453278909876", "LumiereAide", "Maison Lumière Aide"),
    ("facebook", "104857600123456", "maisonlumiere", "Maison Lumière"),
    ("facebook", "104857600654321", "maisonlumierelyon", "Maison Lumière Lyon"),
];

/// What X lets the demo accounts do: the tier at which one account may answer what was written
/// to another (`networks::manifest`).
const X_TIER: &str = "enterprise";
const X_SCOPES: [&str; 9] = [
    "tweet.read",
    "tweet.write",
    "tweet.moderate.write",
    "users.read",
    "dm.read",
    "dm.write",
    "like.write",
    "follows.write",
    "offline.access",
];

/// What Facebook lets the demo pages do; the last is Meta's feature of answering for seven days.
const FACEBOOK_SCOPES: [&str; 7] = [
    "pages_messaging",
    "pages_manage_metadata",
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "human_agent",
];

/// Why somebody of the demo organization is away.
const AWAY_STATES: [&str; 4] = ["Déjeuner", "Pause", "Réunion", "Formation"];

/// How long a service may take to become ready for the seeding, and how often it is asked.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(100);

impl Demo {
    /// Reads the file, or makes a demo organization up and writes it before anything is seeded,
    /// so that an interrupted seeding is taken up again with the same ids.
    ///
    /// # Errors
    /// Invalid when the file was damaged; else what the disk says.
    pub fn keep(path: &Path) -> Result<Self, Fault> {
        if let Some(text) = files::read(path)? {
            return toml::from_str(&text).map_err(|_| {
                let sentence = format!("{} is damaged; start anew with --fresh.", path.display());
                Fault::new(Class::Invalid, "demo_damaged", sentence)
            });
        }
        let demo = Self::invent()?;
        demo.write(path)?;
        Ok(demo)
    }

    /// The demo of an installation that was simulated before.
    ///
    /// # Errors
    /// As [`Demo::keep`].
    pub fn existing(path: &Path) -> Result<Option<Self>, Fault> {
        if path.exists() { Self::keep(path).map(Some) } else { Ok(None) }
    }

    fn write(&self, path: &Path) -> Result<(), Fault> {
        files::write_private(path, &toml::to_string(self).map_err(Fault::internal)?)
    }

    fn invent() -> Result<Self, Fault> {
        let mut members = Vec::new();
        for (login, name, role) in MEMBERS {
            members.push(Member {
                login: login.to_owned(),
                password: password()?,
                name: name.to_owned(),
                role: role.to_owned(),
            });
        }
        let mut applications: Vec<Application> = Vec::new();
        for (network, account_id, handle, name) in ACCOUNTS {
            let (id, secret, verify_token) =
                match applications.iter().find(|it| it.network == network) {
                    Some(it) => (it.id.clone(), it.secret.clone(), it.verify_token.clone()),
                    None => (
                        format!("app_{}", mint_uuid().simple()),
                        secrets::random()?,
                        if network == "facebook" { secrets::random()? } else { String::new() },
                    ),
                };
            applications.push(Application {
                network: network.to_owned(),
                id,
                secret,
                verify_token,
                channel_id: format!("chan_{}", mint_uuid().simple()),
                account_id: account_id.to_owned(),
                handle: handle.to_owned(),
                name: name.to_owned(),
            });
        }
        Ok(Self {
            seeded: false,
            organization_id: OrganizationId::mint().to_string(),
            organization: "Maison Lumière".to_owned(),
            members,
            applications,
            played_at: String::new(),
            away_states_seeded: false,
            customers_seeded: false,
        })
    }

    /// Each registration once, with the accounts that it carries.
    pub fn registrations(
        &self,
    ) -> impl Iterator<Item = (&Application, impl Iterator<Item = &Application>)> {
        let accounts = |of: &Application| {
            let id = of.id.clone();
            self.applications.iter().filter(move |it| it.id == id)
        };
        self.applications.iter().enumerate().filter_map(move |(place, it)| {
            let is_first = self.applications.iter().position(|first| first.id == it.id);
            (is_first == Some(place)).then(|| (it, accounts(it)))
        })
    }

    /// Tells directory everything, unless it knows; may be interrupted and done again. `played_at`
    /// is where the playground listens, which may be elsewhere at each start.
    ///
    /// # Errors
    /// What directory says.
    pub async fn seed(
        &mut self,
        path: &Path,
        settings: &Settings,
        public_url: &str,
        played_at: &str,
    ) -> Result<(), Fault> {
        if self.seeded && self.played_at == played_at {
            return Ok(());
        }
        played_at.clone_into(&mut self.played_at);
        let listener = settings.directory.as_ref().map(|config| &config.rpc);
        let channel = operator::channel(settings, "directory", listener, None)?;
        let mut client = DirectoryServiceClient::new(channel);
        let began = Instant::now();
        loop {
            match self.tell(&mut client, public_url).await {
                Err(fault) if passes(&fault, began) => tokio::time::sleep(PAUSE).await,
                told => break told?,
            }
        }
        self.seeded = true;
        self.write(path)
    }

    /// Tells routing why somebody may be away, unless it knows.
    ///
    /// # Errors
    /// What routing says.
    pub async fn seed_away_states(
        &mut self,
        path: &Path,
        settings: &Settings,
    ) -> Result<(), Fault> {
        if self.away_states_seeded {
            return Ok(());
        }
        let listener = settings.routing.as_ref().map(|config| &config.rpc);
        let channel = operator::channel(settings, "routing", listener, None)?;
        let mut client = RoutingServiceClient::new(channel);
        let began = Instant::now();
        for name in AWAY_STATES {
            loop {
                let request = operator::request(routing::CreateAwayStateRequest {
                    organization_id: self.organization_id.clone(),
                    name: name.to_owned(),
                });
                match client.create_away_state(request).await.map_err(rpc::fault) {
                    Err(fault) if passes(&fault, began) => tokio::time::sleep(PAUSE).await,
                    // From an earlier seeding that was interrupted.
                    Err(fault) if fault.class() == Class::Rejected => break,
                    told => break drop(told?),
                }
            }
        }
        self.away_states_seeded = true;
        self.write(path)
    }

    /// Tells conversation what is known of the customers, unless it knows.
    ///
    /// # Errors
    /// What the disk says. A demo without it still serves: the next start tries again.
    pub async fn seed_customers(&mut self, path: &Path, settings: &Settings) -> Result<(), Fault> {
        if self.customers_seeded {
            return Ok(());
        }
        if let Err(fault) = customers::seed(self, settings).await {
            tracing::warn!(%fault, "what is known of the demo's customers could not be told");
            return Ok(());
        }
        self.customers_seeded = true;
        self.write(path)
    }

    async fn tell(
        &self,
        client: &mut DirectoryServiceClient<rpc::Channel>,
        public_url: &str,
    ) -> Result<(), Fault> {
        let organization = directory::Organization {
            organization_id: self.organization_id.clone(),
            name: self.organization.clone(),
            language: "fr".to_owned(),
            time_zone: "Europe/Paris".to_owned(),
        };
        let request = directory::CreateOrganizationRequest { organization: Some(organization) };
        client.create_organization(operator::request(request)).await.map_err(rpc::fault)?;
        for member in &self.members {
            let request = directory::CreateMemberRequest {
                organization_id: self.organization_id.clone(),
                login: member.login.clone(),
                display_name: member.name.clone(),
                roles: vec![role(&member.role).into()],
                password: member.password.clone(),
            };
            match client.create_member(operator::request(request)).await.map_err(rpc::fault) {
                // From an earlier seeding that was interrupted: the password is the same.
                Err(fault) if fault.code() == "login_taken_here" => {}
                // The password would be another one than the one that is shown.
                Err(fault) if fault.code() == "login_taken" => {
                    return Err(of_another_folder(&member.login));
                }
                told => drop(told?),
            }
        }
        for (application, accounts) in self.registrations() {
            self.register(client, application, public_url).await?;
            for account in accounts {
                self.connect(client, account).await?;
            }
        }
        Ok(())
    }

    async fn register(
        &self,
        client: &mut DirectoryServiceClient<rpc::Channel>,
        it: &Application,
        public_url: &str,
    ) -> Result<(), Fault> {
        let request = directory::CreateApplicationRequest {
            application: Some(directory::Application {
                application_id: it.id.clone(),
                network: it.network().into(),
                name: format!("Playground ({})", it.network),
                organization_id: self.organization_id.clone(),
                simulated: true,
                version: 0,
                permalink_base: format!("{public_url}/playground/{}", it.network),
            }),
            signing_secrets: vec![it.secret.clone()],
            verify_token: it.verify_token.clone(),
        };
        match client.create_application(operator::request(request)).await.map_err(rpc::fault) {
            // Known under the address at which the workspace was opened when it was first told of
            // it; nobody else has this id.
            Err(fault) if fault.code() == "id_taken" => {}
            told => drop(told?),
        }
        Ok(())
    }

    async fn connect(
        &self,
        client: &mut DirectoryServiceClient<rpc::Channel>,
        it: &Application,
    ) -> Result<(), Fault> {
        let (tier, scopes, path) = match it.network() {
            Network::X => (X_TIER, X_SCOPES.as_slice(), "x"),
            _ => ("", FACEBOOK_SCOPES.as_slice(), "graph"),
        };
        let request = directory::ConnectChannelRequest {
            channel: Some(directory::Channel {
                channel_id: it.channel_id.clone(),
                organization_id: self.organization_id.clone(),
                application_id: it.id.clone(),
                network: it.network().into(),
                account_id: it.account_id.clone(),
                handle: it.handle.clone(),
                display_name: it.name.clone(),
                simulated: true,
                tier: tier.to_owned(),
                scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
                api_base: format!("{}/{path}", self.played_at),
                ..directory::Channel::default()
            }),
            access_token: format!("simulated-{}", it.account_id),
        };
        client.connect_channel(operator::request(request)).await.map_err(rpc::fault)?;
        Ok(())
    }

    /// Shows who can sign in.
    pub fn show(&self, path: &Path) {
        output::line(format!(
            "\n  Demo accounts of {} (kept in {}):",
            self.organization,
            path.display()
        ));
        let rows: Vec<Vec<String>> = self
            .members
            .iter()
            .map(|it| vec![format!("    {}", it.login), it.password.clone(), it.role.clone()])
            .collect();
        output::table(&["    Login", "Password", "Role"], &rows);
    }
}

impl Application {
    fn network(&self) -> Network {
        match self.network.as_str() {
            "x" => Network::X,
            _ => Network::Facebook,
        }
    }
}

/// Whether a call that failed so may succeed if it is made again.
fn passes(fault: &Fault, began: Instant) -> bool {
    fault.class().is_infrastructure() && began.elapsed() < PATIENCE
}

/// The database holds the demo organization of another folder.
fn of_another_folder(login: &str) -> Fault {
    let sentence = format!(
        "Somebody else has the login {login} in this database: it belongs to an installation in \
         another folder. Start from that folder with --data, or name an empty database."
    );
    Fault::new(Class::Rejected, "database_of_another_folder", sentence)
}

fn role(name: &str) -> directory::Role {
    match name {
        "admin" => directory::Role::Admin,
        "supervisor" => directory::Role::Supervisor,
        _ => directory::Role::Agent,
    }
}

/// Sixteen letters and digits that cannot be mistaken for each other, in groups of four: 80
/// bits.
fn password() -> Result<String, Fault> {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let letters = secrets::bytes::<16>()?.map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    Ok(letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_is_made_up_once_with_passwords_of_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("demo.toml");
        assert!(Demo::existing(&path).expect("readable").is_none());
        let first = Demo::keep(&path).expect("makes");
        let again = Demo::keep(&path).expect("reads");
        assert_eq!(toml::to_string(&first).expect("TOML"), toml::to_string(&again).expect("TOML"));
        let other = Demo::keep(&folder.path().join("other.toml")).expect("makes");
        assert_ne!(first.members[0].password, other.members[0].password);
        assert_ne!(first.members[0].password, first.members[1].password);
        assert_eq!(first.members[0].password.len(), 19);
        let carried: Vec<usize> =
            first.registrations().map(|(_, accounts)| accounts.count()).collect();
        assert_eq!(carried, [2, 2], "two accounts on each network, carried by one registration");
    }
}
