//! The decisions: how long a session lives, what a cursor means, what is in the ring, and which
//! socket is told what. Plain functions and state machines over values.
//!
//! Deliberately absent: JSON, sockets and gRPC, which are the shell's; and every rule about
//! conversations, which are another service's.

pub mod access;
pub mod audit;
pub mod connections;
pub mod drain;
pub mod feed;
pub mod origin;
pub mod personal;
pub mod position;
pub mod ring;
pub mod session;
pub mod typists;
pub mod viewers;

use kit_values::typed_id;

typed_id! {
    /// A person of one organization.
    pub MemberId(MemberKind) = "mem"
}
typed_id! {
    /// A conversation.
    pub ConversationId(ConversationKind) = "conv"
}
typed_id! {
    /// A message of a conversation.
    pub MessageId(MessageKind) = "msg"
}
typed_id! {
    /// A connected account.
    pub ChannelId(ChannelKind) = "chan"
}
typed_id! {
    /// A named reason for being away.
    pub AwayStateId(AwayStateKind) = "away"
}
typed_id! {
    /// An internal remark.
    pub NoteId(NoteKind) = "note"
}
typed_id! {
    /// One person whom an organization talks with.
    pub ContactId(ContactKind) = "contact"
}
typed_id! {
    /// A notification.
    pub NotificationId(NotificationKind) = "ntf"
}
typed_id! {
    /// One thing that can be known of a contact.
    pub AttributeId(AttributeKind) = "attr"
}
typed_id! {
    /// One person's way in.
    pub InvitationId(InvitationKind) = "inv"
}
