//! One socket, from its hello to its end.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures::SinkExt as _;
use kit_values::mint_uuid;
use tokio::time::{Instant, sleep_until, timeout};
use uuid::Uuid;

use super::hub::{Hub, Refusal};
use super::outbox::{Cut, Fate, Inlet, Outgoing, outbox};
use super::screen::Screen;
use super::sessions::Reporter;
use super::viewers::Viewing;
use crate::domain::ConversationId;
use crate::domain::connections::Connection;
use crate::domain::feed::Key;
use crate::domain::session::Session;
use crate::domain::viewers::Looking;
use crate::edge::bearer::SessionDigest;
use crate::metrics;
use crate::wire::frames::{self, FromClient};

/// How long a client may take to say hello.
const HELLO: Duration = Duration::from_secs(10);
/// How often a client is asked whether it is there (`reference/workspace-ui.md` 3.1).
const PING: Duration = Duration::from_secs(20);
/// How long it may take to answer.
const PONG: Duration = Duration::from_secs(10);
/// Most frames of a client within ten seconds; a person causes a few.
const MOST_FRAMES: u32 = 200;
const FLOOD_WINDOW: Duration = Duration::from_secs(10);
/// How long the farewell to a client may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// What every socket reaches.
#[derive(Clone)]
pub struct Surroundings {
    /// Where it is told what happens.
    pub hub: Arc<Hub>,
    /// Where it is reported that somebody is there.
    pub reporter: Reporter,
    /// Where it says what its client looks at.
    pub viewing: Viewing,
}

/// Whose socket it is.
#[derive(Debug, Clone)]
pub struct Holder {
    /// Their session.
    pub session: Session,
    /// Its digest.
    pub digest: SessionDigest,
    /// Which build of the workspace the gateway serves.
    pub ui_build: Arc<str>,
}

/// Why a socket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    /// Its close code (RFC 6455, 7.4).
    code: u16,
    reason: &'static str,
    /// When the client shall come back, if it is told so.
    after: Option<Duration>,
}

impl End {
    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason, after: None }
    }
}

const GOING_AWAY: End = End::new(1001, "the gateway stops");
const UNSUPPORTED: End = End::new(1003, "only text frames");
const POLICY: End = End::new(1008, "not the protocol");
const FLOOD: End = End::new(1008, "too many frames");
const TRY_LATER: End = End::new(1013, "too many sockets");
const SILENT: End = End::new(4000, "no answer to a ping");
const SESSION_OVER: End = End::new(4001, "the session is over");
const TOO_SLOW: End = End::new(4008, "reading too slowly");
/// The client has gone: nobody is left to tell.
const GONE: End = End::new(1005, "");

/// Serves one socket until it ends.
pub async fn serve(mut socket: WebSocket, around: Surroundings, holder: Holder) {
    let (cursor, screen) = match hello(&mut socket, &holder).await {
        Ok(hello) => hello,
        Err(end) => return part(&mut socket, end).await,
    };
    let open = screen.open;
    let (outbox, inlet, fate) = outbox();
    match around.hub.join(&holder.session, holder.digest, &cursor, open, outbox) {
        Ok(joined) => {
            metrics::socket_opened(joined.resumed);
            let connection = mint_uuid();
            let end = {
                let session = &holder.session;
                let _reported = around.reporter.opened(Connection {
                    id: connection,
                    organization: session.organization,
                    member: session.member,
                    signed_in_at: session.created_at,
                });
                let looks = Looks { around: &around, holder: &holder, connection, key: joined.key };
                looks.at(open, false);
                let (line, looks) = (&mut socket, &looks);
                let line = Line { socket: line, looks, inlet, fate, screen };
                let end = line.run(joined.resumed).await;
                looks.at(None, false);
                end
            };
            // A gateway that stops waits for those in the hub: the farewell comes first.
            part(&mut socket, end).await;
            around.hub.leave(joined.key);
            metrics::socket_closed(end.code);
        }
        Err(Refusal::TooMany) => part(&mut socket, TRY_LATER).await,
        Err(Refusal::Stopping) => part(&mut socket, GOING_AWAY).await,
    }
}

/// Says farewell. Whoever does not take it is cut without one.
async fn part(socket: &mut WebSocket, end: End) {
    let farewell = async {
        if end == GONE {
            // The answer to the client's own farewell, if it said one.
            return socket.flush().await;
        }
        if let Some(after) = end.after {
            socket.send(Message::text(frames::goodbye(after))).await?;
        }
        let close = CloseFrame { code: end.code, reason: Utf8Bytes::from_static(end.reason) };
        socket.send(Message::Close(Some(close))).await?;
        // Closed with something unread, the line would be reset and what was sent last be lost.
        while let Some(Ok(_)) = socket.recv().await {}
        Ok(())
    };
    let _ = timeout(FAREWELL, farewell).await;
}

async fn hello(socket: &mut WebSocket, holder: &Holder) -> Result<(String, Screen), End> {
    let deadline = Instant::now() + HELLO;
    loop {
        let received = tokio::select! {
            received = socket.recv() => received,
            () = sleep_until(deadline) => return Err(POLICY),
        };
        match received {
            Some(Ok(Message::Text(text))) => {
                return match frames::read(&text) {
                    Some(FromClient::Hello { cursor, shown, open, moved }) => {
                        let mut screen = Screen::new(holder.session.member, moved);
                        screen.show(shown);
                        screen.open = open;
                        Ok((cursor, screen))
                    }
                    _ => Err(POLICY),
                };
            }
            Some(Ok(Message::Binary(_))) => return Err(UNSUPPORTED),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(GONE),
        }
    }
}

