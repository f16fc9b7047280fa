//! I7 between services: every method of every gRPC service, from its descriptor, asked by every
//! service's identity for one organization with the ids of another.

use std::collections::BTreeMap;

use bytes::{Buf as _, BufMut as _};
use kit_service::rpc::request;
use kit_service::{Caller, Peer};
use prost::Message as _;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, FileDescriptorSet};
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::{Code, Status};

use crate::browser::Browser;
use crate::world::{PATIENCE, Secrets, World};

/// Identities that may sign a call.
const CALLERS: [&str; 10] = [
    "conversation",
    "delivery",
    "directory",
    "gateway",
    "ingest",
    "link_shortener",
    "notification",
    "operator",
    "playground",
    "routing",
];

/// Services that keep what is parked.
const PARKING: [&str; 4] = ["conversation", "delivery", "notification", "routing"];

/// What a call for one organization with another's ids is answered with, when its service's
/// identity is one that may make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Foreign {
    /// `NOT_FOUND`.
    NotFound,
    /// Several ids at a time, or none: an answer without anything of the other's.
    Without,
    /// Each id has its own answer in the list, and it is no.
    EachRefused,
    /// `PERMISSION_DENIED`: the method serves the installation, and its one caller acts for no
    /// organization.
    Installation,
    /// `FAILED_PRECONDITION`: a login is one person's over the whole installation, and what was
    /// not begun here cannot be finished here.
    Taken,
    /// `INVALID_ARGUMENT`: it is about oneself, and what is said of oneself is wrong.
    Wrong,
}

