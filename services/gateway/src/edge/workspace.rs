//! The workspace's files, embedded in the binary behind the feature `embed-ui`.
//!
//! Files under `assets/` have their hash in their name and never change; everything else is
//! asked for again each time. Addresses of the workspace's own routes get its page. Deliberately
//! absent: building it, which is npm's work before cargo's.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// One file.
pub struct File {
    bytes: Cow<'static, [u8]>,
    digest: [u8; 32],
}

/// Finds a file by its path without a leading slash.
pub type Find = fn(&str) -> Option<File>;

/// What is served where no file was embedded.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
    <title>Guichet</title><h1>Guichet</h1><p>This binary was built without the workspace. Build \
    it with <code>npm ci --ignore-scripts &amp;&amp; npm run build</code> in \
    <code>services/workspace</code>, then build the binary with the feature \
    <code>embed-ui</code>.</p></html>";

const PAGE: &str = "index.html";

#[cfg(feature = "embed-ui")]
mod embedded {
    /// Without the folder there are no files, and the page says what to build.
    #[derive(rust_embed::RustEmbed)]
    #[folder = "../workspace/dist"]
    #[allow_missing = true]
    struct Dist;

    pub(super) fn find(path: &str) -> Option<super::File> {
        Dist::get(path)
            .map(|file| super::File { digest: file.metadata.sha256_hash(), bytes: file.data })
    }
}

/// The embedded files.
#[cfg(feature = "embed-ui")]
pub const EMBEDDED: Find = embedded::find;
/// No file is embedded.
#[cfg(not(feature = "embed-ui"))]
pub const EMBEDDED: Find = |_| None;

/// Which build of the workspace this is: what the build says of itself, else a name that is the
/// same for the same page; `none` without one.
#[must_use]
pub fn build(find: Find) -> String {
    #[derive(serde::Deserialize)]
    struct Build {
        ui_build: String,
    }
    let Some(page) = find(PAGE) else { return "none".to_owned() };
    find("build.json")
        .and_then(|said| serde_json::from_slice::<Build>(&said.bytes).ok())
        .map_or_else(|| hex::encode(&page.digest[..6]), |said| said.ui_build)
}

/// Answers a request for a file, or for one of the workspace's own addresses.
#[must_use]
pub fn answer(find: Find, method: &Method, path: &str, headers: &HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        let allow = [(header::ALLOW, "GET, HEAD")];
        return (StatusCode::METHOD_NOT_ALLOWED, allow).into_response();
    }
    let path = path.trim_start_matches('/');
    let path = if path.is_empty() { PAGE } else { path };
    let is_sibling = [".br", ".gz"].iter().any(|ending| path.ends_with(ending));
    if !is_sibling && find(path).is_some() {
        return file(find, method, path, headers);
    }
    // An address of the workspace itself has no ending.
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.contains('.') && path != PAGE {
        return (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-cache")]).into_response();
    }
    if find(PAGE).is_some() {
        file(find, method, PAGE, headers)
    } else {
        let kind = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-cache"),
        ];
        (kind, NOT_BUILT).into_response()
    }
}

fn file(find: Find, method: &Method, path: &str, headers: &HeaderMap) -> Response {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let compressed = [("br", ".br"), ("gzip", ".gz")].into_iter().find_map(|(coding, ending)| {
        accepts(accepted, coding)
            .then(|| find(&format!("{path}{ending}")))?
            .map(|file| (coding, file))
    });
    let (coding, file) = match compressed {
        Some((coding, file)) => (Some(coding), file),
        None => match find(path) {
            Some(file) => (None, file),
            None => return StatusCode::NOT_FOUND.into_response(),
        },
    };

    let tag = format!("\"{}\"", hex::encode(&file.digest[..16]));
    let known = headers.get_all(header::IF_NONE_MATCH).iter().any(|value| {
        value.to_str().is_ok_and(|tags| {
            tags.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|known| known == tag)
        })
    });
    let caching = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let length = HeaderValue::from(file.bytes.len());
        let body = match (method == Method::HEAD, file.bytes) {
            (true, _) => Body::empty(),
            (false, Cow::Borrowed(bytes)) => Body::from(bytes),
            (false, Cow::Owned(bytes)) => Body::from(bytes),
        };
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_LENGTH, length);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// Whether a coding is named and not refused (`q=0`).
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = parts.any(|part| {
            part.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).is_some_and(|q| q <= 0.0)
        });
        named && !refused
    })
}

