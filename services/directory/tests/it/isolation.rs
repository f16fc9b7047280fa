//! Who may ask what, and about whom.

use std::time::Duration;

use kit_service::Caller;
use kit_service::rpc;
use kit_store::{OrFault as _, Scope, statement};
use kit_values::{Class, Fault};
use prost::Message as _;
use prost_types::FileDescriptorSet;
use proto::directory::v1::{self as pb};
use sea_orm::ConnectionTrait as _;
use tonic::Code;
use tonic::codegen::http::uri::PathAndQuery;

use crate::harness::{Directory, account, of, on_x};

/// Who may call which method: the comments of the services' files.
fn allowed(method: &str) -> &'static [&'static str] {
    match method {
        "ListRoutes" | "ListPeople" | "ListContactAttributes" => &["ingest", "routing", "delivery"],
        "GetApplicationSecrets" => &["ingest"],
        "GetChannelCredentials" | "ReportChannelHealth" => &["delivery"],
        "PutConnection" | "RemoveConnection" | "GetConnectionCredentials" => &["link_shortener"],
        "CreateOrganization" | "CreateMember" | "CreateApplication" | "ConnectChannel"
        | "CreateWelcomeToken" => &["operator"],
        _ => &["gateway"],
    }
}

/// Methods about no one organization, which are refused to whoever names one.
fn is_of_the_installation(method: &str) -> bool {
    allowed(method) == ["operator"]
        || [
            "VerifySignIn",
            "ListRoutes",
            "ListPeople",
            "GetApplicationSecrets",
            "GetChannelCredentials",
            "ListContactAttributes",
            "ReportChannelHealth",
            "GetInvitation",
            "AcceptInvitation",
            "RequestPasswordReset",
            "CompletePasswordReset",
            "GetWelcome",
            "CompleteWelcome",
        ]
        .contains(&method)
}

/// Methods that a member must stand behind.
fn needs_a_member(method: &str) -> bool {
    !is_of_the_installation(method)
        && !["GetOrganization", "ListChannels", "ListMembers", "GetConnectionCredentials"]
            .contains(&method)
}

/// Every method of every service, from the descriptors: `Service/Method`.
fn methods() -> Vec<String> {
    let files = FileDescriptorSet::decode(proto::DESCRIPTORS).expect("descriptors").file;
    files
        .iter()
        .filter(|file| file.package() == "guichet.directory.v1")
        .flat_map(|file| &file.service)
        .flat_map(|service| {
            let name = service.name().to_owned();
            service.method.iter().map(move |method| format!("{name}/{}", method.name()))
        })
        .collect()
}