/// Service, method, who may call it, and what becomes of foreign ids. A method that is not here
/// fails the test: say what it does.
const METHODS: &[(&str, &str, &[&str], Foreign)] = {
    use Foreign::{EachRefused, Installation, NotFound, Taken, Without, Wrong};
    const READERS: &[&str] = &["gateway", "operator"];
    const PROJECTIONS: &[&str] = &["conversation", "delivery", "ingest", "notification", "routing"];
    const CONVERSATION: &[&str] = &["conversation"];
    const DELIVERY: &[&str] = &["delivery"];
    const GATEWAY: &[&str] = &["gateway"];
    const INGEST: &[&str] = &["ingest"];
    const LINKS: &[&str] = &["link_shortener"];
    const OPERATOR: &[&str] = &["operator"];
    &[
        ("conversation", "ListConversations", READERS, Without),
        ("conversation", "GetConversations", READERS, Without),
        ("conversation", "ListMessages", READERS, NotFound),
        ("conversation", "GetMessages", READERS, Without),
        ("conversation", "GetCounts", READERS, Without),
        ("conversation", "ListHistory", READERS, NotFound),
        ("conversation", "AcceptReply", GATEWAY, NotFound),
        ("conversation", "RetryReply", GATEWAY, NotFound),
        ("conversation", "SettleReply", GATEWAY, NotFound),
        ("conversation", "ChangeState", GATEWAY, NotFound),
        ("conversation", "AcquireLock", GATEWAY, NotFound),
        ("conversation", "ReleaseLock", GATEWAY, NotFound),
        ("conversation", "GetOutbound", &["delivery", "operator"], Without),
        ("conversation", "ListStandings", &["routing"], Without),
        ("conversation", "FindLinks", READERS, Without),
        ("conversation", "ChangeStates", GATEWAY, EachRefused),
        // A moment cannot be filled in; the routes of the gateway are tried with one.
        ("conversation", "SetReminder", GATEWAY, Wrong),
        ("conversation", "CancelReminder", GATEWAY, NotFound),
        ("conversation", "ListDrafts", GATEWAY, Without),
        ("conversation", "PutDraft", GATEWAY, NotFound),
        ("conversation", "DropDraft", GATEWAY, NotFound),
        ("conversation", "Search", READERS, Without),
        ("conversation", "GetIndex", READERS, Without),
        ("conversation", "ListNotes", GATEWAY, NotFound),
        ("conversation", "GetNotes", READERS, Without),
        ("conversation", "WriteNote", GATEWAY, NotFound),
        ("conversation", "ChangeNote", GATEWAY, NotFound),
        ("conversation", "DeleteNote", GATEWAY, NotFound),
        ("conversation", "RestoreNote", GATEWAY, NotFound),
        ("conversation", "ListNoteVersions", GATEWAY, NotFound),
        ("conversation", "ActOnMessage", GATEWAY, NotFound),
        ("conversation", "DeleteMessage", GATEWAY, NotFound),
        ("conversation", "GetContact", GATEWAY, NotFound),
        ("conversation", "SetContactAttribute", GATEWAY, NotFound),
        ("conversation", "SetContactAttributes", OPERATOR, Without),
        ("conversation", "ListActivity", GATEWAY, NotFound),
        ("conversation", "GetEventOutcomes", OPERATOR, Without),
        ("conversation", "ListParked", OPERATOR, Without),
        ("conversation", "ShowParked", OPERATOR, NotFound),
        ("conversation", "ReplayParked", OPERATOR, EachRefused),
        ("delivery", "ListAttempts", READERS, Without),
        ("delivery", "ListParked", OPERATOR, Without),
        ("delivery", "ShowParked", OPERATOR, NotFound),
        ("delivery", "ReplayParked", OPERATOR, EachRefused),
        ("directory", "VerifySignIn", GATEWAY, Installation),
        ("directory", "GetMember", &["gateway", "link_shortener"], NotFound),
        ("directory", "GetOrganization", GATEWAY, Without),
        ("directory", "ListChannels", GATEWAY, Without),
        ("directory", "ListMembers", GATEWAY, Without),
        ("directory", "ListRoutes", PROJECTIONS, Installation),
        ("directory", "ListPeople", PROJECTIONS, Installation),
        ("directory", "GetChannelCredentials", DELIVERY, Installation),
        ("directory", "GetApplicationSecrets", INGEST, Installation),
        ("directory", "CreateOrganization", OPERATOR, Installation),
        ("directory", "CreateMember", OPERATOR, Installation),
        ("directory", "CreateApplication", OPERATOR, Installation),
        ("directory", "ConnectChannel", OPERATOR, Installation),
        ("directory", "GetContactAttributes", GATEWAY, Without),
        ("directory", "ListContactAttributes", PROJECTIONS, Installation),
        ("directory", "CreateContactAttribute", GATEWAY, Without),
        ("directory", "ChangeContactAttribute", GATEWAY, NotFound),
        ("directory", "ArchiveContactAttribute", GATEWAY, NotFound),
        ("directory", "OrderContactAttributes", GATEWAY, NotFound),
        ("directory", "ChangeChannel", GATEWAY, NotFound),
        ("directory", "SetChannelAccess", GATEWAY, NotFound),
        ("directory", "ReportChannelHealth", DELIVERY, Installation),
        ("directory", "GetPreferences", GATEWAY, Without),
        ("directory", "PutPreferences", GATEWAY, Without),
        ("directory", "PutConnection", LINKS, Without),
        ("directory", "RemoveConnection", LINKS, Without),
        ("directory", "GetConnectionCredentials", LINKS, NotFound),
        ("directory", "ListAudit", GATEWAY, Without),
        ("directory", "ChangeMember", GATEWAY, NotFound),
        ("directory", "Invite", GATEWAY, Taken),
        ("directory", "ListInvitations", GATEWAY, Without),
        ("directory", "RevokeInvitation", GATEWAY, NotFound),
        ("directory", "GetInvitation", GATEWAY, Installation),
        ("directory", "AcceptInvitation", GATEWAY, Installation),
        ("directory", "ChangePassword", GATEWAY, Wrong),
        ("directory", "SignOutEverywhere", GATEWAY, Without),
        ("directory", "RequestPasswordReset", GATEWAY, Installation),
        ("directory", "CreatePasswordReset", GATEWAY, NotFound),
        ("directory", "CompletePasswordReset", GATEWAY, Installation),
        ("directory", "CreateWelcomeToken", OPERATOR, Installation),
        ("directory", "GetWelcome", GATEWAY, Installation),
        ("directory", "CompleteWelcome", GATEWAY, Installation),
        ("ingest", "GetRequest", OPERATOR, Installation),
        ("ingest", "ListParked", OPERATOR, Installation),
        ("ingest", "ShowParked", OPERATOR, Installation),
        ("ingest", "ReplayParked", OPERATOR, Installation),
        // Its conversation is a word to group links by: nobody looks for it.
        ("link", "Shorten", CONVERSATION, Without),
        ("link", "GetSettings", GATEWAY, Without),
        ("link", "PutSettings", GATEWAY, Without),
        ("link", "ConnectBitly", GATEWAY, Wrong),
        ("link", "DisconnectBitly", GATEWAY, Without),
        ("link", "AuthorizeBitly", GATEWAY, Without),
        ("link", "FinishBitly", GATEWAY, Taken),
        ("link", "Test", GATEWAY, Without),
        ("link", "GetExample", GATEWAY, Without),
        ("link", "ListAudit", GATEWAY, Without),
        ("notification", "GetPreferences", GATEWAY, Without),
        ("notification", "PutPreferences", GATEWAY, Without),
        ("notification", "Test", GATEWAY, Without),
        ("notification", "RecordOutcome", GATEWAY, NotFound),
        ("notification", "GetPushKey", GATEWAY, Without),
        ("notification", "PutPushSubscription", GATEWAY, Wrong),
        ("notification", "RemovePushSubscription", GATEWAY, Without),
        ("notification", "EndPushSession", GATEWAY, Without),
        ("notification", "SendAccountMail", GATEWAY, Without),
        ("notification", "ListNotifications", GATEWAY, Without),
        ("notification", "MarkRead", GATEWAY, Without),
        ("notification", "ListParked", OPERATOR, Without),
        ("notification", "ShowParked", OPERATOR, NotFound),
        ("notification", "ReplayParked", OPERATOR, EachRefused),
        ("routing", "ReportSessions", GATEWAY, Installation),
        ("routing", "GetAvailability", GATEWAY, Without),
        ("routing", "SetAvailability", GATEWAY, Without),
        ("routing", "SetDefaultAvailability", GATEWAY, Without),
        ("routing", "ListTeam", GATEWAY, Without),
        ("routing", "ListAwayStates", GATEWAY, Without),
        ("routing", "SetTeamCapacity", GATEWAY, Without),
        ("routing", "SetMemberCapacity", GATEWAY, NotFound),
        ("routing", "AddAwayState", GATEWAY, Without),
        ("routing", "ChangeAwayState", GATEWAY, NotFound),
        ("routing", "OrderAwayStates", GATEWAY, NotFound),
        ("routing", "ListAudit", GATEWAY, Without),
        ("routing", "Take", GATEWAY, NotFound),
        ("routing", "Assign", GATEWAY, NotFound),
        ("routing", "Unassign", GATEWAY, NotFound),
        ("routing", "AssignSeveral", GATEWAY, EachRefused),
        ("routing", "Explain", GATEWAY, NotFound),
        ("routing", "CreateAwayState", OPERATOR, Installation),
        ("routing", "ListParked", OPERATOR, Without),
        ("routing", "ShowParked", OPERATOR, NotFound),
        ("routing", "ReplayParked", OPERATOR, EachRefused),
    ]
};

