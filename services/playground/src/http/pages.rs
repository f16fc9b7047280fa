//! The page, its parts, and the pictures that the networks would host.

use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use kit_service::http::Problem;
use kit_values::Fault;
use serde::Deserialize;

use super::Served;
use super::html::{escape, fill};
use super::language::{self, PageLanguage};
use crate::world::{Persona, fingerprint};

const INDEX: &str = include_str!("../page/index.html");

/// Name, media type, content.
const ASSETS: [(&str, &str, &str); 11] = [
    ("app.js", "text/javascript; charset=utf-8", include_str!("../page/app.js")),
    ("dom.js", "text/javascript; charset=utf-8", include_str!("../page/dom.js")),
    ("phone.js", "text/javascript; charset=utf-8", include_str!("../page/phone.js")),
    ("desk.js", "text/javascript; charset=utf-8", include_str!("../page/desk.js")),
    ("bitly.js", "text/javascript; charset=utf-8", include_str!("../page/bitly.js")),
    ("business.js", "text/javascript; charset=utf-8", include_str!("../page/business.js")),
    ("faults.js", "text/javascript; charset=utf-8", include_str!("../page/faults.js")),
    ("app.css", "text/css; charset=utf-8", include_str!("../page/app.css")),
    ("icon.svg", "image/svg+xml", include_str!("../page/icon.svg")),
    ("words.en.json", "application/json", language::EN),
    ("words.fr.json", "application/json", language::FR),
];

const PHOTO: &[u8] = include_bytes!("../page/photo.png");
const FILM: &[u8] = include_bytes!("../page/film.webm");
const STICKER: &[u8] = include_bytes!("../page/sticker.png");

/// The switch of languages.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) lang: Option<String>,
}

pub(super) async fn index(asked: Query<Asked>, headers: HeaderMap) -> Response {
    let language = PageLanguage::choose(asked.lang.as_deref(), &headers);
    let mut response = Html(fill(INDEX, language.words())).into_response();
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept-language"));
    response
}

pub(super) async fn asset(Path(name): Path<String>) -> Result<Response, Problem> {
    let (_, kind, content) =
        ASSETS.iter().find(|(known, ..)| *known == name).ok_or_else(|| Fault::not_found("page"))?;
    Ok(([(CONTENT_TYPE, *kind), (CACHE_CONTROL, "no-cache")], *content).into_response())
}

/// A file of a private message; the same one for everybody.
pub(super) async fn media(Path(kind): Path<String>) -> Result<Response, Problem> {
    let file = match kind.as_str() {
        "image" => ("image/png", PHOTO.to_vec()),
        "sticker" => ("image/png", STICKER.to_vec()),
        "audio" => ("audio/wav", tone()),
        "video" => ("video/webm", FILM.to_vec()),
        "file" => ("text/plain; charset=utf-8", b"A document of the playground.\n".to_vec()),
        _ => return Err(Fault::not_found("file").into()),
    };
    let (kind, bytes) = file;
    let mut response =
        ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "max-age=3600")], bytes).into_response();
    if kind.starts_with("text/") {
        let attached = HeaderValue::from_static("attachment; filename=\"document.txt\"");
        response.headers_mut().insert(CONTENT_DISPOSITION, attached);
    }
    Ok(response)
}

/// A third of a second of a soft tone: 8,000 samples a second, eight bits, one channel.
fn tone() -> Vec<u8> {
    const SAMPLES: u32 = 2_600;
    let mut wave = b"RIFF".to_vec();
    wave.extend((36 + SAMPLES).to_le_bytes());
    wave.extend(b"WAVEfmt ");
    wave.extend(16_u32.to_le_bytes());
    wave.extend(1_u16.to_le_bytes());
    wave.extend(1_u16.to_le_bytes());
    wave.extend(8_000_u32.to_le_bytes());
    wave.extend(8_000_u32.to_le_bytes());
    wave.extend(1_u16.to_le_bytes());
    wave.extend(8_u16.to_le_bytes());
    wave.extend(b"data");
    wave.extend(SAMPLES.to_le_bytes());
    // A triangle of 20 samples: 400 hertz.
    let triangle = (0_u8..10).chain((1_u8..=10).rev());
    wave.extend(triangle.map(|step| 108 + 4 * step).cycle().zip(0..SAMPLES).map(|(one, _)| one));
    wave
}

/// Initials on a colour of the person's own.
pub(super) async fn avatar(
    State(served): State<Served>,
    Path(file): Path<String>,
) -> Result<Response, Problem> {
    let persona = file
        .strip_suffix(".svg")
        .and_then(|key| served.stage.lock().world.persona(key))
        .ok_or_else(|| Fault::not_found("picture"))?;
    let picture = picture(&persona);
    let headers = [(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "max-age=3600")];
    Ok((headers, picture).into_response())
}

fn picture(persona: &Persona) -> String {
    let initials: String = persona
        .name
        .split_whitespace()
        .filter_map(|part| part.chars().find(|letter| letter.is_alphanumeric()))
        .take(2)
        .collect();
    let hue = fingerprint(&persona.key) % 360;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 96 96\">\
         <rect width=\"96\" height=\"96\" fill=\"hsl({hue} 35% 38%)\"/>\
         <text x=\"48\" y=\"60\" font-family=\"sans-serif\" font-size=\"36\" fill=\"#fff\" \
         text-anchor=\"middle\">{}</text></svg>",
        escape(&initials)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Language;

    #[test]
    fn every_place_of_the_page_has_its_word_in_both_languages() {
        for language in [PageLanguage::En, PageLanguage::Fr] {
            let page = fill(INDEX, language.words());
            assert!(!page.contains("{{"), "a place was left open");
            assert!(page.contains(&format!("<html lang=\"{}\">", language.tag())));
        }
    }

    #[test]
    fn a_picture_holds_no_markup_of_its_person() {
        let persona = Persona {
            key: "x".into(),
            name: "<script> \"b".into(),
            handle: "x".into(),
            language: Language::En,
        };
        let picture = picture(&persona);
        assert!(!picture.contains("<script"), "{picture}");
    }

    #[test]
    fn the_page_runs_nothing_inline_and_loads_nothing_from_elsewhere() {
        let texts = ASSETS.iter().map(|(_, _, text)| *text).chain([INDEX]);
        for text in texts.filter(|text| !text.starts_with("<svg")) {
            assert!(!text.contains("https://") && !text.contains("http://"), "a foreign address");
            assert!(!text.contains("style=\"") && !text.contains("innerHTML"), "inline");
        }
        assert_eq!(INDEX.matches("<script").count(), 1);
        assert!(!INDEX.contains("onclick"));
    }
}