async fn call_empty(directory: &Directory, service: &str, method: &str, caller: &Caller) -> Code {
    let mut client = tonic::client::Grpc::new(directory.channel(service));
    client.ready().await.expect("ready");
    let path = format!("/guichet.directory.v1.{method}");
    let path = PathAndQuery::try_from(path).expect("a path");
    let codec = tonic_prost::ProstCodec::<(), ()>::default();
    let request = rpc::request((), caller, Duration::from_secs(10));
    client.unary(request, path, codec).await.map_or_else(|status| status.code(), |_| Code::Ok)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_method_is_for_its_callers_alone() {
    let directory = Directory::start().await;
    let ours = Caller::for_organization(directory.organization("Quai").await);
    let methods = methods();
    assert!(methods.len() >= 40, "{methods:?}");
    for path in &methods {
        let method = path.split_once('/').expect("a path").1;
        let is_of_all = is_of_the_installation(method);
        let caller = if is_of_all { Caller::installation() } else { ours.clone() };
        if is_of_all {
            let code = call_empty(&directory, allowed(method)[0], path, &ours).await;
            assert_eq!(code, Code::PermissionDenied, "{method} on behalf of an organization");
        }
        let services = [
            "gateway",
            "ingest",
            "operator",
            "routing",
            "delivery",
            "link_shortener",
            "playground",
        ];
        for service in services {
            let code = call_empty(&directory, service, path, &caller).await;
            let is_allowed = allowed(method).contains(&service);
            // A call for an organization that lacks its member is refused, or what it says is
            // looked at first and found wrong.
            let is_refused = code == Code::PermissionDenied
                || (is_allowed && needs_a_member(method) && code == Code::InvalidArgument);
            let expected = !is_allowed || needs_a_member(method);
            assert_eq!(is_refused, expected, "{method} by {service}: {code:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_without_a_token_is_answered() {
    let directory = Directory::start().await;
    let endpoint =
        tonic::transport::Endpoint::from_shared(directory.peer.url()).expect("an address");
    let channel = endpoint.connect().await.expect("connects");
    for method in methods() {
        let mut client = tonic::client::Grpc::new(channel.clone());
        client.ready().await.expect("ready");
        let path = format!("/guichet.directory.v1.{method}");
        let path = PathAndQuery::try_from(path).expect("a path");
        let codec = tonic_prost::ProstCodec::<(), ()>::default();
        let status = client.unary(tonic::Request::new(()), path, codec).await.expect_err("refused");
        assert_eq!(status.code(), Code::Unauthenticated, "{method}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organizations_members_and_channels_do_not_exist() {
    let directory = Directory::start().await;
    let (own, other) = (directory.organization("Quai").await, directory.organization("Port").await);
    let stranger = directory.member(other, "bert").await.expect("created");
    let application = directory.application(on_x()).await.expect("created");
    directory.connect(account(other, &application)).await.expect("connected");

    let mut gateway = directory.client("gateway");
    let request = of(own, pb::GetMemberRequest { member_id: stranger.member_id });
    let fault = gateway.get_member(request).await.map_err(rpc::fault).expect_err("not found");
    assert_eq!(fault.class(), Class::NotFound);
    let channels = gateway.list_channels(of(own, pb::ListChannelsRequest {})).await;
    assert!(channels.expect("read").into_inner().channels.is_empty());

    let theirs = directory
        .application(pb::Application { organization_id: other.to_string(), ..on_x() })
        .await
        .expect("created");
    let fault = directory.connect(account(own, &theirs)).await.expect_err("not found");
    assert_eq!(fault.class(), Class::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_our_own_predicate_the_database_still_hides_other_organizations() {
    let directory = Directory::start().await;
    let (own, other) = (directory.organization("Quai").await, directory.organization("Port").await);
    directory.member(own, "amelie").await.expect("created");
    directory.member(other, "bert").await.expect("created");
    let application = directory.application(on_x()).await.expect("created");
    directory.connect(account(other, &application)).await.expect("connected");

    let count = async |scope: Scope, sql: &'static str| -> i64 {
        let count = directory.database.store.transaction(&scope, async |tx| {
            let row = tx.query_one_raw(statement(sql, Vec::new())).await.or_fault()?;
            row.expect("a row").try_get_by_index::<i64>(0).or_fault()
        });
        count.await.expect("counted")
    };
    for (sql, of_own) in [
        ("SELECT count(*) FROM organization", 1),
        ("SELECT count(*) FROM member", 1),
        ("SELECT count(*) FROM channel", 0),
    ] {
        assert_eq!(count(Scope::Unscoped, sql).await, 0, "{sql}");
        assert_eq!(count(own.into(), sql).await, of_own, "{sql}");
        assert_eq!(count(Scope::from_iter([own, other]), sql).await, of_own + 1, "{sql}");
    }
    // Nor can one write into another organization.
    let written = directory.database.store.transaction(&own.into(), async |tx| {
        let sql = "INSERT INTO organization SELECT gen_random_uuid(), 'x', 'en', 'UTC', now()";
        tx.execute_raw(statement(sql, Vec::new())).await.or_fault()?;
        Ok::<_, Fault>(())
    });
    assert!(written.await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_stored_in_the_clear() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    directory.member(organization, "amelie").await.expect("created");
    let application = directory.application(on_x()).await.expect("created");
    directory.connect(account(organization, &application)).await.expect("connected");
    let database = &directory.database.database;
    let tables = database
        .texts("SELECT tablename::text FROM pg_tables WHERE schemaname = 'directory'")
        .await;
    assert!(tables.len() > 6, "{tables:?}");
    for table in tables {
        // Byte columns are shown in hexadecimal, where "canary" is 63616e617279.
        let rows = database.texts(&format!("SELECT t::text FROM directory.{table} AS t")).await;
        for row in rows {
            assert!(!row.contains("canary") && !row.contains("63616e617279"), "in {table}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_secret_does_not_open_in_another_row() {
    let directory = Directory::start().await;
    let first = directory.application(on_x()).await.expect("created");
    let second = directory.application(on_x()).await.expect("created");
    directory
        .database
        .database
        .execute(
            "UPDATE directory.application SET secrets =
             (SELECT secrets FROM directory.application AS a WHERE a.application_id <> application.application_id)",
        )
        .await;
    for application in [first, second] {
        let request = pb::GetApplicationSecretsRequest {
            application_id: application.application_id,
            version: 1,
        };
        let opened = directory.client("ingest").get_application_secrets(request).await;
        let fault = opened.map_err(rpc::fault).expect_err("does not open");
        assert_eq!(fault.code(), "credential_does_not_open");
    }
}
