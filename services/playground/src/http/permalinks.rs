//! What a permalink opens: the thread of one public post, as its network would show it.

use std::fmt::Write as _;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::Served;
use super::html::escape;
use super::language::{PageLanguage, Words};
use super::views;
use crate::world::{Attachment, Author, Item, ItemKind, Network, World};

/// How deep answers are shown inside answers; deeper ones stand at that depth.
const DEEPEST: usize = 6;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    comment_id: Option<String>,
    #[serde(default)]
    lang: Option<String>,
}

impl Asked {
    fn language(&self, headers: &HeaderMap) -> PageLanguage {
        PageLanguage::choose(self.lang.as_deref(), headers)
    }
}

/// `/playground/x/<handle>/status/<id>`: as on X, the handle is for people to read and not
/// looked at.
pub(super) async fn on_x(
    State(served): State<Served>,
    Path((_, id)): Path<(String, String)>,
    asked: Query<Asked>,
    headers: HeaderMap,
) -> Response {
    x_post(&served.stage.lock().world, &id, asked.language(&headers))
}

/// `/playground/x/i/web/status/<id>`: for those who do not know the handle.
pub(super) async fn on_x_without_handle(
    State(served): State<Served>,
    Path(id): Path<String>,
    asked: Query<Asked>,
    headers: HeaderMap,
) -> Response {
    x_post(&served.stage.lock().world, &id, asked.language(&headers))
}

fn x_post(world: &World, id: &str, language: PageLanguage) -> Response {
    let found = world.item(id).filter(|item| item.kind == ItemKind::Post);
    let Some(item) = found else { return missing(language) };
    let newest = world.latest(&item.id);
    let reader = Reader { world, words: language.words(), marked: newest };
    reader.page(language, Network::X, newest != item.id, world.top_of(newest))
}

/// `/playground/facebook/<page>/posts/<post>?comment_id=<comment>`: whole ids, or their own
/// numbers alone.
pub(super) async fn on_facebook(
    State(served): State<Served>,
    Path((page, post)): Path<(String, String)>,
    asked: Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let language = asked.language(&headers);
    let inner = served.stage.lock();
    let world = &inner.world;
    let Some(account) = world.account(Network::Facebook, &page) else { return missing(language) };
    let whole = format!("{}_{post}", account.account_id);
    let found = world.item(&post).or_else(|| world.item(&whole));
    let Some(item) = found.filter(|item| item.account == account.account_id && is_top(item)) else {
        return missing(language);
    };
    let comment = asked.comment_id.as_deref().and_then(|id| {
        let whole = format!("{}_{id}", own_number(&item.id));
        world.item(id).or_else(|| world.item(&whole)).filter(|comment| comment.root == item.id)
    });
    facebook_thread(world, comment.unwrap_or(item), language)
}

/// `/playground/facebook/<id>`: of a post or a comment.
pub(super) async fn on_facebook_by_id(
    State(served): State<Served>,
    Path(id): Path<String>,
    asked: Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let language = asked.language(&headers);
    let inner = served.stage.lock();
    let found = inner.world.item(&id);
    match found.filter(|item| is_top(item) || item.kind == ItemKind::Comment) {
        Some(item) => facebook_thread(&inner.world, item, language),
        None => missing(language),
    }
}

fn facebook_thread(world: &World, marked: &Item, language: PageLanguage) -> Response {
    let reader = Reader { world, words: language.words(), marked: &marked.id };
    reader.page(language, Network::Facebook, false, &marked.root)
}

/// `/playground/instagram/…`: `p/<post>/`, `p/<post>/c/<comment>/`, `stories/<handle>/<story>/`,
/// or an id alone; and with `comment_id`.
pub(super) async fn on_instagram(
    State(served): State<Served>,
    Path(path): Path<String>,
    asked: Query<Asked>,
    headers: HeaderMap,
) -> Response {
    by_path(&served, Network::Instagram, &path, &asked, &headers)
}

