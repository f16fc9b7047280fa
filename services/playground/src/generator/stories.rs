//! Tells the scripted stories: which one goes on next, and when.

use std::time::Duration;

use super::script::{Fillings, Move, Script};
use super::{arabic, english, french};
use crate::world::{
    Account, Action, Attachment, Author, FacebookAction, Happening, InstagramAction, ItemKind,
    Language, Network, Persona, Random, TiktokAction, World, XAction,
};

/// How many conversations open quickly when nothing has happened yet.
const QUICK_OPENINGS: u64 = 12;
/// How many stories are told at the same time before one is preferably continued.
const AT_THE_SAME_TIME: usize = 6;
/// In how many of a hundred turns a new story begins although others go on.
const NEW_STORIES: u8 = 45;

/// The next thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The story that it belongs to; given back with [`Stories::told`].
    pub story: u64,
    /// How long to wait before doing it, at the natural pace.
    pub wait: Duration,
    /// What to do.
    pub action: Action,
}

/// Every story that is being told.
#[derive(Debug, Clone)]
pub struct Stories {
    random: Random,
    running: Vec<Story>,
    begun: u64,
    quick: u64,
    order: Vec<usize>,
    turn: u64,
}

#[derive(Debug, Clone)]
struct Story {
    number: u64,
    script: &'static Script,
    account: Account,
    persona: Persona,
    fillings: Filled,
    next: usize,
    own: Option<String>,
    business: Option<String>,
}

#[derive(Debug, Clone)]
struct Filled {
    order: String,
    size: String,
    city: &'static str,
    product: &'static str,
}

impl Stories {
    /// The tellings that belong to `seed`. `already` is how much has happened in this world: the
    /// quick opening belongs to an empty one.
    #[must_use]
    pub fn new(seed: u64, already: u64) -> Self {
        Self {
            random: Random::for_part(seed, already),
            running: Vec::new(),
            begun: 0,
            quick: QUICK_OPENINGS.saturating_sub(already),
            order: Vec::new(),
            turn: 0,
        }
    }

    /// What happens next; none when there is no account that a story could be told to.
    pub fn next_step(&mut self, world: &World) -> Option<Step> {
        // A story that cannot go on (somebody removed its post by hand) is given up.
        for _ in 0..8 {
            let index = self.choose(world)?;
            let mut story = self.running.swap_remove(index);
            let action = story.action(world);
            if let Some(action) = action {
                let step = Step { story: story.number, wait: self.wait(), action };
                story.next += 1;
                self.running.push(story);
                return Some(step);
            }
        }
        None
    }

    /// Tells what became of a step, so that later ones can refer to it.
    pub fn told(&mut self, story: u64, happening: &Happening) {
        if let Some(story) = self.running.iter_mut().find(|one| one.number == story) {
            let id = happening.deed.id().map(ToOwned::to_owned);
            match happening.author {
                Author::Business => story.business = id.or(story.business.take()),
                Author::Persona(_) => story.own = id.or(story.own.take()),
            }
        }
        self.running.retain(|one| one.next < one.script.beats.len());
    }

    fn wait(&mut self) -> Duration {
        if self.quick > 0 {
            self.quick -= 1;
            return Duration::from_millis(self.random.between(700, 2_500));
        }
        Duration::from_millis(self.random.between(20_000, 40_000))
    }

    fn choose(&mut self, world: &World) -> Option<usize> {
        let is_full = self.running.len() >= AT_THE_SAME_TIME && !self.random.chance(NEW_STORIES);
        if self.quick > 0 || self.running.is_empty() || !is_full {
            let story = self.begin(world)?;
            self.running.push(story);
            return Some(self.running.len() - 1);
        }
        let among = u64::try_from(self.running.len()).unwrap_or(1);
        usize::try_from(self.random.below(among)).ok()
    }

    /// A story that nobody is telling right now, to a fitting account, by a person who is free.
    fn begin(&mut self, world: &World) -> Option<Story> {
        let scripts = scripts();
        for _ in 0..scripts.len() {
            if self.order.is_empty() {
                self.order = self.shuffled(scripts.len());
            }
            let script = *scripts.get(self.order.pop()?)?;
            let accounts: Vec<&Account> =
                world.accounts().iter().filter(|one| one.network == script.network).collect();
            let Some(account) = self.random.pick(&accounts).copied().cloned() else { continue };
            let persona = self.free_person(world, script.language)?;
            let fillings = self.fill(script.language);
            self.begun += 1;
            return Some(Story {
                number: self.begun,
                script,
                account,
                persona,
                fillings,
                next: 0,
                own: None,
                business: None,
            });
        }
        None
    }

