//! Contact attributes, channels, connections and preferences, and what is kept of who set them.

use kit_service::rpc;
use kit_values::{Class, Fault, OrganizationId};
use proto::directory::v1::{self as pb, Access, ContactAttributeType as Type, Role};

use crate::harness::{Directory, Person, account, of, on_x};

async fn attributes(directory: &Directory, person: &Person) -> pb::ContactAttributes {
    let request = person.asks(pb::GetContactAttributesRequest {});
    let answer = directory.settings("gateway").get_contact_attributes(request).await;
    answer.expect("read").into_inner().attributes.expect("attributes")
}

fn names(attributes: &pb::ContactAttributes) -> Vec<&str> {
    attributes.attributes.iter().map(|attribute| &*attribute.name).collect()
}

/// The one account of a new organization.
async fn channel(directory: &Directory, organization: OrganizationId) -> pb::Channel {
    let application = directory.application(on_x()).await.expect("created");
    directory.connect(account(organization, &application)).await.expect("connected")
}

async fn change(
    directory: &Directory,
    person: &Person,
    asked: pb::ChangeChannelRequest,
) -> Result<pb::Channel, Fault> {
    let answer = directory.settings("gateway").change_channel(person.asks(asked)).await;
    Ok(answer.map_err(rpc::fault)?.into_inner().channel.expect("a channel"))
}

#[tokio::test(flavor = "multi_thread")]
async fn contact_attributes_are_added_changed_archived_and_put_in_order() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let admin = directory.person(organization, "amelie", Role::Admin).await;
    let agent = directory.person(organization, "bert", Role::Agent).await;
    let mut settings = directory.settings("gateway");

    let seeded = attributes(&directory, &agent).await;
    assert_eq!(names(&seeded), ["Language", "Email", "Account number", "Affiliation"]);
    assert_eq!((seeded.attributes[1].key.as_str(), seeded.attributes[1].shown), ("email", true));

    let asked = pb::CreateContactAttributeRequest {
        name: "Tier".to_owned(),
        r#type: Type::List.into(),
        choices: vec!["Gold".to_owned(), "Silver".to_owned()],
        shown: true,
    };
    let refused = settings.create_contact_attribute(agent.asks(asked.clone())).await;
    let refused = refused.map_err(rpc::fault).expect_err("an agent may not");
    assert_eq!((refused.class(), refused.code()), (Class::Forbidden, "admin_only"));
    let added = settings.create_contact_attribute(admin.asks(asked)).await.expect("added");
    let added = added.into_inner();
    let tier = added.attribute_id;
    let list = added.attributes.expect("attributes");
    assert_eq!((list.version, list.attributes[4].choices.len()), (2, 2));

    let hidden = |version| pb::ChangeContactAttributeRequest {
        attribute_id: tier.clone(),
        version,
        shown: Some(false),
        name: Some("Level".to_owned()),
        ..Default::default()
    };
    settings.change_contact_attribute(admin.asks(hidden(1))).await.expect("changed");
    let stale = settings.change_contact_attribute(admin.asks(hidden(1))).await;
    assert_eq!(stale.map_err(rpc::fault).expect_err("seen before").code(), "stale");

    let list = attributes(&directory, &agent).await;
    let mut ids: Vec<String> =
        list.attributes.iter().map(|attribute| attribute.attribute_id.clone()).collect();
    ids.rotate_right(1);
    let order = pb::OrderContactAttributesRequest { attribute_ids: ids, version: list.version };
    settings.order_contact_attributes(admin.asks(order)).await.expect("ordered");
    let archive = pb::ArchiveContactAttributeRequest {
        attribute_id: list.attributes[0].attribute_id.clone(),
    };
    settings.archive_contact_attribute(admin.asks(archive)).await.expect("archived");

    let list = attributes(&directory, &agent).await;
    assert_eq!(names(&list), ["Level", "Email", "Account number", "Affiliation"]);
    assert_eq!(
        list.attributes.iter().map(|attribute| attribute.position).collect::<Vec<_>>(),
        [0, 1, 2, 3]
    );
    assert_eq!((list.attributes[0].shown, list.version), (false, 5));
    // The name of an archived one is free again.
    let again = pb::CreateContactAttributeRequest {
        name: "language".to_owned(),
        r#type: Type::Text.into(),
        ..Default::default()
    };
    settings.create_contact_attribute(admin.asks(again)).await.expect("added");

    let acts = directory.acts(&admin).await;
    let kept: Vec<&str> = acts.iter().map(|entry| &*entry.act).collect();
    assert_eq!(
        kept[3..],
        [
            "contact_attribute.added",
            "contact_attribute.changed",
            "contact_attribute.ordered",
            "contact_attribute.archived",
            "contact_attribute.added"
        ]
    );
    assert_eq!(
        (acts[4].member_id.as_str(), acts[4].service.as_str(), acts[4].subject.as_str()),
        (admin.member.member_id.as_str(), "gateway", tier.as_str())
    );
    let detail = r#"{"name":{"from":"Tier","to":"Level"},"shown":{"from":true,"to":false}}"#;
    assert_eq!(acts[4].detail, detail);
}