/// `/playground/tiktok/…`: `@<handle>/video/<video>`, or an id alone; and with `comment_id`.
pub(super) async fn on_tiktok(
    State(served): State<Served>,
    Path(path): Path<String>,
    asked: Query<Asked>,
    headers: HeaderMap,
) -> Response {
    by_path(&served, Network::Tiktok, &path, &asked, &headers)
}

/// The thing named last.
fn by_path(
    served: &Served,
    network: Network,
    path: &str,
    asked: &Asked,
    headers: &HeaderMap,
) -> Response {
    let language = asked.language(headers);
    let inner = served.stage.lock();
    let world = &inner.world;
    let named = path.trim_end_matches('/').rsplit('/').next();
    let public = |item: &&Item| item.network == network && !item.is_private();
    let thing = named.and_then(|id| world.item(id)).filter(public);
    let comment = asked.comment_id.as_deref().and_then(|id| world.item(id)).filter(public);
    let Some(item) = comment.or(thing) else { return missing(language) };
    let reader = Reader { world, words: language.words(), marked: &item.id };
    // Of somebody else's post nothing is known but what names the account.
    let top = if world.item(&item.root).is_some() { &item.root } else { top_known(world, item) };
    reader.page(language, network, false, top)
}

fn top_known<'a>(world: &'a World, item: &'a Item) -> &'a str {
    let mut current = item;
    while let Some(parent) = current.parent.as_deref().and_then(|id| world.item(id)) {
        current = parent;
    }
    &current.id
}

fn is_top(item: &Item) -> bool {
    matches!(item.kind, ItemKind::PagePost | ItemKind::WallPost)
}

fn own_number(id: &str) -> &str {
    id.rsplit('_').next().unwrap_or(id)
}

fn word<'a>(words: &'a Words, key: &'a str) -> &'a str {
    words.get(key).map_or(key, String::as_str)
}

fn missing(language: PageLanguage) -> Response {
    let words = language.words();
    let sentence = escape(word(words, "not_found"));
    let page = document(language, &sentence, &format!("<p>{sentence}</p>"));
    (StatusCode::NOT_FOUND, Html(page)).into_response()
}

struct Reader<'a> {
    world: &'a World,
    words: &'a Words,
    marked: &'a str,
}

impl<'a> Reader<'a> {
    fn page(
        &self,
        language: PageLanguage,
        network: Network,
        is_newer: bool,
        top: &str,
    ) -> Response {
        let name = word(self.words, &format!("network_{}", network.as_str())).to_owned();
        let title = escape(&word(self.words, "permalink_title").replace("{network}", &name));
        let mut body = String::new();
        if is_newer {
            let note = escape(word(self.words, "newer_version"));
            let _ = write!(body, "<p class=\"meta\">{note}</p>");
        }
        body.push_str("<ol class=\"things\">");
        if let Some(item) = self.world.item(top) {
            self.thread(&mut body, item, 0);
        }
        body.push_str("</ol>");
        Html(document(language, &title, &body)).into_response()
    }

    fn thread(&self, page: &mut String, item: &'a Item, depth: usize) {
        page.push_str("<li>");
        self.thing(page, item);
        if depth < DEEPEST {
            let mut inside = String::new();
            self.answers(item).for_each(|answer| self.thread(&mut inside, answer, depth + 1));
            if !inside.is_empty() {
                let _ = write!(page, "<ol class=\"things\">{inside}</ol>");
            }
            page.push_str("</li>");
            return;
        }
        page.push_str("</li>");
        // From here on one below the other, without recursion: a thread may be any length.
        let mut left: Vec<&Item> = self.answers(item).rev().collect();
        while let Some(answer) = left.pop() {
            page.push_str("<li>");
            self.thing(page, answer);
            page.push_str("</li>");
            left.extend(self.answers(answer).rev());
        }
    }