/// Messages as the bytes that they are.
#[derive(Debug, Default, Clone, Copy)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        let mut bytes = vec![0; buffer.remaining()];
        buffer.copy_to_slice(&mut bytes);
        Ok(Some(bytes))
    }
}

struct Descriptors {
    /// Full name (with its leading dot) → message.
    messages: BTreeMap<String, DescriptorProto>,
    /// Package's domain, service, method, request type.
    methods: Vec<(String, String, String, String)>,
}

fn descriptors() -> Descriptors {
    let files = FileDescriptorSet::decode(proto::DESCRIPTORS).expect("descriptors").file;
    let mut found = Descriptors { messages: BTreeMap::new(), methods: Vec::new() };
    for file in &files {
        for message in &file.message_type {
            found
                .messages
                .insert(format!(".{}.{}", file.package(), message.name()), message.clone());
        }
        for service in &file.service {
            let domain = file.package().split('.').nth(1).expect("guichet.<domain>.v1").to_owned();
            let full = format!("{}.{}", file.package(), service.name());
            for method in &service.method {
                let (name, input) = (method.name().to_owned(), method.input_type().to_owned());
                found.methods.push((domain.clone(), full.clone(), name, input));
            }
        }
    }
    found
}

/// A request of this type with every id that it can carry taken from `ids` (by the field's name,
/// in the singular), and other texts as they are there, and the first of each enumeration.
fn filled(
    descriptors: &Descriptors,
    kind: &str,
    ids: &BTreeMap<&str, Vec<String>>,
    missing: &mut Vec<String>,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    for field in &descriptors.messages[kind].field {
        let tag = u32::try_from(field.number()).expect("a field number");
        match field.r#type() {
            Type::String => {
                let name = field.name().strip_suffix('s').unwrap_or(field.name());
                let Some(values) = ids.get(field.name()).or_else(|| ids.get(name)) else {
                    if field.name().ends_with("_id") || field.name().ends_with("_ids") {
                        missing.push(format!("{kind}.{}", field.name()));
                    }
                    continue;
                };
                let count = if field.label() == Label::Repeated { values.len() } else { 1 };
                for value in &values[..count] {
                    prost::encoding::string::encode(tag, value, &mut bytes);
                }
            }
            Type::Message if descriptors.messages.contains_key(field.type_name()) => {
                let inner = filled(descriptors, field.type_name(), ids, missing);
                prost::encoding::bytes::encode(tag, &inner, &mut bytes);
            }
            // The first value that means something: a network, a list.
            Type::Enum => {
                prost::encoding::int32::encode(tag, &1, &mut bytes);
            }
            _ => {}
        }
    }
    bytes
}