    fn shuffled(&mut self, length: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..length).collect();
        for last in (1..length).rev() {
            let bound = u64::try_from(last).unwrap_or(0) + 1;
            let other = usize::try_from(self.random.below(bound)).unwrap_or(0);
            order.swap(last, other);
        }
        order
    }

    fn free_person(&mut self, world: &World, language: Language) -> Option<Persona> {
        let speakers: Vec<&Persona> =
            world.personas().iter().filter(|one| one.language == language).collect();
        let is_free =
            |persona: &Persona| !self.running.iter().any(|story| story.persona.key == persona.key);
        let free: Vec<&Persona> = speakers.iter().copied().filter(|one| is_free(one)).collect();
        // People come in turn, so that a demonstration shows many before one returns.
        let among = if free.is_empty() { &speakers } else { &free };
        self.turn += 1;
        let turn = usize::try_from(self.turn).unwrap_or(0);
        among.get(turn % among.len().max(1)).copied().cloned()
    }

    fn fill(&mut self, language: Language) -> Filled {
        let Fillings { cities, products } = match language {
            Language::En => english::FILLINGS,
            Language::Fr => french::FILLINGS,
            Language::Ar => arabic::FILLINGS,
        };
        Filled {
            order: format!("G-{}", self.random.between(100_000, 999_999)),
            size: self.random.between(36, 46).to_string(),
            city: self.random.pick(cities).copied().unwrap_or_default(),
            product: self.random.pick(products).copied().unwrap_or_default(),
        }
    }
}

fn scripts() -> Vec<&'static Script> {
    english::STORIES.iter().chain(french::STORIES).chain(arabic::STORIES).collect()
}

impl Story {
    fn words(&self, template: &str) -> String {
        template
            .replace("{order}", &self.fillings.order)
            .replace("{size}", &self.fillings.size)
            .replace("{city}", self.fillings.city)
            .replace("{product}", self.fillings.product)
            .replace("{handle}", &self.account.handle)
    }

    /// The next beat as an action; none when it refers to what is no longer there.
    fn action(&self, world: &World) -> Option<Action> {
        let (beat, template) = self.script.beats.get(self.next)?;
        let text = self.words(template);
        match self.account.network {
            Network::X => self.on_x(world, *beat, text).map(Action::X),
            Network::Facebook => self.on_facebook(world, *beat, text).map(Action::Facebook),
            Network::Instagram => self.on_instagram(world, *beat, text).map(Action::Instagram),
            Network::Tiktok => self.on_tiktok(world, *beat, text).map(Action::Tiktok),
        }
    }

    fn on_x(&self, world: &World, beat: Move, text: String) -> Option<XAction> {
        let account = self.account.account_id.clone();
        let author = Author::Persona(self.persona.key.clone());
        let business = Author::Business;
        let own = self.own.clone();
        let reply = |author, to, text| XAction::Reply { author, to, text, account: None };
        Some(match beat {
            Move::Mention => XAction::Mention { account, author, text },
            Move::ReplyToPost => reply(author, self.post(world, &account)?, text),
            Move::Quote => XAction::Quote { author, of: self.post(world, &account)?, text },
            // A reply deep in a thread is told only when it names the account or answers it.
            Move::Again if self.business.is_some() => reply(author, self.business.clone()?, text),
            Move::Again => {
                let text = format!("{text} @{}", self.account.handle);
                reply(author, own?, text)
            }
            Move::Edit => XAction::Edit { id: own?, text },
            Move::Message => XAction::Message { account, author, to: None, text },
            Move::BusinessReply => reply(business, own?, text),
            Move::BusinessMessage => {
                let to = Some(self.persona.key.clone());
                XAction::Message { account, author: business, to, text }
            }
            _ => return None,
        })
    }