    fn answers(&self, item: &'a Item) -> impl DoubleEndedIterator<Item = &'a Item> + use<'a> {
        let world = self.world;
        item.children.iter().filter_map(|id| world.item(id))
    }

    fn thing(&self, page: &mut String, item: &Item) {
        let author = views::author(self.world, item);
        let class = if item.author == Author::Business { "thing own" } else { "thing" };
        let current = if item.id == self.marked { " aria-current=\"true\"" } else { "" };
        let _ = write!(
            page,
            "<article class=\"{class}\" data-id=\"{}\"{current}><p class=\"who\"><strong><bdi>{}\
             </bdi></strong> <span class=\"meta\"><bdi>@{}</bdi></span> {}",
            escape(&item.id),
            escape(&author.name),
            escape(&author.handle),
            moment(item),
        );
        for (applies, key) in [
            (views::is_edited(item), "edited"),
            (item.hidden, "hidden"),
            (!item.liked_by.is_empty(), "liked"),
            (!item.reposted_by.is_empty(), "reposted"),
            (!views::followers(self.world, item).is_empty(), "followed"),
        ] {
            if applies {
                let _ = write!(page, " <span class=\"chip\">{}</span>", self.escaped(key));
            }
        }
        page.push_str("</p>");
        if item.deleted {
            let _ = write!(page, "<p class=\"meta\">{}</p>", self.escaped("deleted"));
        } else {
            let text = escape(&item.text);
            let _ = write!(page, "<p class=\"words\" dir=\"auto\">{text}</p>");
            self.quoted(page, item);
            self.pictured(page, item);
        }
        page.push_str("</article>");
    }

    fn pictured(&self, page: &mut String, item: &Item) {
        let _ = match item.attachment {
            Some(Attachment::Image) => {
                let name = self.escaped("photo");
                write!(page, "<img class=\"photo\" src=\"/playground/media/image\" alt=\"{name}\">")
            }
            Some(Attachment::Video) => {
                let name = self.escaped("attachment_video");
                write!(page, "<p><a href=\"/playground/media/video\">{name}</a></p>")
            }
            _ => Ok(()),
        };
    }

    fn quoted(&self, page: &mut String, item: &Item) {
        let Some(quoted) = item.quotes.as_deref().and_then(|id| self.world.item(id)) else {
            return;
        };
        let author = views::author(self.world, quoted);
        let text = if quoted.deleted { "" } else { &quoted.text };
        let _ = write!(
            page,
            "<div class=\"quoted\"><p>{} <bdi>{}</bdi></p><p class=\"words\" dir=\"auto\">{}</p>\
             </div>",
            self.escaped("quoting"),
            escape(&author.name),
            escape(text),
        );
    }

    fn escaped(&self, key: &str) -> String {
        escape(word(self.words, key))
    }
}

fn moment(item: &Item) -> String {
    let machine = item.at.format(&time::format_description::well_known::Rfc3339);
    let people =
        time::macros::format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
    let people = item.at.format(&people);
    format!(
        "<time class=\"meta\" datetime=\"{}\">{}</time>",
        machine.unwrap_or_default(),
        people.unwrap_or_default()
    )
}

/// `title` and `body` are HTML.
fn document(language: PageLanguage, title: &str, body: &str) -> String {
    let words = language.words();
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <link rel=\"icon\" href=\"/playground/icon.svg\" type=\"image/svg+xml\">\n\
         <link rel=\"stylesheet\" href=\"/playground/app.css\">\n</head>\n<body>\n\
         <header class=\"bar\"><h1>{title}</h1><p class=\"badge\">{}</p>\
         <p class=\"lead\">{}</p><a class=\"button\" href=\"/playground\">{}</a></header>\n\
         <main class=\"reader\">{body}</main>\n</body>\n</html>\n",
        language.tag(),
        escape(word(words, "simulated")),
        escape(word(words, "permalink_notice")),
        escape(word(words, "permalink_back")),
    )
}
