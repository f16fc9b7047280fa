//! Local sign-in.

use std::time::{Duration, Instant};

use kit_values::Class;

use crate::harness::{Directory, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_signs_in_whatever_the_case_of_the_login() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    let member = directory.member(organization, "amelie@quai.example").await.expect("created");
    let signed_in = directory.sign_in(" AMELIE@quai.example", PASSWORD, "192.0.2.1").await;
    assert_eq!(signed_in.expect("signed in"), member);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_login_is_answered_like_a_wrong_password() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    directory.member(organization, "amelie").await.expect("created");
    for (login, password) in
        [("amelie", "wrong"), ("nobody", PASSWORD), ("", ""), ("two words", "x"), ("amelie", "")]
    {
        let fault = directory.sign_in(login, password, "192.0.2.1").await.expect_err("refused");
        assert_eq!(
            (fault.class(), fault.code(), fault.sentence()),
            (Class::Unauthenticated, "sign_in_failed", "The login or the password is wrong."),
            "{login}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_login_takes_the_time_of_a_wrong_password() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    for index in 0..8 {
        directory.member(organization, &format!("member-{index}")).await.expect("created");
    }
    let mut times = [Vec::new(), Vec::new()];
    for index in 0..8 {
        for (times, login) in
            times.iter_mut().zip([format!("member-{index}"), format!("nobody-{index}")])
        {
            let started = Instant::now();
            directory.sign_in(&login, "wrong", "192.0.2.1").await.expect_err("refused");
            times.push(started.elapsed());
        }
    }
    let [known, unknown] = times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64()
    });
    let ratio = unknown / known;
    // Without the decoy an unknown login would be answered without hashing, in a tenth of it.
    assert!((0.5..2.0).contains(&ratio), "known {known} s, unknown {unknown} s");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_throttled_after_ten_failures_known_or_not() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    directory.member(organization, "amelie").await.expect("created");
    for login in ["amelie", "nobody"] {
        for attempt in 0..10 {
            let address = format!("192.0.2.{attempt}");
            let fault = directory.sign_in(login, "wrong", &address).await.expect_err("refused");
            assert_eq!(fault.code(), "sign_in_failed", "{login}, attempt {attempt}");
        }
        let fault = directory.sign_in(login, PASSWORD, "198.51.100.1").await.expect_err("refused");
        assert_eq!((fault.class(), fault.code()), (Class::Limited, "sign_in_throttled"));
        let wait = fault.wait().expect("how long to wait");
        assert!(wait > Duration::from_secs(30) && wait <= Duration::from_mins(1), "{wait:?}");
    }
    let kept = "SELECT count(*) FROM directory.sign_in_throttle";
    assert_eq!(directory.database.database.number(kept).await, 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_success_forgives_the_logins_failures() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    directory.member(organization, "amelie").await.expect("created");
    for _ in 0..2 {
        for _ in 0..9 {
            directory.sign_in("amelie", "wrong", "192.0.2.1").await.expect_err("refused");
        }
        directory.sign_in("amelie", PASSWORD, "192.0.2.1").await.expect("signed in");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_throttled_over_all_logins() {
    let directory = Directory::start().await;
    let organization = directory.organization("Quai").await;
    directory.member(organization, "amelie").await.expect("created");
    // As if a hundred failures had been made: the row holds when they are forgotten.
    directory.sign_in("nobody", "wrong", "2001:db8:1:2::1").await.expect_err("refused");
    directory
        .database
        .database
        .execute("UPDATE directory.sign_in_throttle SET settled_at = now() + interval '600 s'")
        .await;
    let same_network =
        directory.sign_in("amelie", PASSWORD, "2001:db8:1:2:ffff::9").await.expect_err("refused");
    assert_eq!(same_network.code(), "sign_in_throttled");
    directory.sign_in("amelie", PASSWORD, "2001:db8:1:3::1").await.expect("another network");
}
