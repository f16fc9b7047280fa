//! Who did what, from three services: each is asked from where the page before ended.

use std::collections::BTreeMap;
use std::pin::Pin;

use kit_values::{Class, Fault};
use proto::audit::v1::Entry;
use proto::directory::v1 as directory;
use proto::directory::v1::settings_service_server::SettingsService;
use proto::link::v1 as link;
use proto::routing::v1 as routing;
use reqwest::StatusCode;
use serde_json::Value;
use tonic::{Request, Response, Status};

use crate::desk::not_played;
use crate::peers::Peers;
use crate::world::World;

/// What one service keeps, and what it was asked: below which number.
#[derive(Debug, Default)]
pub struct Kept {
    pub entries: Vec<Entry>,
    pub broken: bool,
    pub asked: Vec<i64>,
}

/// What the services keep, by their names.
pub type Records = BTreeMap<&'static str, Kept>;

impl Peers {
    /// A page of what `service` keeps, as it answers.
    pub fn page<T: std::fmt::Debug>(
        &self,
        service: &'static str,
        request: &Request<T>,
        (before, limit): (i64, u32),
    ) -> Result<(Vec<Entry>, bool), Status> {
        self.asked(request)?;
        let mut held = self.held();
        let kept = held.records.entry(service).or_default();
        kept.asked.push(before);
        let entries = kept.entries.iter().rev();
        let entries = entries.filter(|entry| before == 0 || entry.number < before).cloned();
        let entries = entries.take(usize::try_from(limit).expect("few")).collect();
        Ok((entries, before != 0 || !kept.broken))
    }

    fn keep(&self, service: &'static str, seconds: i64) {
        let mut held = self.held();
        let kept = held.records.entry(service).or_default();
        let number = i64::try_from(kept.entries.len()).expect("few") + 1;
        kept.entries.push(Entry {
            number,
            at: Some(prost_types::Timestamp { seconds: 1_700_000_000 + seconds, nanos: 0 }),
            act: format!("{service}.{number}"),
            service: "gateway".to_owned(),
            detail: "{}".to_owned(),
            ..Entry::default()
        });
    }
}

type Answered<'a, T> = Pin<Box<dyn Future<Output = Result<Response<T>, Status>> + Send + 'a>>;

/// Calls that no test makes. As the trait is without its macro, which does not see into this one.
macro_rules! not_played {
    ($($call:ident $asked:ident $answer:ident,)*) => {
        $(fn $call<'a, 'b>(
            &'a self,
            _: Request<directory::$asked>,
        ) -> Answered<'b, directory::$answer>
        where
            'a: 'b,
            Self: 'b,
        {
            Box::pin(std::future::ready(not_played()))
        })*
    };
}

impl SettingsService for Peers {
    fn list_audit<'a, 'b>(
        &'a self,
        request: Request<directory::ListAuditRequest>,
    ) -> Answered<'b, directory::ListAuditResponse>
    where
        'a: 'b,
        Self: 'b,
    {
        let asked = (request.get_ref().before, request.get_ref().limit);
        let page = self.page("directory", &request, asked);
        let answer = page.map(|(entries, intact)| directory::ListAuditResponse { entries, intact });
        Box::pin(std::future::ready(answer.map(Response::new)))
    }

    fn set_channel_access<'a, 'b>(
        &'a self,
        request: Request<directory::SetChannelAccessRequest>,
    ) -> Answered<'b, directory::SetChannelAccessResponse>
    where
        'a: 'b,
        Self: 'b,
    {
        let answer = crate::restricted::set_access(self, request).map(Response::new);
        Box::pin(std::future::ready(answer))
    }

    fn change_channel<'a, 'b>(
        &'a self,
        request: Request<directory::ChangeChannelRequest>,
    ) -> Answered<'b, directory::ChangeChannelResponse>
    where
        'a: 'b,
        Self: 'b,
    {
        let answer = crate::restricted::change_channel(self, request).map(Response::new);
        Box::pin(std::future::ready(answer))
    }

