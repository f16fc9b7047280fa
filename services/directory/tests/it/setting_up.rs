//! Operators set up; the gateway and ingest read; others are told.

use std::time::Duration;

use kit_bus::{BrokerSettings, Bus, Start, Subject, TailEvent};
use kit_service::rpc;
use kit_store::Scope;
use kit_testkit::eventually;
use kit_values::{Class, OrganizationId};
use prost::Message as _;
use proto::directory::v1::directory_event::Fact;
use proto::directory::v1::{self as pb};

use crate::harness::{ACCESS_TOKEN, Directory, SIGNING_SECRET, VERIFY_TOKEN, account, of, on_x};

#[tokio::test(flavor = "multi_thread")]
async fn what_operators_set_up_is_what_the_gateway_and_ingest_read() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let member = directory.member(organization, "Amelie@Quai.example").await.expect("created");
    let application = directory.application(on_x()).await.expect("created");
    let channel = directory.connect(account(organization, &application)).await.expect("connected");
    assert_eq!((&*channel.handle, channel.network), ("quai_aide", application.network));
    assert!(channel.connected_at.is_some());

    let mut gateway = directory.client("gateway");
    let request = of(organization, pb::GetMemberRequest { member_id: member.member_id.clone() });
    let read = gateway.get_member(request).await.expect("read").into_inner().member;
    assert_eq!(read, Some(member));
    let read = gateway.get_organization(of(organization, pb::GetOrganizationRequest {})).await;
    let read = read.expect("read").into_inner().organization.expect("an organization");
    assert_eq!((&*read.name, &*read.language, &*read.time_zone), ("Quai", "en", "UTC"));
    let read = gateway.list_channels(of(organization, pb::ListChannelsRequest {})).await;
    assert_eq!(read.expect("read").into_inner().channels, std::slice::from_ref(&channel));

    let mut ingest = directory.client("ingest");
    let routes = ingest.list_routes(pb::ListRoutesRequest {}).await.expect("read").into_inner();
    assert_eq!((routes.applications, routes.channels), (vec![application.clone()], vec![channel]));
    let request = pb::GetApplicationSecretsRequest {
        application_id: application.application_id.clone(),
        version: application.version,
    };
    let secrets = ingest.get_application_secrets(request).await.expect("opened").into_inner();
    assert_eq!(secrets.signing_secrets, [SIGNING_SECRET]);
    assert_eq!((&*secrets.verify_token, secrets.version), (VERIFY_TOKEN, 1));
    let request =
        pb::GetApplicationSecretsRequest { application_id: application.application_id, version: 2 };
    let unknown = ingest.get_application_secrets(request).await.map_err(rpc::fault);
    assert_eq!(unknown.expect_err("no such version").class(), Class::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn delivery_gets_the_token_of_one_channel_and_what_the_account_may_do() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let application = directory.application(on_x()).await.expect("created");
    let asked = pb::Channel {
        tier: "enterprise".to_owned(),
        scopes: vec!["tweet.write".to_owned(), "dm.write".to_owned()],
        api_base: "http://127.0.0.1:9/x".to_owned(),
        ..account(organization, &application)
    };
    let channel = directory.connect(asked).await.expect("connected");
    assert_eq!(channel.scopes, ["dm.write", "tweet.write"]);
    let request = |organization: OrganizationId| pb::GetChannelCredentialsRequest {
        organization_id: organization.to_string(),
        channel_id: channel.channel_id.clone(),
    };
    let mut delivery = directory.client("delivery");
    let opened = delivery.get_channel_credentials(request(organization)).await.expect("opened");
    let opened = opened.into_inner();
    assert_eq!(
        (&*opened.access_token, &*opened.application_secret),
        (ACCESS_TOKEN, SIGNING_SECRET)
    );
    assert_eq!(opened.channel.as_ref(), Some(&channel));
    let moved = pb::Channel { api_base: "http://127.0.0.1:10/x".to_owned(), ..channel.clone() };
    let moved = directory.connect(moved).await.expect("connected anew");
    assert_eq!((moved.version, moved.connected_at), (channel.version + 1, channel.connected_at));
    let opened = delivery.get_channel_credentials(request(organization)).await.expect("opened");
    assert_eq!(opened.into_inner().channel.as_ref(), Some(&moved));
    let stranger = delivery.get_channel_credentials(request(OrganizationId::mint())).await;
    assert_eq!(stranger.map_err(rpc::fault).expect_err("hidden").class(), Class::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_token_is_kept_even_when_the_account_may_do_what_it_could_before() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let application = directory.application(on_x()).await.expect("created");
    let channel = directory.connect(account(organization, &application)).await.expect("connected");
    // Its network no longer takes the token.
    let request = pb::ReportChannelHealthRequest {
        organization_id: organization.to_string(),
        channel_id: channel.channel_id.clone(),
        health: pb::ChannelHealth::Disconnected.into(),
        channel_version: channel.version,
    };
    let told = directory.settings("delivery").report_channel_health(request).await;
    let refused = told.expect("told").into_inner().channel.expect("the channel");
    assert_eq!(refused.health(), pb::ChannelHealth::Disconnected);

    let mut operator = directory.client("operator");
    let mut connect = async |token: &str| {
        let request = pb::ConnectChannelRequest {
            channel: Some(channel.clone()),
            access_token: token.to_owned(),
        };
        let answer = operator.connect_channel(request).await.expect("connected").into_inner();
        answer.channel.expect("a channel")
    };
    for nothing_new in [ACCESS_TOKEN, ""] {
        assert_eq!(connect(nothing_new).await, refused);
    }
    let anew = connect("canary-token-of-today").await;
    assert_eq!(anew.version, channel.version + 1, "whoever keeps the account is told");
    assert_eq!(anew.health(), pb::ChannelHealth::Unspecified);
    assert_eq!(anew.connected_at, channel.connected_at);
    let request = pb::GetChannelCredentialsRequest {
        organization_id: organization.to_string(),
        channel_id: channel.channel_id.clone(),
    };
    let opened = directory.client("delivery").get_channel_credentials(request).await;
    assert_eq!(opened.expect("opened").into_inner().access_token, "canary-token-of-today");
}

#[tokio::test(flavor = "multi_thread")]
async fn connecting_anew_keeps_what_is_set_at_the_same_moment() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let application = directory.application(on_x()).await.expect("created");
    let known = directory.connect(account(organization, &application)).await.expect("connected");
    // An administrator closes the account to all but a few, and has not committed yet.
    let scope = Scope::from(organization);
    let closing = directory.database.store.begin(&scope).await.expect("begins");
    let sql = "UPDATE channel SET restricted = true, version = version + 1 \
               WHERE organization_id = $1";
    closing.run(sql, vec![organization.uuid().into()]).await.expect("closed");
    let anew = pb::Channel { tier: "enterprise".to_owned(), ..known.clone() };
    let waiting = "SELECT count(*) FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let commit = async {
        let waits = async || directory.database.database.number(waiting).await > 0;
        eventually(Duration::from_secs(10), "it waits for the row", waits).await;
        closing.commit().await.expect("committed");
    };
    let (moved, ()) = tokio::join!(directory.connect(anew), commit);
    let moved = moved.expect("connected anew");
    assert_eq!((moved.version, moved.restricted, &*moved.tier), (3, true, "enterprise"));
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_listed_page_by_page_and_a_gateway_sees_its_own_organization() {
    let directory = Directory::start().await;
    let mut expected = Vec::new();
    let mut own = None;
    for number in 0..53 {
        let organization = directory.organization("Quai").await;
        own.get_or_insert(organization);
        if number % 20 == 0 {
            expected
                .push(directory.member(organization, &format!("a{number}")).await.expect("new"));
        } else {
            let sql = format!(
                "INSERT INTO directory.member SELECT '{0}', gen_random_uuid(), 'm{number}', 'M', \
                 '{{agent}}', '', 1, now(), false, 1;
                 INSERT INTO directory.member_login SELECT login, organization_id, member_id \
                 FROM directory.member WHERE organization_id = '{0}'",
                organization.uuid()
            );
            directory.database.database.execute(&sql).await;
        }
    }
    let mut routing = directory.client("routing");
    let (mut found, mut named) = (Vec::new(), Vec::new());
    let (mut after, mut pages) = (String::new(), 0);
    loop {
        let page = routing.list_people(pb::ListPeopleRequest { after }).await.expect("listed");
        let page = page.into_inner();
        pages += 1;
        found.extend(page.members);
        named.extend(page.organizations);
        after = page.next;
        if after.is_empty() {
            break;
        }
    }
    assert_eq!((found.len(), pages), (53, 2));
    assert!(found.iter().all(|member| {
        named.iter().filter(|it| it.organization_id == member.organization_id).count() == 1
    }));
    assert!(named.iter().all(|it| it.name == "Quai" && it.language == "en"));
    assert!(expected.iter().all(|member| found.contains(member)));

    let mut gateway = directory.client("gateway");
    let own = of(own.expect("some"), pb::ListMembersRequest {});
    let members = gateway.list_members(own).await.expect("listed").into_inner().members;
    assert_eq!(members, expected[..1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_twice_with_the_same_id_changes_nothing() {
    let directory = Directory::start().await;
    let mut operator = directory.client("operator");
    let id = OrganizationId::mint().to_string();
    let create = |name: &str| pb::CreateOrganizationRequest {
        organization: Some(pb::Organization {
            organization_id: id.clone(),
            name: name.to_owned(),
            language: "fr".to_owned(),
            time_zone: "Europe/Paris".to_owned(),
        }),
    };
    let first = operator.create_organization(create("Quai")).await.expect("created").into_inner();
    let again = operator.create_organization(create("Quai")).await.expect("answered").into_inner();
    assert_eq!(first, again);
    let other = operator.create_organization(create("Port")).await.map_err(rpc::fault);
    assert_eq!(other.expect_err("refused").code(), "id_taken");

    let organization: OrganizationId = id.parse().expect("an id");
    let application = directory.application(on_x()).await.expect("created");
    assert_eq!(directory.application(application.clone()).await.expect("answered"), application);
    let renamed = pb::Application { name: "Other".to_owned(), ..application.clone() };
    assert_eq!(directory.application(renamed).await.expect_err("refused").code(), "id_taken");

    let channel = directory.connect(account(organization, &application)).await.expect("connected");
    assert_eq!(directory.connect(channel.clone()).await.expect("answered"), channel);
    let facts = "SELECT count(*) FROM directory.outbox";
    let told = directory.database.database.number(facts).await;
    assert_eq!(
        told, 4,
        "one fact each, and the contact attributes that an organization begins with"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_exactly_one_channel_whoever_asks() {
    let directory = Directory::start().await;
    let (own, other) = (directory.organization("Quai").await, directory.organization("Port").await);
    let application = directory.application(on_x()).await.expect("created");
    directory.connect(account(own, &application)).await.expect("connected");
    for organization in [own, other] {
        let fault = directory.connect(account(organization, &application)).await;
        assert_eq!(fault.expect_err("refused").code(), "account_connected");
    }
    let channels = "SELECT count(*) FROM directory.channel";
    assert_eq!(directory.database.database.number(channels).await, 1, "nothing was left behind");
    let second = directory.application(on_x()).await.expect("created");
    directory.connect(account(other, &second)).await.expect("another application carries its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_one_persons_over_the_whole_installation() {
    let directory = Directory::start().await;
    let (own, other) = (directory.organization("Quai").await, directory.organization("Port").await);
    directory.member(own, "amelie").await.expect("created");
    for (organization, code) in [(own, "login_taken_here"), (other, "login_taken")] {
        let fault = directory.member(organization, "AMELIE").await.expect_err("refused");
        assert_eq!(fault.code(), code);
    }
    let members = "SELECT count(*) FROM directory.member";
    assert_eq!(directory.database.database.number(members).await, 1, "nothing was left behind");
    let nowhere = directory.member(OrganizationId::mint(), "bert").await.expect_err("refused");
    assert_eq!(nowhere.class(), Class::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn simulated_never_changes() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let application = directory.application(on_x()).await.expect("created");
    directory.connect(account(organization, &application)).await.expect("connected");
    let real = pb::Channel { simulated: false, ..account(organization, &application) };
    let fault = directory.connect(real).await.expect_err("refused");
    assert_eq!(fault.code(), "simulated_mismatch");
    for table in ["channel", "application"] {
        let sql = format!(
            "DO $$ BEGIN UPDATE directory.{table} SET simulated = NOT simulated;
             RAISE 'changed'; EXCEPTION WHEN check_violation THEN NULL; END $$"
        );
        directory.database.database.execute(&sql).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn others_are_told_in_order_and_never_a_secret() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let member = directory.member(organization, "amelie").await.expect("created");
    let application = directory.application(on_x()).await.expect("created");
    let channel = directory.connect(account(organization, &application)).await.expect("connected");

    let settings =
        BrokerSettings { url: directory.nats.url().to_owned(), ..BrokerSettings::default() };
    let bus = Bus::connect(&settings, "test").await.expect("connects");
    let mut tail = bus.follow("DIRECTORY", Start::All);
    let mut told = Vec::new();
    while told.len() < 5 {
        let next = tokio::time::timeout(Duration::from_secs(10), tail.next()).await;
        if let TailEvent::Event(event) = next.expect("told in time").expect("told") {
            told.push(event);
        }
    }
    let mut facts = Vec::new();
    for event in &told {
        let decoded = pb::DirectoryEvent::decode(event.payload.clone()).expect("an event");
        let metadata = decoded.metadata.expect("metadata");
        let subject = Subject::parse(&event.subject).expect("ours");
        let organization = subject.organization.map(|id| id.to_string()).unwrap_or_default();
        assert_eq!(metadata.organization_id, organization);
        assert_eq!(Some(metadata.event_id), event.event.map(|id| id.to_string()));
        let text = String::from_utf8_lossy(&event.payload);
        assert!(!text.contains("canary"), "a secret was told");
        facts.push(decoded.fact.expect("a fact"));
    }
    let is_told = |expected: &Fact| facts.contains(expected);
    assert!(is_told(&Fact::MemberChanged(pb::MemberChanged {
        member_id: member.member_id.clone(),
        session_epoch: 1,
        member: Some(member)
    })));
    assert!(is_told(&Fact::ApplicationChanged(pb::ApplicationChanged {
        application: Some(application)
    })));
    assert!(is_told(&Fact::ChannelConnected(pb::ChannelConnected { channel: Some(channel) })));
    assert!(facts.iter().any(|fact| matches!(fact, Fact::OrganizationChanged(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_display_name_has_at_most_255_characters() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let application = directory.application(on_x()).await.expect("created");
    let named =
        |name: String| pb::Channel { display_name: name, ..account(organization, &application) };
    for wrong in [String::new(), "é".repeat(256)] {
        let fault = directory.connect(named(wrong)).await.expect_err("refused");
        assert_eq!((fault.class(), fault.field()), (Class::Invalid, Some("display_name")));
    }
    let longest = "é".repeat(255);
    let channel = directory.connect(named(longest.clone())).await.expect("connected");
    assert_eq!(channel.display_name, longest);
}
