//! The conversations of one contact identity: what a decision acts on.

use super::fold::evolve;
use super::history::Entry;
use super::standing::ConversationState;
use super::words::ConversationId;

/// The conversations of one identity in the order in which they were opened. It may hold only
/// those that decisions look at: of those that are no signposts the first, the newest, and the one
/// before, and the newest of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdentityState {
    conversations: Vec<ConversationState>,
}

impl IdentityState {
    /// The state with these conversations, in any order.
    #[must_use]
    pub fn new(mut conversations: Vec<ConversationState>) -> Self {
        conversations.sort_by_key(|conversation| conversation.ordinal);
        Self { conversations }
    }

    /// All of them, in the order in which they were opened.
    #[must_use]
    pub fn conversations(&self) -> &[ConversationState] {
        &self.conversations
    }

    /// The one with this id.
    #[must_use]
    pub fn get(&self, id: ConversationId) -> Option<&ConversationState> {
        self.conversations.iter().find(|conversation| conversation.id == id)
    }

    /// The first that is no signpost.
    #[must_use]
    pub fn first(&self) -> Option<&ConversationState> {
        self.conversations.iter().find(|conversation| !conversation.is_absorbed())
    }

    /// The newest that is no signpost: the only one that can be open.
    #[must_use]
    pub fn newest(&self) -> Option<&ConversationState> {
        self.conversations.iter().rev().find(|conversation| !conversation.is_absorbed())
    }

    /// The conversation that the last resolving decision left resolved: the newest, or, while a
    /// fresh one is open, the one that it follows.
    #[must_use]
    pub fn last_resolved(&self) -> Option<&ConversationState> {
        let newest = self.newest()?;
        let candidate = if newest.is_fresh() { self.get(newest.previous?)? } else { newest };
        candidate.resolved_by_decision().then_some(candidate)
    }

    /// The ordinal of the next conversation.
    #[must_use]
    pub fn next_ordinal(&self) -> i32 {
        self.conversations.last().map_or(1, |newest| newest.ordinal + 1)
    }

    /// Takes one out, for another identity.
    pub(super) fn release(&mut self, id: ConversationId) -> Option<ConversationState> {
        let position = self.conversations.iter().position(|known| known.id == id)?;
        Some(self.conversations.remove(position))
    }

    /// Takes one over from another identity; what it is here is folded next.
    pub(super) fn receive(&mut self, conversation: ConversationState) {
        self.conversations.push(conversation);
    }

    /// Folds one more entry.
    pub fn apply(&mut self, entry: &Entry) {
        let position = self.conversations.iter().position(|known| known.id == entry.conversation);
        if let Some(position) = position {
            let known = self.conversations.remove(position);
            self.conversations.insert(position, evolve(known, entry));
        } else {
            let unborn = ConversationState::unborn(entry.conversation);
            self.conversations.push(evolve(unborn, entry));
        }
    }
}
