//! How the networks check that a callback address is ours.

use networks::Network;
use reqwest::StatusCode;

use crate::house::{House, VERIFY_TOKEN};

#[tokio::test(flavor = "multi_thread")]
async fn meta_gets_its_challenge_back_as_plain_text_and_nothing_else() {
    let house = House::new().await;
    let ask = async |mode: &str, token: &str, challenge: &str| {
        let query = [("hub.mode", mode), ("hub.verify_token", token), ("hub.challenge", challenge)];
        let address = house.address(Network::Facebook);
        house.client.get(address).query(&query).send().await.expect("answers")
    };
    for challenge in ["1158201444", "<script>alert(1)</script>", "a\r\nset-cookie: b=c"] {
        let answer = ask("subscribe", VERIFY_TOKEN, challenge).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        let content_type = answer.headers()["content-type"].to_str().expect("is text");
        assert!(content_type.starts_with("text/plain"));
        assert!(answer.headers().get("set-cookie").is_none());
        assert_eq!(answer.text().await.expect("reads"), challenge);
    }
    for (mode, token, challenge) in [
        ("subscribe", "wrong", "1"),
        ("subscribe", "", "1"),
        ("unsubscribe", VERIFY_TOKEN, "1"),
        ("subscribe", VERIFY_TOKEN, &"1".repeat(2_000)),
    ] {
        let answer = ask(mode, token, challenge).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        assert!(answer.bytes().await.expect("reads").is_empty());
    }
    let unknown = format!("{}/hooks/facebook/{}", house.http, house.x);
    let answer = house.client.get(unknown).send().await.expect("answers");
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn x_gets_its_token_back_signed() {
    let house = House::new().await;
    let address = house.address(Network::X);
    let query = [("crc_token", "a-token")];
    let answer = house.client.get(&address).query(&query).send().await.expect("answers");
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "application/json");
    let body: serde_json::Value =
        serde_json::from_slice(&answer.bytes().await.expect("reads")).expect("is JSON");
    let expected = networks::sign(Network::X, b"a-token", &House::secret(Network::X));
    assert_eq!(body["response_token"], expected);
    let answer = house.client.get(&address).send().await.expect("answers");
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "nothing asked");
}
