//! What the demo organization knows of its customers before they write: language, mail address,
//! account number and affiliation, as a CRM would have told.

use std::time::{Duration, Instant};

use kit_service::{Caller, rpc};
use kit_values::{Class, Fault, OrganizationId};
use playground::world::{Persona, people};
use proto::conversation::v1 as conversation;
use proto::conversation::v1::story_service_client::StoryServiceClient;
use proto::network::v1 as network;

use super::demo::Demo;
use crate::operator;
use crate::settings::Settings;

/// How long conversation may take to be ready, and to have heard of the attributes.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long one call may take.
const DEADLINE: Duration = Duration::from_secs(5);

const AFFILIATIONS: [&str; 4] = ["Particulier", "Club Lumière", "Lumière Pro", "Revendeur"];

/// Tells conversation what is known of everybody whom the playground plays, on every network.
/// Telling it again changes nothing.
///
/// # Errors
/// What conversation says.
pub async fn seed(demo: &Demo, settings: &Settings) -> Result<(), Fault> {
    let listener = settings.conversation.as_ref().map(|config| &config.rpc);
    let channel = operator::channel(settings, "conversation", listener, None)?;
    let mut client = StoryServiceClient::new(channel);
    let organization: OrganizationId = demo.organization_id.parse().map_err(Fault::internal)?;
    let caller = Caller::for_organization(organization);
    let pages = demo.applications.iter().filter(|it| it.network == "facebook");
    let pages: Vec<&str> = pages.map(|it| it.account_id.as_str()).collect();
    let began = Instant::now();
    for (number, persona) in people().iter().enumerate() {
        for who in accounts(persona, &pages) {
            loop {
                let message = conversation::SetContactAttributesRequest {
                    who: Some(who.clone()),
                    attributes: known(number, persona),
                };
                let asked = rpc::request(message, &caller, DEADLINE);
                let told = client.set_contact_attributes(asked).await.map_err(rpc::fault);
                let fault = match told.map(|told| told.into_inner().refused) {
                    Ok(refused) if refused.is_empty() => break,
                    Ok(refused) => {
                        let mut names: Vec<String> = refused.into_keys().collect();
                        names.sort_unstable();
                        let sentence = format!("The demo's {} could not be set.", names.join(", "));
                        Fault::new(Class::Unavailable, "attributes_unknown", sentence)
                    }
                    Err(fault) => fault,
                };
                if !fault.class().is_infrastructure() || began.elapsed() > PATIENCE {
                    return Err(fault);
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    Ok(())
}

/// One person, as each network names them: a page knows them by an id of its own.
fn accounts(persona: &Persona, pages: &[&str]) -> Vec<network::Author> {
    let author = |of: network::Network, scope: &str, id: String| network::Author {
        identity: Some(network::Identity {
            network: of.into(),
            scope: scope.to_owned(),
            network_user_id: id,
        }),
        display_name: persona.name.clone(),
        handle: if of == network::Network::X { persona.handle.clone() } else { String::new() },
        ..network::Author::default()
    };
    let on_pages = pages
        .iter()
        .map(|page| author(network::Network::Facebook, page, persona.page_scoped_id(page)));
    std::iter::once(author(network::Network::X, "", persona.x_id())).chain(on_pages).collect()
}

fn known(number: usize, persona: &Persona) -> Vec<conversation::KnownAttribute> {
    let language = match persona.language.tag() {
        "fr" => "Français",
        "ar" => "العربية",
        _ => "English",
    };
    let affiliation = AFFILIATIONS[number % AFFILIATIONS.len()];
    [
        ("language", language.to_owned()),
        ("email", format!("{}@courriel.example", persona.handle.replace('_', "."))),
        ("account_number", format!("ML-{:06}", 204_117 + number * 1_373)),
        ("affiliation", affiliation.to_owned()),
    ]
    .into_iter()
    .map(|(attribute, value)| conversation::KnownAttribute {
        attribute: attribute.to_owned(),
        value,
    })
    .collect()
}
