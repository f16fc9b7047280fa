//! Members and invitations.

use kit_service::rpc;
use kit_values::{Class, Fault};
use proto::directory::v1::{self as pb, Role};

use crate::harness::{Directory, PASSWORD, Person};

async fn change(
    directory: &Directory,
    by: &Person,
    asked: pb::ChangeMemberRequest,
) -> Result<pb::Member, Fault> {
    let answer = directory.people("gateway").change_member(by.asks(asked)).await;
    Ok(answer.map_err(rpc::fault)?.into_inner().member.expect("a member"))
}

fn about(person: &Person, version: i64) -> pb::ChangeMemberRequest {
    let member_id = person.member.member_id.clone();
    pb::ChangeMemberRequest { member_id, version, ..Default::default() }
}

async fn invite(
    directory: &Directory,
    by: &Person,
    login: &str,
) -> Result<pb::InviteResponse, Fault> {
    let asked = pb::InviteRequest {
        login: login.to_owned(),
        display_name: "Chloé".to_owned(),
        roles: vec![Role::Supervisor.into()],
    };
    let answer = directory.people("gateway").invite(by.asks(asked)).await;
    answer.map(tonic::Response::into_inner).map_err(rpc::fault)
}

async fn accept(directory: &Directory, token: &str, password: &str) -> Result<pb::Member, Fault> {
    let asked =
        pb::AcceptInvitationRequest { token: token.to_owned(), password: password.to_owned() };
    let answer = directory.people("gateway").accept_invitation(asked).await;
    Ok(answer.map_err(rpc::fault)?.into_inner().member.expect("a member"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_changes_members_and_one_administrator_always_stays() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let amelie = directory.person(organization, "amelie", Role::Admin).await;
    let bert = directory.person(organization, "bert", Role::Agent).await;

    let refused = change(&directory, &bert, about(&amelie, 1)).await.expect_err("an agent");
    assert_eq!(refused.code(), "admin_only");
    for asked in [
        pb::ChangeMemberRequest { active: Some(false), ..about(&amelie, 1) },
        pb::ChangeMemberRequest { roles: vec![Role::Agent.into()], ..about(&amelie, 1) },
    ] {
        let refused = change(&directory, &amelie, asked).await.expect_err("the last one");
        assert_eq!((refused.class(), refused.code()), (Class::Rejected, "last_admin"));
    }
    let promoted = pb::ChangeMemberRequest {
        roles: vec![Role::Agent.into(), Role::Admin.into()],
        display_name: Some(" Bert B. ".to_owned()),
        ..about(&bert, 1)
    };
    let promoted = change(&directory, &amelie, promoted).await.expect("changed");
    assert_eq!((promoted.display_name.as_str(), promoted.version), ("Bert B.", 2));
    let demoted = pb::ChangeMemberRequest { roles: vec![Role::Agent.into()], ..about(&amelie, 1) };
    change(&directory, &bert, demoted).await.expect("bert is left");
    let refused = change(&directory, &amelie, about(&bert, 2)).await.expect_err("no more");
    assert_eq!(refused.code(), "admin_only");
    let acts = directory.acts(&bert).await;
    assert_eq!(acts.last().expect("kept").detail, r#"{"roles":{"from":["admin"],"to":["agent"]}}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_administrators_who_demote_each_other_at_once_leave_one() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let amelie = directory.person(organization, "amelie", Role::Admin).await;
    let bert = directory.person(organization, "bert", Role::Admin).await;
    let demoted =
        |person| pb::ChangeMemberRequest { roles: vec![Role::Agent.into()], ..about(person, 1) };
    let (first, second) = tokio::join!(
        change(&directory, &amelie, demoted(&bert)),
        change(&directory, &bert, demoted(&amelie))
    );
    assert_ne!(first.is_ok(), second.is_ok(), "{first:?} {second:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_deactivated_is_signed_out_and_cannot_come_back() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let amelie = directory.person(organization, "amelie", Role::Admin).await;
    let bert = directory.person(organization, "bert", Role::Admin).await;
    let away = pb::ChangeMemberRequest { active: Some(false), ..about(&bert, 1) };
    let gone = change(&directory, &amelie, away).await.expect("changed");
    assert_eq!((gone.deactivated, gone.session_epoch), (true, 2));
    let refused = directory.sign_in("bert", PASSWORD, "192.0.2.1").await.expect_err("refused");
    assert_eq!(refused.code(), "sign_in_failed");
    let refused = change(&directory, &bert, about(&amelie, 1)).await.expect_err("refused");
    assert_eq!((refused.class(), refused.code()), (Class::Forbidden, "not_a_member"));
    let back = pb::ChangeMemberRequest { active: Some(true), ..about(&bert, 2) };
    change(&directory, &amelie, back).await.expect("changed");
    directory.sign_in("bert", PASSWORD, "192.0.2.1").await.expect("signed in");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_lets_its_holder_in_once() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let admin = directory.person(organization, "amelie", Role::Admin).await;
    let agent = directory.person(organization, "bert", Role::Agent).await;
    let refused = invite(&directory, &agent, "chloe").await.expect_err("an agent");
    assert_eq!(refused.code(), "admin_only");
    let refused = invite(&directory, &admin, "BERT").await.expect_err("has one");
    assert_eq!(refused.code(), "login_taken");

    let made = invite(&directory, &admin, "Chloe@quai.example").await.expect("invited");
    let invitation = made.invitation.expect("an invitation");
    let (created, expires) =
        (invitation.created_at.expect("a time"), invitation.expires_at.expect("a time"));
    assert_eq!(expires.seconds - created.seconds, 7 * 24 * 3_600);
    let mut people = directory.people("gateway");
    let looked = pb::GetInvitationRequest { token: made.token.clone() };
    let looked = people.get_invitation(looked).await.expect("good").into_inner();
    assert_eq!(looked.organization.expect("one").name, "Quai");
    assert_eq!(looked.invitation.expect("one").login, "chloe@quai.example");

    let refused = accept(&directory, "another token", PASSWORD).await.expect_err("refused");
    assert_eq!((refused.class(), refused.code()), (Class::NotFound, "token_void"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_accepts_becomes_a_member_with_the_roles_that_were_given() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let admin = directory.person(organization, "amelie", Role::Admin).await;
    let made = invite(&directory, &admin, "chloe").await.expect("invited");
    let short = accept(&directory, &made.token, "eleven char").await.expect_err("too short");
    assert_eq!((short.code(), short.field()), ("password_too_short", Some("password")));
    let (first, second) = tokio::join!(
        accept(&directory, &made.token, PASSWORD),
        accept(&directory, &made.token, PASSWORD)
    );
    assert_ne!(first.is_ok(), second.is_ok(), "of two who hold it, one gets in");
    let signed_in = directory.sign_in("chloe", PASSWORD, "192.0.2.1").await.expect("signed in");
    assert_eq!(signed_in.roles, [i32::from(Role::Supervisor)]);
    let acts = directory.acts(&admin).await;
    let acts: Vec<&str> = acts.iter().rev().take(2).map(|entry| &*entry.act).collect();
    assert_eq!(acts, ["invitation.accepted", "member.invited"]);
    let everything = directory.database.database.texts("SELECT a::text FROM directory.audit AS a");
    assert!(!everything.await.concat().contains(&made.token));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_taken_back_replaced_or_over_lets_nobody_in() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let admin = directory.person(organization, "amelie", Role::Admin).await;
    let mut people = directory.people("gateway");
    let list = async || {
        let asked = admin.asks(pb::ListInvitationsRequest {});
        let listed = directory.people("gateway").list_invitations(asked).await.expect("listed");
        listed.into_inner().invitations
    };
    let first = invite(&directory, &admin, "chloe").await.expect("invited");
    let second = invite(&directory, &admin, "CHLOE").await.expect("invited again");
    assert_eq!(list().await.len(), 1, "the second stands in the place of the first");
    let refused = accept(&directory, &first.token, PASSWORD).await.expect_err("replaced");
    assert_eq!(refused.code(), "token_void");

    let id = second.invitation.expect("one").invitation_id;
    let revoke = || pb::RevokeInvitationRequest { invitation_id: id.clone() };
    people.revoke_invitation(admin.asks(revoke())).await.expect("taken back");
    assert_eq!(list().await, []);
    let refused = accept(&directory, &second.token, PASSWORD).await.expect_err("taken back");
    assert_eq!(refused.code(), "token_void");
    let again = people.revoke_invitation(admin.asks(revoke())).await.map_err(rpc::fault);
    assert_eq!(again.expect_err("gone").class(), Class::NotFound);

    let third = invite(&directory, &admin, "chloe").await.expect("invited");
    let sql = "UPDATE directory.one_time_token SET expires_at = now()";
    directory.database.database.execute(sql).await;
    let refused = accept(&directory, &third.token, PASSWORD).await.expect_err("over");
    assert_eq!(refused.code(), "token_void");
}
