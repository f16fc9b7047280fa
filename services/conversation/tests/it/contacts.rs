//! Contacts: what is known of them, by whom, and what they had with the organization before.

use conversation::domain::words::{AttributeId, MemberId};
use kit_service::rpc;
use kit_values::{Class, EventId, Fault};
use proto::conversation::v1 as calls;
use proto::conversation::v1::AttributeSource;
use proto::directory::v1::directory_event::Fact as DirectoryFact;
use proto::directory::v1::{
    Access, ContactAttributeDefinition, ContactAttributeType, ContactAttributes,
    ContactAttributesChanged, DirectoryEvent,
};
use proto::event::v1::Metadata;
use proto::network::v1::Author;

use crate::feed::{Feed, timestamp};
use crate::notes::told;
use crate::office::Office;
use crate::service::{by, call};

/// What the organization wants to know of its contacts.
struct Wanted {
    language: AttributeId,
    account: AttributeId,
}

impl Wanted {
    fn new() -> Self {
        Self { language: AttributeId::mint(), account: AttributeId::mint() }
    }

    fn event(&self, office: &Office, version: i64, choices: &[&str]) -> DirectoryEvent {
        let organization_id = office.feed.organization.to_string();
        let definition =
            |id: AttributeId, key: &str, kind: ContactAttributeType| ContactAttributeDefinition {
                attribute_id: id.to_string(),
                name: key.replace('_', " "),
                r#type: kind.into(),
                key: key.to_owned(),
                ..ContactAttributeDefinition::default()
            };
        let mut language = definition(self.language, "language", ContactAttributeType::List);
        language.choices = choices.iter().map(ToString::to_string).collect();
        let account = definition(self.account, "account_number", ContactAttributeType::Text);
        let attributes = ContactAttributes {
            organization_id: organization_id.clone(),
            attributes: vec![language, account],
            version,
        };
        DirectoryEvent {
            metadata: Some(Metadata {
                event_id: EventId::mint().to_string(),
                organization_id,
                occurred_at: Some(timestamp(office.feed.start)),
                ..Metadata::default()
            }),
            fact: Some(DirectoryFact::ContactAttributesChanged(ContactAttributesChanged {
                attributes: Some(attributes),
            })),
        }
    }
}

async fn card(
    office: &Office,
    member: MemberId,
    contact: &str,
) -> Result<calls::GetContactResponse, Fault> {
    let asked = calls::GetContactRequest { contact_id: contact.to_owned() };
    let request = by(asked, office.feed.organization, member);
    let answer = office.service.story("gateway").get_contact(request).await;
    answer.map(tonic::Response::into_inner).map_err(rpc::fault)
}

async fn set(
    office: &Office,
    member: MemberId,
    (contact, attribute): (&str, AttributeId),
    value: Option<&str>,
    rev: i64,
) -> Result<calls::ContactAttribute, Fault> {
    let asked = calls::SetContactAttributeRequest {
        contact_id: contact.to_owned(),
        attribute_id: attribute.to_string(),
        value: value.map(str::to_owned),
        rev,
    };
    let request = by(asked, office.feed.organization, member);
    let answer = office.service.story("gateway").set_contact_attribute(request).await;
    answer.map(|it| it.into_inner().attribute.expect("an attribute")).map_err(rpc::fault)
}