async fn call(
    world: &World,
    (service, audience, path): (&str, &str, &str),
    caller: &Caller,
    message: Vec<u8>,
) -> Result<Vec<u8>, Status> {
    let mut client = tonic::client::Grpc::new(world.channel(service, audience));
    client.ready().await.expect("the service listens");
    let path = PathAndQuery::try_from(path).expect("a path");
    let request = request(message, caller, PATIENCE);
    client.unary(request, path, Raw).await.map(tonic::Response::into_inner)
}

/// The service behind a package of the protocol.
fn audience(domain: &str) -> &str {
    if domain == "link" { "link_shortener" } else { domain }
}

/// Ids of the second organization, by the names that requests give them.
async fn foreign(world: &World) -> BTreeMap<&'static str, Vec<String>> {
    let organization = world.second.organization;
    let uuid = organization.uuid();
    let ids = async |prefix: &str, column: &str, table: &str| {
        let sql = format!(
            "SELECT '{prefix}' || replace({column}::text, '-', '') FROM {table} \
             WHERE organization_id = '{uuid}' LIMIT 5"
        );
        let found = world.texts(&sql).await;
        assert!(!found.is_empty(), "the other organization has nothing in {table}");
        found
    };
    BTreeMap::from([
        ("organization_id", vec![organization.to_string()]),
        ("conversation_id", ids("conv_", "conversation_id", "conversation.conversation").await),
        ("message_id", ids("msg_", "message_id", "conversation.message").await),
        ("member_id", ids("mem_", "member_id", "directory.member").await),
        ("channel_id", ids("chan_", "channel_id", "directory.channel").await),
        ("application_id", ids("app_", "application_id", "directory.application").await),
        ("event_id", ids("evt_", "event_id", "ingest.item").await),
        ("request_id", ids("req_", "request_id", "ingest.item").await),
        ("account_id", vec!["1".to_owned()]),
        ("away_state_id", ids("away_", "away_state_id", "routing.away_state").await),
        ("attribute_id", ids("attr_", "attribute_id", "directory.contact_attribute").await),
        ("owner_member_id", ids("mem_", "member_id", "directory.member").await),
        (
            "typing_conversation_id",
            ids("conv_", "conversation_id", "conversation.conversation").await,
        ),
        ("network_user_id", vec!["1".to_owned()]),
        ("query", vec!["parcel".to_owned()]),
        ("contact_id", ids("contact_", "contact_id", "conversation.contact").await),
        ("note_id", vec![format!("note_{}", kit_values::mint_uuid().simple())]),
        ("notification_id", vec![format!("ntf_{}", kit_values::mint_uuid().simple())]),
        ("invitation_id", vec![format!("inv_{}", kit_values::mint_uuid().simple())]),
        // What is asked for besides: as good as it would be with ids of its own.
        ("idempotency_key", vec!["foreign".to_owned()]),
        ("in_reply_to_message_id", ids("msg_", "message_id", "conversation.message").await),
        ("text", vec!["a text".to_owned()]),
        ("session", vec!["a0b1c2d3e4f5a6b7".to_owned()]),
        ("reply_key", vec!["foreign".to_owned()]),
        ("url", vec!["https://example.com/".to_owned()]),
        ("login", vec![world.second.login.clone()]),
        ("password", vec!["wrong-password".to_owned()]),
        ("current", vec!["wrong-password".to_owned()]),
        ("new", vec!["another-password".to_owned()]),
        ("name", vec!["a name".to_owned()]),
        ("display_name", vec!["a name".to_owned()]),
        ("preferences", vec!["{}".to_owned()]),
        ("kind", vec!["bitly".to_owned()]),
        ("secret", vec!["a secret".to_owned()]),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_shows_or_changes_what_is_another_organizations() {
    let world = World::start(&Secrets::with("called"), &[]).await;
    for number in 30..33 {
        let text = format!("called word {number} of the second organization");
        assert_eq!(world.mention(&world.second, number, &text).await, 200);
    }
    let second = &world.second;
    let browser = Browser::sign_in(&world.gateway(), &second.login, &second.password).await;
    kit_testkit::eventually(PATIENCE, "three conversations are listed", async || {
        browser.conversations("all").await.len() >= 3
    })
    .await;
    for service in PARKING {
        park_one(&world, service).await;
    }
    kit_testkit::eventually(PATIENCE, "routing knows the conversations", async || {
        let organization = world.second.organization.uuid();
        let of = "SELECT count(*) FROM routing.conversation WHERE organization_id =";
        world.number(&format!("{of} '{organization}'")).await >= 3
    })
    .await;
    let ids = foreign(&world).await;
    let marks = world.marks(second.organization).await;
    // An administrator: nothing is refused for want of a role.
    let member = "SELECT member_id::text FROM directory.member m \
                  JOIN directory.organization o USING (organization_id) \
                  WHERE o.name <> 'Nordline' AND m.display_name = 'Camille Laurent'";
    let member = world.texts(member).await[0].parse().expect("a UUID");
    let caller = Caller::for_member(world.demo.organization, member);

    let descriptors = descriptors();
    let mut problems = Vec::new();
    let mut calls = 0;
    for (domain, full, name, input) in &descriptors.methods {
        let stated = METHODS.iter().find(|(of, method, ..)| of == domain && method == name);
        let Some((_, _, allowed, foreign)) = stated else {
            problems.push(format!("{full}/{name} is new: say who may call it"));
            continue;
        };
        let mut missing = Vec::new();
        let audience = audience(domain);
        let mut ids = ids.clone();
        if PARKING.contains(&audience) {
            let parked = world.texts(&format!("SELECT id::text FROM {audience}.parked")).await;
            ids.insert("parked_id", parked);
        } else {
            ids.insert("parked_id", vec![kit_values::mint_uuid().to_string()]);
        }
        let message = filled(&descriptors, input, &ids, &mut missing);
        problems.extend(missing.into_iter().map(|field| format!("no foreign id for {field}")));
        let path = format!("/{full}/{name}");
        for service in CALLERS {
            let answer = call(&world, (service, audience, &path), &caller, message.clone()).await;
            calls += 1;
            let code = answer.as_ref().map_or_else(Status::code, |_| Code::Ok);
            let shown = match &answer {
                Ok(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                Err(status) => format!("{status:?}"),
            };
            // What stood in the question may stand in a refusal.
            let told = marks.iter().any(|mark| shown.contains(mark.as_str()));
            let (wanted, is_right) = if allowed.contains(&service) {
                match foreign {
                    Foreign::NotFound => (Code::NotFound, !told),
                    Foreign::Without => (Code::Ok, !told),
                    Foreign::EachRefused => (Code::Ok, shown.contains("not_found")),
                    // A call for one organization is not the installation's.
                    Foreign::Installation => (Code::PermissionDenied, !told),
                    Foreign::Taken => (Code::FailedPrecondition, !told),
                    Foreign::Wrong => (Code::InvalidArgument, !told),
                }
            } else {
                (Code::PermissionDenied, !told)
            };
            let is_right = is_right && code == wanted;
            if !is_right {
                problems.push(format!("{domain}/{name} by {service}: {code:?}, {shown:?}"));
            }
        }
        let stranger = unsigned(&world, audience, &path).await;
        if stranger != Code::Unauthenticated {
            problems.push(format!("{domain}/{name} without a token: {stranger:?}"));
        }
    }
    println!("figure: {} methods, {calls} calls with foreign ids", descriptors.methods.len());
    assert!(problems.is_empty(), "{problems:#?}");
    assert_eq!(descriptors.methods.len(), METHODS.len(), "methods that are gone are listed");
}

async fn unsigned(world: &World, audience: &str, path: &str) -> Code {
    let peer = Peer { address: world.setting(&[audience, "rpc", "address"]) };
    let endpoint = tonic::transport::Endpoint::from_shared(peer.url()).expect("an address");
    let mut client = tonic::client::Grpc::new(endpoint.connect().await.expect("connects"));
    client.ready().await.expect("the service listens");
    let path = PathAndQuery::try_from(path).expect("a path");
    let answer = client.unary(tonic::Request::new(Vec::new()), path, Raw).await;
    answer.map_or_else(|status| status.code(), |_| Code::Ok)
}

/// Puts something of the second organization among what `service` has parked.
async fn park_one(world: &World, service: &str) {
    let source = match service {
        "delivery" => "delivery-replies",
        "notification" => "notification-owners",
        "routing" => "routing-conversations",
        _ => "conversation-inbound-x",
    };
    let sql = format!(
        "INSERT INTO {service}.parked (id, source, event_id, organization_id, subject, reason, \
         detail, payload, replayable) SELECT gen_random_uuid(), '{source}', \
         gen_random_uuid(), '{}', 'guichet', 'test', 'called word in a parked event', '', true \
         RETURNING id::text",
        world.second.organization.uuid()
    );
    assert_eq!(world.texts(&sql).await.len(), 1);
}