/// What the build produces, and nothing else.
fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some_files(path: &str) -> Option<File> {
        let text: &'static str = match path {
            "index.html" => "<html>",
            "assets/app-1a2b.js" => "plain",
            "assets/app-1a2b.js.br" => "brotli",
            "assets/app-1a2b.js.gz" => "gzipped",
            "build.json" => "{\"ui_build\":\"68f09f\"}",
            _ => return None,
        };
        let mut digest = [0; 32];
        digest[..text.len()].copy_from_slice(text.as_bytes());
        Some(File { bytes: Cow::Borrowed(text.as_bytes()), digest })
    }

    fn get(path: &str, headers: &[(header::HeaderName, &str)]) -> Response {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_str(value).expect("a value")))
            .collect();
        answer(some_files, &Method::GET, path, &headers)
    }

    fn header_of(response: &Response, name: header::HeaderName) -> &str {
        response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
    }

    #[test]
    fn a_file_with_its_hash_in_its_name_never_changes_and_the_page_is_asked_for_again() {
        let file = get("/assets/app-1a2b.js", &[]);
        assert!(header_of(&file, header::CACHE_CONTROL).contains("immutable"));
        assert_eq!(header_of(&file, header::CONTENT_TYPE), "text/javascript; charset=utf-8");
        for address in ["/", "/index.html", "/inbox/new", "/signin"] {
            let page = get(address, &[]);
            assert_eq!(page.status(), StatusCode::OK, "{address}");
            assert_eq!(header_of(&page, header::CACHE_CONTROL), "no-cache", "{address}");
            assert!(!header_of(&page, header::ETAG).is_empty(), "{address}");
        }
    }

    #[test]
    fn the_best_accepted_coding_is_chosen() {
        for (accepted, expected) in [
            ("gzip, br", "br"),
            ("gzip", "gzip"),
            ("br;q=0, gzip", "gzip"),
            ("br;q=0.0", ""),
            ("identity", ""),
            ("brotli", ""),
        ] {
            let file = get("/assets/app-1a2b.js", &[(header::ACCEPT_ENCODING, accepted)]);
            assert_eq!(header_of(&file, header::CONTENT_ENCODING), expected, "{accepted}");
            assert_eq!(header_of(&file, header::VARY), "accept-encoding");
        }
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        let tag = header_of(&get("/", &[]), header::ETAG).to_owned();
        let again = get("/", &[(header::IF_NONE_MATCH, &format!("\"other\", W/{tag}"))]);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(header_of(&again, header::ETAG), tag);
        assert_eq!(get("/", &[(header::IF_NONE_MATCH, "\"other\"")]).status(), StatusCode::OK);
    }

    #[test]
    fn a_missing_file_is_not_the_page() {
        for path in
            ["/assets/app-old.js", "/favicon.ico", "/assets/app-1a2b.js.br", "/../secret.txt"]
        {
            assert_eq!(get(path, &[]).status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn without_a_built_workspace_the_page_says_what_to_do() {
        let response = answer(|_| None, &Method::GET, "/inbox/new", &HeaderMap::new());
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(build(|_| None), "none");
        assert_eq!(build(some_files), "68f09f");
        let page_alone: Find = |path| (path == PAGE).then(|| some_files(path)).flatten();
        assert_eq!(build(page_alone), hex::encode(b"<html>"));
    }
}