    not_played! {
        get_contact_attributes GetContactAttributesRequest GetContactAttributesResponse,
        list_contact_attributes ListContactAttributesRequest ListContactAttributesResponse,
        create_contact_attribute CreateContactAttributeRequest CreateContactAttributeResponse,
        change_contact_attribute ChangeContactAttributeRequest ChangeContactAttributeResponse,
        archive_contact_attribute ArchiveContactAttributeRequest ArchiveContactAttributeResponse,
        order_contact_attributes OrderContactAttributesRequest OrderContactAttributesResponse,
        report_channel_health ReportChannelHealthRequest ReportChannelHealthResponse,
        get_preferences GetPreferencesRequest GetPreferencesResponse,
        put_preferences PutPreferencesRequest PutPreferencesResponse,
        put_connection PutConnectionRequest PutConnectionResponse,
        remove_connection RemoveConnectionRequest RemoveConnectionResponse,
        get_connection_credentials GetConnectionCredentialsRequest GetConnectionCredentialsResponse,
    }
}

/// What `routing` answers.
pub fn of_routing(
    peers: &Peers,
    request: &Request<routing::ListAuditRequest>,
) -> Result<Response<routing::ListAuditResponse>, Status> {
    let asked = (request.get_ref().before, request.get_ref().limit);
    let (entries, intact) = peers.page("routing", request, asked)?;
    Ok(Response::new(routing::ListAuditResponse { entries, intact }))
}

/// What the link shortener answers.
pub fn of_links(
    peers: &Peers,
    request: &Request<link::ListAuditRequest>,
) -> Result<Response<link::ListAuditResponse>, Status> {
    let asked = (request.get_ref().before, request.get_ref().limit);
    let (entries, intact) = peers.page("link_shortener", request, asked)?;
    Ok(Response::new(link::ListAuditResponse { entries, intact }))
}

fn acts(page: &Value) -> Vec<String> {
    let entries = page["entries"].as_array().expect("a list").iter();
    let acts = entries.map(|entry| {
        let act = entry["act"].as_str().expect("text");
        assert!(act.starts_with(entry["source"].as_str().expect("text")), "{act} names its source");
        act.to_owned()
    });
    acts.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_three_services_keep_is_one_list_by_time_and_its_pages_hold_still() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    for seconds in 0..130 {
        world.peers.keep("directory", seconds * 2);
    }
    for seconds in [1, 101, 259] {
        world.peers.keep("link_shortener", seconds);
    }
    world.peers.keep("routing", 0);
    let first = browser.get_json("/api/v1/audit").await;
    assert_eq!(first["intact"], true);
    let mut read = acts(&first);
    assert_eq!(read.len(), 100);
    assert_eq!(read[..3], ["link_shortener.3", "directory.130", "directory.129"]);
    // Kept while somebody reads on: stands on no later page, and moves none.
    for service in ["directory", "routing", "link_shortener"] {
        world.peers.keep(service, 500);
    }
    let cursor = first["next"].as_str().expect("more").to_owned();
    let next = format!("/api/v1/audit?cursor={cursor}");
    let second = browser.get_json(&next).await;
    assert_eq!(second["next"], Value::Null);
    read.extend(acts(&second));
    assert_eq!(read[79..82], ["directory.52", "link_shortener.2", "directory.51"]);
    assert_eq!(read.len(), 134);
    assert_eq!(read[131..], ["link_shortener.1", "directory.1", "routing.1"]);
    read.sort_unstable();
    read.dedup();
    assert_eq!(read.len(), 134, "each once");
    let asked = |service| world.peers.held().records[service].asked.clone();
    assert_eq!(asked("directory"), [0, 33]);
    assert_eq!(asked("routing"), [0, 2]);
    assert_eq!(asked("link_shortener"), [0, 2]);

    for wrong in ["12", "0-1-1", "1-2-3-4", "a"] {
        let path = format!("/api/v1/audit?cursor={wrong}");
        let refused = browser.get(&path).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_broken_record_is_told_and_a_service_that_refuses_or_is_away_hides_nothing() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    world.peers.keep("directory", 1);
    world.peers.keep("link_shortener", 2);
    world.peers.held().records.entry("link_shortener").or_default().broken = true;
    let page = browser.get_json("/api/v1/audit").await;
    assert_eq!((page["intact"].as_bool(), acts(&page).len()), (Some(false), 2));

    let refusal = || Fault::new(Class::Forbidden, "admin_only", "Only an administrator.");
    world.peers.held().refusal = Some(refusal);
    assert_eq!(browser.get("/api/v1/audit").await.status(), StatusCode::FORBIDDEN);
}
