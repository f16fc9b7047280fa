//! Calls of the networks' APIs: who may call, how often, and what an accepted call comes to.

use std::time::Duration;

use kit_values::Fault;
use time::OffsetDateTime;

use super::{Performed, Stage};
use crate::limits::{Limits, Rule, Standing};
use crate::log::Outcome;
use crate::trouble::Fate;
use crate::world::{
    Account, Author, Call, CallKind, Deed, Happening, Network, Origin, TOKEN, World,
};

/// How long after an accepted call its webhook leaves, so that the answer is usually first.
const ECHO_AFTER: Duration = Duration::from_millis(150);

/// A caller that may go on.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// Who calls.
    pub account: Account,
    /// How it stands with its limits, in the order of the rules.
    pub standings: Vec<Standing>,
}

/// A caller that may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turned {
    /// The token is nobody's, or taken for nobody's by a switch.
    Unauthorized,
    /// A limit is used up.
    UsedUp(Standing),
    /// Refused for its rate by a switch: with how many seconds to wait, or without a word.
    Limited(Option<u32>),
    /// Facebook's error in an answer that says 200, by a switch.
    ErrorIn200,
}

/// What an allowed call asks for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What is done.
    pub deed: Deed,
    /// What was called for.
    pub kind: CallKind,
    /// The network's id of what it is directed at.
    pub target: String,
    /// What the echo repeats.
    pub metadata: Option<String>,
}

/// An accepted call.
#[derive(Debug)]
pub struct Taken {
    /// What happened.
    pub happening: Happening,
    /// What it came to.
    pub performed: Performed,
    /// What its caller gets.
    pub fate: Fate,
}

impl Stage {
    /// The account whose token this is.
    #[must_use]
    pub fn caller(&self, network: Network, token: Option<&str>) -> Option<Account> {
        let id = token?.strip_prefix(TOKEN)?;
        let inner = self.lock();
        inner.world.account(network, id).filter(|account| account.account_id == id).cloned()
    }

    /// Whether a caller may go on: `rules` are its limits, of which a call that does something
    /// (`acts`) may also be told by a switch that they are used up.
    ///
    /// # Errors
    /// How it is turned away.
    pub fn admit(
        &self,
        account: Account,
        acts: bool,
        rules: impl FnOnce(&World, &Account, Limits) -> Vec<Rule>,
        now: OffsetDateTime,
    ) -> Result<Admitted, Turned> {
        let network = account.network;
        let mut guard = self.lock();
        let inner = &mut *guard;
        if inner.trouble.refuses_token(network) {
            return Err(Turned::Unauthorized);
        }
        if acts && let Some(hint) = inner.trouble.limits(network) {
            return Err(Turned::Limited(hint));
        }
        let rules = rules(&inner.world, &account, inner.trouble.faults().limits);
        let standings = inner.windows.count(&rules, now).map_err(Turned::UsedUp)?;
        if acts && inner.trouble.answers_error(network) {
            return Err(Turned::ErrorIn200);
        }
        Ok(Admitted { account, standings })
    }

    /// Decides a call, and if it is allowed, does it: it is in the journal, in the world and on
    /// its way to whoever is told, before this returns.
    ///
    /// # Errors
    /// The network's refusal; or, in the second place, that the journal cannot be written, and
    /// then nothing has happened.
    pub fn take<R>(
        &self,
        account: &Account,
        now: OffsetDateTime,
        decide: impl FnOnce(&World, u64) -> Result<Asked, R>,
    ) -> Result<Result<Taken, R>, Fault> {
        let mut inner = self.lock();
        let snowflake = inner.world.mint(now);
        let Asked { deed, kind, target, metadata } = match decide(&inner.world, snowflake) {
            Ok(asked) => asked,
            Err(refused) => return Ok(Err(refused)),
        };
        let fate = inner.trouble.fate(account.network);
        let happening = Happening {
            number: inner.world.last_number() + 1,
            at: now,
            network: account.network,
            account: account.account_id.clone(),
            author: Author::Business,
            origin: Origin::Api,
            withheld: false,
            deed,
            call: Some(Call { kind, target, metadata, answered: fate.answered }),
        };
        let later = if fate.echo_first { Duration::ZERO } else { ECHO_AFTER };
        let performed = self.happen(&mut inner, &happening, later)?;
        Ok(Ok(Taken { happening, performed, fate }))
    }

    /// Whether everything that was to be told of a happening was answered, or given up.
    #[must_use]
    pub fn is_told(&self, number: u64, updates: usize) -> bool {
        let inner = self.lock();
        (0..updates).all(|index| {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            inner.log.outcome(number, index) != Some(Outcome::Pending)
        })
    }
}

/// A person who answers in Messenger has read what the page wrote: the receipt that goes before,
/// when the page wrote it by a call. Its number is the answer's.
#[must_use]
pub fn read_before(world: &World, answer: &Happening) -> Option<Happening> {
    let Deed::MessengerWrote { .. } = answer.deed else { return None };
    let persona = answer.author.persona()?;
    let read = world.known().read(&answer.account, persona);
    let newest = world
        .inbox(&answer.account, persona)
        .iter()
        .rev()
        .filter_map(|id| world.item(id))
        .find(|item| item.author == Author::Business)?;
    let is_unread = newest.by_call && newest.number > read;
    is_unread.then(|| Happening { deed: Deed::ReadAll, withheld: false, ..answer.clone() })
}
