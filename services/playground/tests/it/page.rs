//! The page and what permalinks open.

use serde_json::{Value, json};

use crate::support::{PAGE, Playground};

fn path_of(performed: &Value) -> String {
    let link = performed["permalink"].as_str().expect("a permalink");
    link.strip_prefix("http://inbox.test").expect("under the public address").to_owned()
}

#[tokio::test]
async fn the_page_comes_in_the_browsers_language_and_allows_nothing_inline() {
    let playground = Playground::start().await;
    let (status, headers, english) = playground.get("/playground").await;
    assert_eq!(status, 200);
    assert!(english.contains("<html lang=\"en\">") && english.contains("Simulated"));
    let policy = headers["content-security-policy"].to_str().expect("text");
    assert!(policy.starts_with("default-src 'self'") && !policy.contains("unsafe"));
    assert_eq!(headers["x-content-type-options"], "nosniff");
    let french = playground.get_in("/playground", "fr-FR,fr;q=0.9").await;
    assert!(french.contains("<html lang=\"fr\">") && french.contains("Terrain de jeu"));
    let asked = playground.get_in("/playground?lang=en", "fr-FR,fr;q=0.9").await;
    assert!(asked.contains("<html lang=\"en\">"));
    for asset in [
        "app.js",
        "bitly.js",
        "business.js",
        "dom.js",
        "faults.js",
        "phone.js",
        "desk.js",
        "app.css",
        "icon.svg",
    ] {
        assert_eq!(playground.get(&format!("/playground/{asset}")).await.0, 200, "{asset}");
    }
    assert_eq!(playground.get("/playground/secrets.txt").await.0, 404);
}

#[tokio::test]
async fn every_control_of_the_page_has_a_label() {
    let playground = Playground::start().await;
    let (_, _, page) = playground.get("/playground").await;
    let mut controls = 0;
    for tag in page.split('<').filter(|tag| tag.starts_with("input") || tag.starts_with("select")) {
        let id = tag.split("id=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id");
        assert!(page.contains(&format!("<label for=\"{id}\">")), "{id} has no label");
        controls += 1;
    }
    assert!(controls >= 9, "{controls} controls were found");
}

#[tokio::test]
async fn a_permalink_of_x_opens_the_post_within_its_thread() {
    let playground = Playground::start().await;
    let body = json!({"account": "maison", "author": "omar", "text": "السلام عليكم"});
    let first = playground.act("x/mention", body).await;
    let body = json!({"author": "business", "to": first["id"], "text": "Hello Omar"});
    let reply = playground.act("x/reply", body).await;
    let (status, _, page) = playground.get(&path_of(&reply)).await;
    assert_eq!(status, 200);
    assert!(page.contains("السلام عليكم") && page.contains("Hello Omar"));
    let marked = format!("data-id=\"{}\" aria-current=\"true\"", reply["id"].as_str().expect("id"));
    assert!(page.contains(&marked), "{page}");
    let body = json!({"id": first["id"], "text": "@maison edited"});
    let edited = playground.act("x/edit", body).await;
    let (_, _, page) = playground.get(&path_of(&first)).await;
    let id = edited["id"].as_str().expect("id");
    assert!(page.contains("newest version") && page.contains(&format!("data-id=\"{id}\"")));
    assert!(page.contains("Hello Omar"), "the answer left with the old version");
    let french = playground.get_in(&path_of(&first), "fr").await;
    assert!(french.contains("dernière version"));
    let (_, _, same) = playground.get(&format!("/playground/x/i/web/status/{id}")).await;
    assert!(same.contains(&format!("data-id=\"{id}\" aria-current")));
    assert_eq!(playground.get("/playground/x/maison/status/1").await.0, 404);
}

