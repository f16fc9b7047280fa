//! The first run of an installation that nobody can sign in to.

use kit_service::rpc;
use kit_values::{Class, Fault};
use proto::directory::v1::{self as pb, Role};

use crate::harness::{Directory, PASSWORD, Person};

async fn token(directory: &Directory) -> String {
    let asked = pb::CreateWelcomeTokenRequest {};
    let made = directory.people("operator").create_welcome_token(asked).await;
    made.expect("answered").into_inner().token
}

async fn is_needed(directory: &Directory) -> bool {
    let asked = pb::GetWelcomeRequest {};
    let answer = directory.people("gateway").get_welcome(asked).await;
    answer.expect("answered").into_inner().needed
}

async fn complete(directory: &Directory, token: &str) -> Result<Person, Fault> {
    let asked = pb::CompleteWelcomeRequest {
        token: token.to_owned(),
        organization: Some(pb::Organization {
            name: "Quai".to_owned(),
            language: "fr".to_owned(),
            time_zone: "Europe/Paris".to_owned(),
            ..Default::default()
        }),
        login: "amelie@quai.example".to_owned(),
        display_name: "Amélie".to_owned(),
        password: PASSWORD.to_owned(),
    };
    let answer = directory.people("gateway").complete_welcome(asked).await.map_err(rpc::fault)?;
    let answer = answer.into_inner();
    let organization = answer.organization.expect("one").organization_id.parse().expect("an id");
    Ok(Person { organization, member: answer.member.expect("a member") })
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_holds_the_token_makes_the_first_organization_once() {
    let directory = Directory::start().await;
    assert!(is_needed(&directory).await);
    let refused = complete(&directory, "guessed").await.map(drop).expect_err("refused");
    assert_eq!((refused.class(), refused.code()), (Class::NotFound, "token_void"));
    let older = token(&directory).await;
    let token_given = token(&directory).await;
    let refused = complete(&directory, &older).await.map(drop).expect_err("another start made one");
    assert_eq!(refused.code(), "token_void");

    let (first, second) =
        tokio::join!(complete(&directory, &token_given), complete(&directory, &token_given));
    assert_ne!(first.is_ok(), second.is_ok(), "of two who hold it, one gets in");
    let admin = first.or(second).map_err(|_| ()).expect("one got in");
    assert_eq!(
        admin.member.roles,
        [i32::from(Role::Agent), i32::from(Role::Admin)],
        "who begins alone administers and answers"
    );
    assert!(!is_needed(&directory).await);
    assert_eq!(token(&directory).await, "", "no token for an installation that is set up");
    directory.sign_in("amelie@quai.example", PASSWORD, "192.0.2.1").await.expect("signed in");

    let asked = admin.asks(pb::GetContactAttributesRequest {});
    let seeded = directory.settings("gateway").get_contact_attributes(asked).await;
    let seeded = seeded.expect("read").into_inner().attributes.expect("attributes");
    assert_eq!(seeded.attributes[0].name, "Langue");
    let acts = directory.acts(&admin).await;
    let acts: Vec<&str> = acts.iter().map(|entry| &*entry.act).collect();
    assert_eq!(acts, ["organization.created", "member.added"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_with_members_has_no_first_run() {
    let directory = Directory::start().await;
    let given = token(&directory).await;
    let organization = directory.organization("Quai").await;
    directory.member(organization, "bert").await.expect("created");
    assert!(!is_needed(&directory).await);
    let refused = complete(&directory, &given).await.map(drop).expect_err("refused");
    assert_eq!((refused.class(), refused.code()), (Class::Rejected, "welcome_over"));
}
