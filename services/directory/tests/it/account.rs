//! A member's own account.

use kit_service::rpc;
use kit_values::{Class, Fault};
use proto::directory::v1::{self as pb, Role};

use crate::harness::{Directory, PASSWORD, Person};

const NEW: &str = "canary-password-4712";

async fn change(
    directory: &Directory,
    person: &Person,
    current: &str,
    new: &str,
) -> Result<pb::Member, Fault> {
    let asked = pb::ChangePasswordRequest {
        current: current.to_owned(),
        new: new.to_owned(),
        client_address: "192.0.2.1".to_owned(),
    };
    let answer = directory.people("gateway").change_password(person.asks(asked)).await;
    Ok(answer.map_err(rpc::fault)?.into_inner().member.expect("a member"))
}

async fn request(directory: &Directory, login: &str) -> Result<String, Fault> {
    let asked = pb::RequestPasswordResetRequest {
        login: login.to_owned(),
        client_address: "192.0.2.1".to_owned(),
    };
    let answer = directory.people("gateway").request_password_reset(asked).await;
    answer.map(|answer| answer.into_inner().token).map_err(rpc::fault)
}

async fn complete(directory: &Directory, token: &str, password: &str) -> Result<pb::Member, Fault> {
    let asked =
        pb::CompletePasswordResetRequest { token: token.to_owned(), password: password.to_owned() };
    let answer = directory.people("gateway").complete_password_reset(asked).await;
    Ok(answer.map_err(rpc::fault)?.into_inner().member.expect("a member"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_changed_by_whoever_knows_the_present_one_and_older_sessions_end() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let person = directory.person(organization, "amelie", Role::Admin).await;
    let wrong = change(&directory, &person, "wrong", NEW).await.expect_err("refused");
    assert_eq!(
        (wrong.class(), wrong.code(), wrong.field()),
        (Class::Invalid, "password_wrong", Some("current"))
    );
    let short = change(&directory, &person, PASSWORD, "eleven char").await.expect_err("refused");
    assert_eq!((short.code(), short.field()), ("password_too_short", Some("new")));
    let changed = change(&directory, &person, PASSWORD, NEW).await.expect("changed");
    assert_eq!(changed.session_epoch, 2);
    directory.sign_in("amelie", PASSWORD, "192.0.2.1").await.expect_err("the former one");
    let signed_in = directory.sign_in("amelie", NEW, "192.0.2.1").await.expect("signed in");
    assert_eq!(signed_in.session_epoch, 2);
    assert_eq!(directory.acts(&person).await.last().expect("kept").act, "password.changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_the_present_password_is_throttled_as_signing_in_is() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let person = directory.person(organization, "amelie", Role::Agent).await;
    for _ in 0..10 {
        change(&directory, &person, "wrong", NEW).await.expect_err("refused");
    }
    let refused = change(&directory, &person, PASSWORD, NEW).await.expect_err("throttled");
    assert_eq!((refused.class(), refused.code()), (Class::Limited, "sign_in_throttled"));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_everywhere_voids_every_session() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let person = directory.person(organization, "amelie", Role::Agent).await;
    for epoch in [2, 3] {
        let asked = person.asks(pb::SignOutEverywhereRequest {});
        let ended = directory.people("gateway").sign_out_everywhere(asked).await.expect("ended");
        assert_eq!(ended.into_inner().member.expect("a member").session_epoch, epoch);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_set_anew_once_by_a_link() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let person = directory.person(organization, "amelie", Role::Admin).await;
    assert_eq!(request(&directory, "nobody").await.expect("answered"), "");
    let token = request(&directory, "AMELIE").await.expect("answered");
    // Anybody may ask, and takes nobody's link away by it.
    let later = request(&directory, "amelie").await.expect("answered");
    assert!(token.len() >= 43 && later != token);
    let short = complete(&directory, &token, "eleven char").await.expect_err("too short");
    assert_eq!(short.code(), "password_too_short");
    let member = complete(&directory, &token, NEW).await.expect("set");
    assert_eq!(member.session_epoch, 2);
    directory.sign_in("amelie", NEW, "192.0.2.1").await.expect("signed in");
    // One of them was used: all are over.
    for token in [&token, &later] {
        let refused = complete(&directory, token, PASSWORD).await.expect_err("used");
        assert_eq!((refused.class(), refused.code()), (Class::NotFound, "token_void"));
    }
    let kept = "SELECT t::text FROM directory.one_time_token AS t";
    assert!(!directory.database.database.texts(kept).await.concat().contains(&token));
    assert_eq!(directory.acts(&person).await.last().expect("kept").act, "password.reset");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_again_and_again_takes_no_link_away_and_leaves_a_bounded_number() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let admin = directory.person(organization, "amelie", Role::Admin).await;
    let bert = directory.person(organization, "bert", Role::Agent).await;
    let asked = pb::CreatePasswordResetRequest { member_id: bert.member.member_id.clone() };
    let made = directory.people("gateway").create_password_reset(admin.asks(asked)).await;
    let made = made.expect("made").into_inner().token;
    while request(&directory, "bert").await.is_ok() {}
    let kept = "SELECT count(*) FROM directory.one_time_token WHERE purpose = 'password_reset'";
    let open = directory.database.database.number(kept).await;
    assert!((10..=12).contains(&open), "{open} links are good");
    complete(&directory, &made, NEW).await.expect("an administrator's link is as good as before");
    assert_eq!(directory.database.database.number(kept).await, 0, "one was used");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_for_a_new_password_are_throttled_known_login_or_not() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    directory.person(organization, "amelie", Role::Agent).await;
    for login in ["amelie", "nobody"] {
        for _ in 0..10 {
            request(&directory, login).await.expect("answered");
        }
        let refused = request(&directory, login).await.expect_err("throttled");
        assert_eq!(refused.class(), Class::Limited, "{login}");
    }
    directory.sign_in("amelie", PASSWORD, "192.0.2.1").await.expect("signing in is another thing");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_makes_a_link_for_who_has_forgotten() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let admin = directory.person(organization, "amelie", Role::Admin).await;
    let agent = directory.person(organization, "bert", Role::Agent).await;
    let make = async |by: &Person, of: &Person| {
        let asked = pb::CreatePasswordResetRequest { member_id: of.member.member_id.clone() };
        let made = directory.people("gateway").create_password_reset(by.asks(asked)).await;
        made.map(|made| made.into_inner().token).map_err(rpc::fault)
    };
    assert_eq!(make(&agent, &admin).await.expect_err("an agent").code(), "admin_only");
    let token = make(&admin, &agent).await.expect("made");
    // Whoever is deactivated meanwhile does not come back by it.
    let away = pb::ChangeMemberRequest {
        member_id: agent.member.member_id.clone(),
        version: 1,
        active: Some(false),
        ..Default::default()
    };
    directory.people("gateway").change_member(admin.asks(away)).await.expect("changed");
    let refused = complete(&directory, &token, NEW).await.expect_err("refused");
    assert_eq!(refused.code(), "token_void");
    assert_eq!(make(&admin, &agent).await.expect_err("gone").code(), "member_deactivated");
    assert_eq!(request(&directory, "bert").await.expect("answered"), "");
}