/// Says for one socket what its client looks at.
struct Looks<'a> {
    around: &'a Surroundings,
    holder: &'a Holder,
    connection: Uuid,
    key: Key,
}

impl Looks<'_> {
    fn at(&self, conversation: Option<ConversationId>, typing: bool) {
        let Session { organization, member, .. } = self.holder.session;
        let looking = Looking { connection: self.connection, member, conversation, typing };
        self.around.viewing.looks(self.key, organization, looking);
    }
}

struct Line<'a> {
    socket: &'a mut WebSocket,
    looks: &'a Looks<'a>,
    inlet: Inlet,
    fate: Fate,
    screen: Screen,
}

enum Next {
    Cut(Cut),
    Out(Option<(usize, Outgoing)>),
    In(Option<Result<Message, axum::Error>>),
    Moves,
    Timer,
}

impl Line<'_> {
    async fn run(mut self, resumed: bool) -> End {
        let holder = self.looks.holder;
        let connection = self.looks.connection.simple().to_string();
        let welcome = frames::welcome(resumed, &connection, &holder.ui_build);
        if let Err(end) = self.send(welcome).await {
            return end;
        }
        let mut timer = Instant::now() + PING;
        let mut awaiting_pong = false;
        let (mut window, mut in_window) = (Instant::now(), 0);
        loop {
            let moves = self.screen.due(Instant::now());
            let next = tokio::select! {
                biased;
                cut = self.fate.cut() => Next::Cut(cut),
                () = sleep_until(moves.unwrap_or(timer)), if moves.is_some() => Next::Moves,
                outgoing = self.inlet.next() => Next::Out(outgoing),
                received = self.socket.recv() => Next::In(received),
                () = sleep_until(timer) => Next::Timer,
            };
            match next {
                Next::Cut(cut) => return end_of(cut),
                Next::Out(None) => return GOING_AWAY,
                Next::Out(Some((bytes, outgoing))) => {
                    if let Err(end) = self.hand_out(outgoing).await {
                        return end;
                    }
                    self.inlet.sent(bytes);
                }
                Next::In(received) => {
                    match self.take(received) {
                        Ok(true) => {
                            awaiting_pong = false;
                            timer = Instant::now() + PING;
                        }
                        Ok(false) => {}
                        Err(end) => return end,
                    }
                    if window.elapsed() > FLOOD_WINDOW {
                        (window, in_window) = (Instant::now(), 0);
                    }
                    in_window += 1;
                    if in_window > MOST_FRAMES {
                        return FLOOD;
                    }
                }
                Next::Moves => {
                    if let Err(end) = self.tell_moves().await {
                        return end;
                    }
                }
                Next::Timer if awaiting_pong => return SILENT,
                Next::Timer => {
                    // First the place, then whether everything up to it was sent.
                    let current = self.looks.around.hub.current(holder.session.organization);
                    let current = current.filter(|_| self.inlet.is_empty() && !self.screen.holds());
                    if let Err(end) = self.send(frames::ping(current.as_deref())).await {
                        return end;
                    }
                    awaiting_pong = true;
                    timer = Instant::now() + PONG;
                }
            }
        }
    }

    /// Whether the frame answers a ping.
    fn take(&mut self, received: Option<Result<Message, axum::Error>>) -> Result<bool, End> {
        match received {
            Some(Ok(Message::Text(text))) => match frames::read(&text) {
                Some(FromClient::Pong) => Ok(true),
                Some(FromClient::Show { shown, open, want }) => {
                    self.screen.show(shown.into_iter().chain(want.iter().copied()));
                    if open != self.screen.open {
                        self.screen.open = open;
                        self.looks.around.hub.open(self.looks.key, open);
                        self.looks.at(open, false);
                    }
                    if !want.is_empty() {
                        self.looks.around.hub.show(self.looks.key, want);
                    }
                    Ok(false)
                }
                Some(FromClient::Typing { conversation, on }) => {
                    // Said about what was left meanwhile, it means nothing any more.
                    if self.screen.open == Some(conversation) {
                        self.looks.at(self.screen.open, on);
                    }
                    Ok(false)
                }
                Some(FromClient::Hello { .. }) | None => Err(POLICY),
            },
            Some(Ok(Message::Binary(_))) => Err(UNSUPPORTED),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(false),
            Some(Ok(Message::Close(_)) | Err(_)) | None => Err(GONE),
        }
    }

    async fn hand_out(&mut self, outgoing: Outgoing) -> Result<(), End> {
        match outgoing {
            Outgoing::Reset(cursor) => {
                self.screen.forget();
                self.send(frames::reset(&cursor)).await
            }
            Outgoing::Beside(frame) => self.send(frame.to_string()).await,
            Outgoing::Frames(frames) => {
                for frame in self.screen.write(&frames) {
                    self.send(frame).await?;
                }
                Ok(())
            }
        }
    }

    async fn tell_moves(&mut self) -> Result<(), End> {
        for frame in self.screen.release(Instant::now()) {
            self.send(frame).await?;
        }
        Ok(())
    }

    /// Sends one frame; a cut ends the waiting for a client that does not read.
    async fn send(&mut self, frame: String) -> Result<(), End> {
        tokio::select! {
            biased;
            sent = self.socket.send(Message::text(frame)) => sent.map_err(|_| GONE),
            cut = self.fate.cut() => Err(end_of(cut)),
        }
    }
}

fn end_of(cut: Cut) -> End {
    match cut {
        Cut::SessionOver => SESSION_OVER,
        Cut::TooSlow => TOO_SLOW,
        Cut::Stopping(after) => End { after: Some(after), ..GOING_AWAY },
    }
}
