//! Who is told what: plain functions over values.

mod decide;
#[cfg(test)]
mod properties;

#[cfg(test)]
pub use decide::Reason;
pub use decide::{
    Availability, Away, Change, Heeded, Kind, Known, Notification, Owned, Signal, Standing, Told,
    decide,
};

use kit_values::typed_id;

typed_id! {
    /// One conversation.
    pub ConversationId(ConversationMarker) = "conv"
}
typed_id! {
    /// One member.
    pub MemberId(MemberMarker) = "mem"
}
typed_id! {
    /// One notification.
    pub NotificationId(NotificationMarker) = "ntf"
}
