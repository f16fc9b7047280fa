//! Directory's channels → who may answer where.

use proto::directory::v1 as pb;

use crate::domain::access::{Level, ToldChannel};

/// A channel; `None` when its ids, or one of its list's, are none.
#[must_use]
pub fn channel(told: &pb::Channel) -> Option<ToldChannel> {
    let entry = |entry: &pb::ChannelAccess| {
        let level = match entry.access() {
            pb::Access::Viewer => Level::Viewer,
            pb::Access::Contributor => Level::Contributor,
            pb::Access::Supervisor => Level::Supervisor,
            // One of a newer release lets nobody in.
            pb::Access::Unspecified => Level::Nothing,
        };
        Some((entry.member_id.parse().ok()?, level))
    };
    Some(ToldChannel {
        organization: told.organization_id.parse().ok()?,
        channel: told.channel_id.parse().ok()?,
        version: told.version,
        restricted: told.restricted,
        list: told.access.iter().map(entry).collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use kit_values::OrganizationId;

    use super::*;
    use crate::domain::words::{ChannelId, MemberId};

    #[test]
    fn a_channel_is_read_with_its_whole_list_or_not_at_all() {
        let (lea, noah) = (MemberId::mint(), MemberId::mint());
        let entry = |member: MemberId, access: i32| pb::ChannelAccess {
            member_id: member.to_string(),
            access,
        };
        let told = pb::Channel {
            channel_id: ChannelId::mint().to_string(),
            organization_id: OrganizationId::mint().to_string(),
            version: 4,
            restricted: true,
            access: vec![entry(lea, pb::Access::Contributor.into()), entry(noah, 99)],
            ..pb::Channel::default()
        };
        let found = channel(&told).expect("readable");
        assert_eq!((found.version, found.restricted), (4, true));
        let list = [(lea, Level::Contributor), (noah, Level::Nothing)];
        assert_eq!(found.list, list.into());
        let nobody = pb::ChannelAccess { member_id: "conv_1".to_owned(), access: 1 };
        assert_eq!(channel(&pb::Channel { access: vec![nobody], ..told.clone() }), None);
        assert_eq!(channel(&pb::Channel { channel_id: String::new(), ..told }), None);
    }
}
