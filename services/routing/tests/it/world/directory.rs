//! Directory, as far as its events go.

use kit_values::EventId;
use prost::Message as _;
use proto::directory::v1::directory_event::Fact;
use proto::directory::v1::{self as pb, Access, Role};
use routing::domain::words::MemberId;

use super::{World, append, message};

impl World {
    /// A member as directory knows them.
    pub fn member(&self, member: MemberId, role: Role, version: i64) -> pb::Member {
        pb::Member {
            member_id: member.to_string(),
            organization_id: self.organization.to_string(),
            roles: vec![role.into()],
            session_epoch: 1,
            version,
            ..pb::Member::default()
        }
    }

    /// The channel through which every conversation comes, restricted to a list; none: open.
    pub fn channel_as(&self, version: i64, list: Option<&[(MemberId, Access)]>) -> pb::Channel {
        let entry = |(member, access): &(MemberId, Access)| pb::ChannelAccess {
            member_id: member.to_string(),
            access: (*access).into(),
        };
        pb::Channel {
            channel_id: self.channel.to_string(),
            organization_id: self.organization.to_string(),
            version,
            restricted: list.is_some(),
            access: list.into_iter().flatten().map(entry).collect(),
            ..pb::Channel::default()
        }
    }

    /// Publishes facts as directory does, in this order.
    pub async fn tell_directory(&self, facts: Vec<Fact>) {
        let messages = facts
            .into_iter()
            .map(|fact| {
                let event = EventId::mint();
                let metadata = Some(self.metadata(event));
                let told = pb::DirectoryEvent { metadata, fact: Some(fact) };
                message(event, self.organization, "directory", "changed", told.encode_to_vec())
            })
            .collect();
        append(&self.directory, messages).await;
    }

    /// Says who may do what on the channel, and waits until routing knows that version.
    pub async fn restrict(&self, version: i64, list: Option<&[(MemberId, Access)]>) {
        self.tell_directory(vec![channel_changed(self.channel_as(version, list))]).await;
        self.until_restricted(version).await;
    }

    /// Waits until routing knows that version of the channel.
    pub async fn until_restricted(&self, version: i64) {
        let sql = format!(
            "SELECT count(*) FROM routing.channel WHERE channel_id = '{}' AND version = {version}",
            self.channel.uuid()
        );
        self.until("the channel is known", async || self.database.number(&sql).await == 1).await;
    }

    /// Members with these roles, known to routing.
    pub async fn members<const COUNT: usize>(&self, roles: [Role; COUNT]) -> [MemberId; COUNT] {
        let members = roles.map(|role| (MemberId::mint(), role));
        self.tell_members(&members).await;
        members.map(|(member, _)| member)
    }

    /// Publishes members as directory does, and waits until they are known.
    pub async fn tell_members(&self, members: &[(MemberId, Role)]) {
        let told = members.iter().map(|(member, role)| self.member(*member, *role, 0));
        self.tell_directory(told.map(member_changed).collect()).await;
        let wanted = i64::try_from(members.len()).expect("few");
        let ids: Vec<String> =
            members.iter().map(|(member, _)| format!("'{}'", member.uuid())).collect();
        let sql = format!(
            "SELECT count(*) FROM routing.member WHERE roles > 0 AND member_id IN ({})",
            ids.join(",")
        );
        self.until("the members are known", async || self.database.number(&sql).await == wanted)
            .await;
    }
}

/// A member was changed.
pub fn member_changed(member: pb::Member) -> Fact {
    Fact::MemberChanged(pb::MemberChanged {
        member_id: member.member_id.clone(),
        session_epoch: member.session_epoch,
        member: Some(member),
    })
}

/// A channel was changed.
pub fn channel_changed(channel: pb::Channel) -> Fact {
    Fact::ChannelChanged(pb::ChannelChanged { channel: Some(channel) })
}