#[tokio::test]
async fn a_permalink_of_facebook_opens_by_whole_ids_or_their_own_numbers() {
    let playground = Playground::start().await;
    let post = playground.a_post_of("facebook", PAGE).await;
    let body = json!({"author": "lea", "post": post, "text": "Joli !", "photo": true});
    let comment = playground.act("facebook/comment", body).await;
    let id = comment["id"].as_str().expect("id");
    let path = path_of(&comment);
    assert_eq!(path, format!("/playground/facebook/{PAGE}/posts/{post}?comment_id={id}"));
    let number = post.rsplit('_').next().expect("a number");
    let comment_number = id.rsplit('_').next().expect("a number");
    let numbers =
        format!("/playground/facebook/maison.page/posts/{number}?comment_id={comment_number}");
    for path in [path, numbers, format!("/playground/facebook/{id}")] {
        let (status, _, page) = playground.get(&path).await;
        assert_eq!(status, 200, "{path}");
        assert!(page.contains("Joli !") && page.contains("/playground/media/image"));
        assert!(page.contains(&format!("data-id=\"{id}\" aria-current=\"true\"")), "{page}");
    }
    playground.act("facebook/remove", json!({"id": id})).await;
    let (_, _, page) = playground.get(&path_of(&comment)).await;
    assert!(page.contains("Deleted") && !page.contains("Joli !"));
    let elsewhere = format!("/playground/facebook/atelier/posts/{post}");
    assert_eq!(playground.get(&elsewhere).await.0, 404, "another page's post");
}

#[tokio::test]
async fn what_strangers_write_is_shown_and_never_run() {
    let playground = Playground::start().await;
    let texts = [
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "\"><script>alert(1)</script>",
        "</script><script>alert(1)</script>",
        "javascript:alert(1) data:text/html,<b> vbs\tcript:x",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "{{constructor.constructor('alert(1)')()}} ${alert(1)}",
        "\u{202E}txt.exe\u{202C} a\u{200B}b",
        "'--><!-- <b>",
    ];
    for (number, text) in texts.into_iter().enumerate() {
        let handle = format!("stranger_{number}");
        let newcomer = json!({"name": text, "handle": handle});
        assert_eq!(playground.send("POST", "personas", newcomer).await.0, 201);
        let body = json!({"account": "maison", "author": handle, "text": text});
        let post = playground.act("x/mention", body).await;
        let (_, _, page) = playground.get(&path_of(&post)).await;
        let body = page.split("<main").nth(1).expect("a main part");
        let foreign = body.split('<').skip(1).find(|tag| {
            let name = tag.trim_start_matches('/').split([' ', '>']).next().unwrap_or_default();
            let known = [
                "ol", "li", "article", "p", "strong", "bdi", "span", "time", "main", "body", "html",
            ];
            !known.contains(&name)
        });
        assert_eq!(foreign, None, "{text} became markup");
        assert!(!body.contains("onerror=alert(1)>"), "{text}");
        let (_, _, picture) = playground.get(&format!("/playground/avatars/{handle}.svg")).await;
        assert!(picture.starts_with("<svg") && picture.matches('<').count() == 5, "{picture}");
    }
    for path in ["/playground/x/%3Cscript%3E/status/%3Cscript%3E", "/playground/%3Cscript%3E"] {
        let (status, _, body) = playground.get(path).await;
        assert_eq!(status, 404);
        assert!(!body.contains("<script>"), "{body}");
    }
}

#[tokio::test]
async fn files_of_messages_are_served_as_what_they_are() {
    let playground = Playground::start().await;
    for (kind, expected) in [
        ("image", "image/png"),
        ("sticker", "image/png"),
        ("audio", "audio/wav"),
        ("video", "video/webm"),
    ] {
        let (status, headers, _) = playground.get(&format!("/playground/media/{kind}")).await;
        assert_eq!((status, headers["content-type"].to_str().expect("text")), (200, expected));
    }
    let (_, headers, _) = playground.get("/playground/media/file").await;
    assert!(headers["content-disposition"].to_str().expect("text").starts_with("attachment"));
    assert_eq!(playground.get("/playground/media/secret").await.0, 404);
}