    fn on_facebook(&self, world: &World, beat: Move, text: String) -> Option<FacebookAction> {
        let account = self.account.account_id.clone();
        let author = Author::Persona(self.persona.key.clone());
        let message = |author, to, attachment, text| FacebookAction::Message {
            account: account.clone(),
            author,
            to,
            text,
            attachment,
            reply_to: None,
        };
        Some(match beat {
            Move::Comment => {
                let post = self.post(world, &account)?;
                FacebookAction::Comment { author, post, text, photo: false }
            }
            Move::Again => FacebookAction::Reply { author, to: self.own.clone()?, text },
            Move::BusinessReply => {
                FacebookAction::Reply { author: Author::Business, to: self.own.clone()?, text }
            }
            Move::Edit => FacebookAction::Edit { id: self.own.clone()?, text },
            Move::VisitorPost => FacebookAction::Post { account, author, text },
            Move::WallMention => FacebookAction::Mention { account, author, text },
            Move::Message => message(author, None, None, text),
            Move::Photo => message(author, None, Some(Attachment::Image), text),
            Move::BusinessMessage => {
                message(Author::Business, Some(self.persona.key.clone()), None, text)
            }
            Move::React => FacebookAction::React {
                author,
                id: self.business.clone()?,
                emoji: text,
                withdraw: false,
            },
            _ => return None,
        })
    }

    fn on_instagram(&self, world: &World, beat: Move, text: String) -> Option<InstagramAction> {
        let account = self.account.account_id.clone();
        let author = Author::Persona(self.persona.key.clone());
        let message = |author, to, attachment, text, story| InstagramAction::Message {
            account: account.clone(),
            author,
            to,
            text,
            attachment,
            reply_to: None,
            story,
        };
        Some(match beat {
            Move::Comment => {
                InstagramAction::Comment { author, post: self.post(world, &account)?, text }
            }
            Move::Again => InstagramAction::Reply { author, to: self.own.clone()?, text },
            Move::BusinessReply => {
                InstagramAction::Reply { author: Author::Business, to: self.own.clone()?, text }
            }
            Move::WallMention | Move::CommentMention => {
                let comment = beat == Move::CommentMention;
                InstagramAction::Mention { account, author, text, comment }
            }
            Move::Message => message(author, None, None, text, None),
            Move::Photo => message(author, None, Some(Attachment::Image), text, None),
            Move::StoryReply => message(author, None, None, text, Some(story_of(world, &account)?)),
            Move::StoryMention => InstagramAction::StoryMention { account, author },
            Move::Edit => InstagramAction::Edit { id: self.own.clone()?, text },
            Move::Unsend => InstagramAction::Unsend { id: self.own.clone()? },
            Move::BusinessMessage => {
                message(Author::Business, Some(self.persona.key.clone()), None, text, None)
            }
            Move::React => InstagramAction::React {
                author,
                id: self.business.clone()?,
                emoji: text,
                withdraw: false,
            },
            _ => return None,
        })
    }

    fn on_tiktok(&self, world: &World, beat: Move, text: String) -> Option<TiktokAction> {
        let account = self.account.account_id.clone();
        let author = Author::Persona(self.persona.key.clone());
        let message = |author, to, attachment, text| TiktokAction::Message {
            account: account.clone(),
            author,
            to,
            text,
            attachment,
            reply_to: None,
        };
        Some(match beat {
            Move::Comment => {
                TiktokAction::Comment { author, post: self.post(world, &account)?, text }
            }
            Move::Again => TiktokAction::Reply { author, to: self.own.clone()?, text },
            Move::BusinessReply => {
                TiktokAction::Reply { author: Author::Business, to: self.own.clone()?, text }
            }
            Move::Message => message(author, None, None, text),
            // Words or a picture, never both.
            Move::Photo => message(author, None, Some(Attachment::Image), String::new()),
            Move::BusinessMessage => {
                message(Author::Business, Some(self.persona.key.clone()), None, text)
            }
            Move::React => TiktokAction::React {
                author,
                id: self.business.clone()?,
                emoji: text,
                withdraw: false,
            },
            _ => return None,
        })
    }

    /// One of the account's own posts, by the story's number.
    fn post(&self, world: &World, account: &str) -> Option<String> {
        let own: Vec<&String> = world
            .threads(account)
            .iter()
            .filter(|id| {
                world.item(id).is_some_and(|post| {
                    post.author == Author::Business
                        && !post.deleted
                        && matches!(post.kind, ItemKind::Post | ItemKind::PagePost)
                })
            })
            .collect();
        let turn = usize::try_from(self.number).unwrap_or(0);
        own.get(turn % own.len().max(1)).map(|id| (*id).clone())
    }
}

/// The account's newest story.
fn story_of(world: &World, account: &str) -> Option<String> {
    let mut newest = world.threads(account).iter().rev();
    let is_story = |id: &&String| {
        world.item(id).is_some_and(|item| item.kind == ItemKind::Story && !item.deleted)
    };
    newest.find(is_story).cloned()
}