#[tokio::test(flavor = "multi_thread")]
async fn projections_get_every_organizations_attributes_also_of_before_there_were_any() {
    let directory = Directory::start().await;
    let (own, other) = (directory.organization("Quai").await, directory.organization("Port").await);
    let person = directory.person(own, "amelie", Role::Agent).await;
    directory.person(other, "bert", Role::Agent).await;
    let sql =
        "DELETE FROM directory.contact_attribute; DELETE FROM directory.contact_attribute_list";
    directory.database.database.execute(sql).await;
    let request = pb::ListContactAttributesRequest::default();
    let listed = directory.settings("routing").list_contact_attributes(request).await;
    let listed = listed.expect("listed").into_inner();
    assert_eq!((listed.organizations.len(), listed.next.as_str()), (2, ""));
    assert!(listed.organizations.iter().all(|list| list.attributes.len() == 4));
    assert!(listed.organizations.contains(&attributes(&directory, &person).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_is_renamed_and_restricted_and_its_token_still_opens() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let admin = directory.person(organization, "amelie", Role::Admin).await;
    let agent = directory.person(organization, "bert", Role::Agent).await;
    let channel = channel(&directory, organization).await;
    assert_eq!((channel.restricted, channel.auto_resolve_days), (false, 30));

    let asked = |name: &str, version| pb::ChangeChannelRequest {
        channel_id: channel.channel_id.clone(),
        version,
        display_name: Some(name.to_owned()),
        auto_resolve_days: Some(7),
        restricted: Some(true),
        reopen_window: None,
    };
    let longest = "é".repeat(255);
    let refused = change(&directory, &agent, asked(&longest, 1)).await.expect_err("an agent");
    assert_eq!(refused.code(), "admin_only");
    let long = change(&directory, &admin, asked(&"é".repeat(256), 1)).await.expect_err("too long");
    assert_eq!((long.class(), long.field()), (Class::Invalid, Some("display_name")));
    let changed = change(&directory, &admin, asked(&longest, 1)).await.expect("changed");
    assert_eq!(
        (&changed.display_name, changed.auto_resolve_days, changed.restricted, changed.version),
        (&longest, 7, true, 2)
    );
    let stale = change(&directory, &admin, asked("other", 1)).await.expect_err("seen before");
    assert_eq!(stale.code(), "stale");

    let entry = |member: &Person, access: Access| pb::ChannelAccess {
        member_id: member.member.member_id.clone(),
        access: access.into(),
    };
    let set = |access, version| pb::SetChannelAccessRequest {
        channel_id: channel.channel_id.clone(),
        access,
        version,
    };
    let mut settings = directory.settings("gateway");
    for access in [Access::Contributor, Access::Viewer] {
        let asked = admin.asks(set(vec![entry(&agent, access)], 0));
        let answer = settings.set_channel_access(asked).await.expect("set").into_inner();
        let access = vec![entry(&agent, access)];
        assert_eq!(answer.channel.expect("a channel").access, access);
    }
    let refused = settings.set_channel_access(agent.asks(set(vec![], 0))).await;
    assert_eq!(refused.map_err(rpc::fault).expect_err("an agent").code(), "admin_only");
    let stale = settings.set_channel_access(admin.asks(set(vec![], 2))).await;
    assert_eq!(stale.map_err(rpc::fault).expect_err("seen before").code(), "stale");
    let mut gateway = directory.client("gateway");
    let channels = gateway.list_channels(of(organization, pb::ListChannelsRequest {})).await;
    let channels = channels.expect("listed").into_inner().channels;
    assert_eq!((channels[0].access.len(), channels[0].version), (1, 4));

    let request = pb::GetChannelCredentialsRequest {
        organization_id: organization.to_string(),
        channel_id: channel.channel_id.clone(),
    };
    let opened = directory.client("delivery").get_channel_credentials(request).await;
    let opened = opened.expect("opened").into_inner();
    assert_eq!(opened.access_token, crate::harness::ACCESS_TOKEN);

    let empty = settings.set_channel_access(admin.asks(set(vec![], 4))).await.expect("set");
    assert!(empty.into_inner().channel.expect("a channel").access.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn how_long_a_channel_reopens_is_the_installations_until_it_is_set_and_again_when_taken_back()
{
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let admin = directory.person(organization, "amelie", Role::Admin).await;
    let channel = channel(&directory, organization).await;
    assert_eq!(channel.reopen_window_hours, None);
    let asked = |version, reopen_window| pb::ChangeChannelRequest {
        channel_id: channel.channel_id.clone(),
        version,
        reopen_window,
        ..Default::default()
    };
    let window = |hours| Some(pb::ReopenWindow { hours });
    let refused = change(&directory, &admin, asked(1, window(Some(8_761)))).await;
    let refused = refused.expect_err("more than a year");
    assert_eq!((refused.class(), refused.field()), (Class::Invalid, Some("reopen_window_hours")));
    for (version, given, kept) in [
        (1, window(Some(8_760)), Some(8_760)),
        (2, window(Some(0)), Some(0)),
        // Nothing is said about it: it stays.
        (3, None, Some(0)),
        (4, window(None), None),
        (5, window(Some(72)), Some(72)),
    ] {
        let changed = change(&directory, &admin, asked(version, given)).await.expect("changed");
        assert_eq!((changed.version, changed.reopen_window_hours), (version + 1, kept));
    }
    let mut gateway = directory.client("gateway");
    let channels = gateway.list_channels(of(organization, pb::ListChannelsRequest {})).await;
    assert_eq!(channels.expect("listed").into_inner().channels[0].reopen_window_hours, Some(72));
    let acts = directory.acts(&admin).await;
    assert_eq!(
        acts.last().expect("kept").detail,
        r#"{"reopen_window_hours":{"from":null,"to":72}}"#
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_network_says_to_a_token_is_kept_and_old_news_is_passed_over() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let channel = channel(&directory, organization).await;
    let report = async |health: pb::ChannelHealth, channel_version| {
        let request = pb::ReportChannelHealthRequest {
            organization_id: organization.to_string(),
            channel_id: channel.channel_id.clone(),
            health: health.into(),
            channel_version,
        };
        let answer = directory.settings("delivery").report_channel_health(request).await;
        answer.expect("reported").into_inner().channel.expect("a channel")
    };
    let facts = "SELECT count(*) FROM directory.outbox";
    let before = directory.database.database.number(facts).await;
    for _ in 0..3 {
        let told = report(pb::ChannelHealth::Disconnected, 1).await;
        assert_eq!((told.health(), told.version), (pb::ChannelHealth::Disconnected, 1));
        assert!(told.health_checked_at.is_some());
    }
    assert_eq!(directory.database.database.number(facts).await, before + 1, "told once");
    let old = report(pb::ChannelHealth::Connected, 0).await;
    assert_eq!(old.health(), pb::ChannelHealth::Disconnected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_sealed_replaced_and_removed() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let admin = directory.person(organization, "amelie", Role::Admin).await;
    let agent = directory.person(organization, "bert", Role::Agent).await;
    let mut links = directory.settings("link_shortener");
    let put = |secret: &str| pb::PutConnectionRequest {
        kind: "bitly".to_owned(),
        account: "quai".to_owned(),
        secret: secret.to_owned(),
    };
    let open = async || {
        let request = pb::GetConnectionCredentialsRequest { kind: "bitly".to_owned() };
        let mut links = directory.settings("link_shortener");
        let opened = links.get_connection_credentials(of(organization, request)).await;
        opened.map(tonic::Response::into_inner).map_err(rpc::fault)
    };
    let refused = links.put_connection(agent.asks(put("x"))).await.map_err(rpc::fault);
    assert_eq!(refused.expect_err("an agent").code(), "admin_only");
    for (version, secret) in [(1, "canary-bitly-1"), (2, "canary-bitly-2")] {
        let made = links.put_connection(admin.asks(put(secret))).await.expect("connected");
        assert_eq!(made.into_inner().connection.expect("one").version, version);
        assert_eq!(open().await.expect("opened").secret, secret);
    }
    let rows = directory.database.database.texts("SELECT c::text FROM directory.connection AS c");
    let rows = rows.await.concat();
    assert!(!rows.contains("canary") && !rows.contains("63616e617279"));

    let remove_of = |version| pb::RemoveConnectionRequest { kind: "bitly".to_owned(), version };
    let remove = || remove_of(0);
    let stale = links.remove_connection(admin.asks(remove_of(1))).await.map_err(rpc::fault);
    let stale = stale.expect_err("somebody connected another one meanwhile");
    assert_eq!((stale.class(), stale.code()), (Class::Rejected, "connection_changed"));
    assert_eq!(open().await.expect("there").secret, "canary-bitly-2");
    links.remove_connection(admin.asks(remove_of(2))).await.expect("removed");
    assert_eq!(open().await.expect_err("gone").class(), Class::NotFound);
    let again = links.remove_connection(admin.asks(remove())).await.map_err(rpc::fault);
    assert_eq!(again.expect_err("gone").class(), Class::NotFound);
    let made = links.put_connection(admin.asks(put("canary-bitly-3"))).await.expect("connected");
    assert_eq!(made.into_inner().connection.expect("one").version, 4);
    let acts = directory.acts(&admin).await;
    let acts: Vec<&str> = acts.iter().skip(3).map(|entry| &*entry.act).collect();
    assert_eq!(
        acts,
        ["connection.made", "connection.made", "connection.removed", "connection.made"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn preferences_are_a_members_own_and_never_overwrite_unseen_ones() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let amelie = directory.person(organization, "amelie", Role::Agent).await;
    let bert = directory.person(organization, "bert", Role::Agent).await;
    let mut settings = directory.settings("gateway");
    let put = |preferences: &str, version| pb::PutPreferencesRequest {
        preferences: preferences.to_owned(),
        version,
    };
    let get = async |person: &Person| {
        let asked = person.asks(pb::GetPreferencesRequest {});
        let kept = directory.settings("gateway").get_preferences(asked).await;
        let kept = kept.expect("read").into_inner();
        (kept.preferences, kept.version)
    };
    assert_eq!(get(&amelie).await, (String::new(), 0));
    let dark = r#"{"appearance": "dark"}"#;
    settings.put_preferences(amelie.asks(put(dark, 0))).await.expect("kept");
    assert_eq!(get(&amelie).await, (dark.to_owned(), 1));
    assert_eq!(get(&bert).await, (String::new(), 0));
    for version in [0, 2] {
        let stale = settings.put_preferences(amelie.asks(put("{}", version))).await;
        assert_eq!(stale.map_err(rpc::fault).expect_err("unseen").code(), "stale");
    }
    settings.put_preferences(amelie.asks(put("{}", 1))).await.expect("kept");
    assert_eq!(get(&amelie).await, ("{}".to_owned(), 2));
    let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(16_384));
    for wrong in ["", "[]", "{", "1", &long] {
        let refused = settings.put_preferences(amelie.asks(put(wrong, 2))).await;
        assert_eq!(refused.map_err(rpc::fault).expect_err("refused").class(), Class::Invalid);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organizations_settings_do_not_exist() {
    let directory = Directory::start().await;
    let (own, other) = (directory.organization("Quai").await, directory.organization("Port").await);
    let admin = directory.person(own, "amelie", Role::Admin).await;
    let stranger = directory.person(other, "bert", Role::Admin).await;
    let theirs = channel(&directory, other).await;
    let asked = pb::ChangeChannelRequest {
        channel_id: theirs.channel_id.clone(),
        version: 1,
        ..Default::default()
    };
    let refused = change(&directory, &admin, asked).await.expect_err("not found");
    assert_eq!(refused.class(), Class::NotFound);
    let attribute = attributes(&directory, &stranger).await.attributes[0].attribute_id.clone();
    let archive = pb::ArchiveContactAttributeRequest { attribute_id: attribute };
    let refused =
        directory.settings("gateway").archive_contact_attribute(admin.asks(archive)).await;
    assert_eq!(refused.map_err(rpc::fault).expect_err("not found").class(), Class::NotFound);
    // A stranger who names the other organization is nobody there.
    let disguised = Person { organization: other, member: admin.member.clone() };
    let refused = directory
        .settings("gateway")
        .list_audit(disguised.asks(pb::ListAuditRequest { before: 0, limit: 10 }))
        .await;
    assert_eq!(refused.map_err(rpc::fault).expect_err("nobody").code(), "not_a_member");
}