async fn know(office: &Office, person: &str, known: &[(&str, &str)]) -> (String, Vec<String>) {
    let attributes = known.iter().map(|(attribute, value)| calls::KnownAttribute {
        attribute: (*attribute).to_owned(),
        value: (*value).to_owned(),
    });
    let asked = calls::SetContactAttributesRequest {
        who: Some(Author {
            identity: Some(office.feed.identity(person)),
            display_name: format!("{person} of old"),
            ..Author::default()
        }),
        attributes: attributes.collect(),
    };
    let request = call(asked, office.feed.organization);
    let answer = office.service.story("operator").set_contact_attributes(request).await;
    let answer = answer.expect("set").into_inner();
    let mut refused: Vec<_> =
        answer.refused.into_iter().map(|(name, code)| format!("{name} {code}")).collect();
    refused.sort();
    (answer.contact_id, refused)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_known_of_a_contact_is_edited_by_whoever_saw_it_as_its_type_wants() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let contact = row.contact.clone().expect("a contact").contact_id;
    let wanted = Wanted::new();
    let language = (contact.as_str(), wanted.language);
    let unknown = set(&office, office.lea, language, Some("fr"), 0).await.expect_err("refused");
    assert_eq!(unknown.class(), Class::NotFound);
    // The newer list stands, whichever comes first.
    let older = wanted.event(&office, 1, &["en"]);
    office.desk.directory(&[wanted.event(&office, 2, &["en", "fr"])]).await;
    office.desk.directory(&[older]).await;

    let first = set(&office, office.lea, language, Some(" fr "), 0).await.expect("set");
    assert_eq!((first.value.as_deref(), first.rev), (Some("fr"), 1));
    assert_eq!(first.source(), AttributeSource::Member);
    let wrong = set(&office, office.lea, language, Some("de"), 1).await.expect_err("refused");
    assert_eq!((wrong.class(), wrong.code()), (Class::Invalid, "not_a_choice"));
    for stale in [0, 7] {
        let stale = set(&office, office.noah, language, Some("en"), stale).await;
        let fault = stale.expect_err("refused");
        assert_eq!((fault.class(), fault.code()), (Class::Rejected, "attribute_changed"));
    }
    let gone = set(&office, office.noah, language, None, 1).await.expect("taken away");
    assert_eq!((gone.value, gone.rev), (None, 2));
    assert_eq!(told(&office, "contact_changed").await.len(), 2);

    let shown = card(&office, office.noah, &contact).await.expect("a card");
    assert_eq!(shown.attributes.len(), 1);
    assert_eq!(shown.attributes[0].edited_by_member_id, office.noah.to_string());
    let author = shown.contact.and_then(|it| it.author).expect("an author");
    assert_eq!(author.handle, "anna");

    office.desk.directory(&[office.restricted(0, 2, &[(office.lea, Access::Viewer)])]).await;
    card(&office, office.lea, &contact).await.expect("viewers read");
    let viewer = set(&office, office.lea, language, Some("en"), 2).await.expect_err("refused");
    assert_eq!(viewer.class(), Class::Forbidden);
    let hidden = card(&office, office.noah, &contact).await.expect_err("refused");
    assert_eq!(hidden.class(), Class::NotFound);
    let hidden = set(&office, office.noah, language, Some("en"), 2).await.expect_err("refused");
    assert_eq!(hidden.class(), Class::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_knows_somebody_before_they_write() {
    let office = Office::open(Feed::new()).await;
    let wanted = Wanted::new();
    office.desk.directory(&[wanted.event(&office, 1, &["en", "fr"])]).await;
    let known = [("Account Number", "A-17"), ("language", "xx"), ("shoe size", "44")];
    let (contact, refused) = know(&office, "anna", &known).await;
    assert_eq!(refused, ["language not_a_choice", "shoe size unknown_attribute"]);
    let (again, _) = know(&office, "anna", &[("account_number", "A-17"), ("language", "fr")]).await;
    assert_eq!(again, contact);

    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let author = row.contact.clone().expect("a contact");
    assert_eq!(author.contact_id, contact, "the same person");
    assert_eq!(author.author.expect("an author").handle, "anna", "as the network calls them now");
    let shown = card(&office, office.lea, &contact).await.expect("a card");
    let mut values: Vec<_> = shown
        .attributes
        .iter()
        .map(|it| (it.value.clone().expect("a value"), it.rev, it.source()))
        .collect();
    values.sort();
    assert_eq!(
        values,
        [
            ("A-17".to_owned(), 1, AttributeSource::Operator),
            ("fr".to_owned(), 1, AttributeSource::Operator),
        ]
    );
    office.desk.audit(office.feed.organization).await;

    let asked = calls::SetContactAttributesRequest::default();
    let refused = office
        .service
        .story("gateway")
        .set_contact_attributes(call(asked, office.feed.organization))
        .await
        .expect_err("refused");
    assert_eq!(rpc::fault(refused).class(), Class::Forbidden);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_shows_what_they_had_with_the_organization_before_newest_first() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    office.change(office.lea, &row, calls::State::Resolved).await.expect("resolved");
    let now = kit_values::now().unix_timestamp() - feed.start;
    office
        .desk
        .apply(&[feed.private("anna", "2", now + 90_000), feed.private("bert", "3", 5)])
        .await;
    let contact = row.contact.clone().expect("a contact").contact_id;
    let shown = card(&office, office.lea, &contact).await.expect("a card");
    assert_eq!(shown.conversations.len(), 2);
    assert_eq!(shown.conversations[1].conversation_id, row.conversation_id);
    assert_eq!(shown.conversations[0].previous_conversation_id, row.conversation_id);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_owned_a_conversation_is_part_of_what_happened() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let conversation = row.conversation_id.as_str();
    office.desk.routing(&[office.owner(conversation, Some(office.lea), 3)]).await;
    // Older, and heard later; then again.
    office.desk.routing(&[office.owner(conversation, Some(office.noah), 2)]).await;
    office.desk.routing(&[office.owner(conversation, Some(office.lea), 3)]).await;
    office.desk.routing(&[office.owner(conversation, None, 4)]).await;
    office.change(office.lea, &row, calls::State::Pending).await.expect("pending");
    let entries = crate::notes::activity(&office, office.noah, conversation).await;
    let kinds: Vec<_> =
        entries.iter().map(|it| (it.kind.as_str(), it.to_member_id.clone())).collect();
    assert_eq!(
        kinds,
        [
            ("opened", String::new()),
            ("assigned", office.lea.to_string()),
            ("assigned", String::new()),
            ("set_pending", String::new()),
        ]
    );
    assert_eq!(entries[3].member_id, office.lea.to_string());
    office.desk.audit(office.feed.organization).await;
}
