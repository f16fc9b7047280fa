// Made by scripts/generate-types.mjs from services/gateway/openapi.json. Do not edit.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A reply that was accepted, to be sent. */
        readonly AcceptedReply: {
            /** @description Addresses that could not be shortened, each with the reason; the long one is sent. */
            readonly link_notices: readonly string[];
            /** @description It. */
            readonly message: components["schemas"]["Message"];
            /** @description Its conversation now. */
            readonly row: components["schemas"]["Row"];
        };
        /** @description A kind of message and an account to answer one message with, or why that is not possible. */
        readonly AnswerOption: {
            /** @description Whether it is possible now. */
            readonly available: boolean;
            /** @description The account that would answer (`chan_…`). */
            readonly channel_id: string;
            /** @description How its length is counted. */
            readonly counting: components["schemas"]["Counting"];
            /**
             * Format: date-time
             * @description When the right to answer this way ends.
             */
            readonly expires_at?: string | null;
            /** @description The message that it answers (`msg_…`); `null` in an open private dialogue. */
            readonly in_reply_to?: string | null;
            /** @description What it would be. */
            readonly kind: components["schemas"]["MessageKind"];
            /** @description Whether everybody can read it. */
            readonly public: boolean;
            /** @description What prevents it, for people. */
            readonly reason?: string | null;
            /** @description What prevents it, for programs. */
            readonly reason_code?: string | null;
            /**
             * Format: int32
             * @description Longest text, in `counting`.
             */
            readonly text_limit: number;
        };
        /** @description Whom a conversation is assigned to. */
        readonly AssigneeWanted: {
            /** @description `mem_…` */
            readonly member_id: string;
        };
        /** @description Something that came with a message. */
        readonly Attachment: {
            /** @description May be empty. */
            readonly title: string;
            /** @description The network's own word: `image`, `video`, `audio`, `file`, `sticker`, `share` … */
            readonly type: string;
            /** @description Given by a stranger: to be shown as text or opened by a person, never fetched. */
            readonly url: string;
        };
        /** @description A person as a network names them. */
        readonly Author: {
            /** @description Without "@"; may be empty. */
            readonly handle: string;
            /** @description Empty when the network withholds it. */
            readonly name: string;
        };
        /**
         * @description Whether somebody may be handed work.
         * @enum {string}
         */
        readonly AvailabilityChoice: "available" | "away";
        /** @description What a member chooses. */
        readonly AvailabilityWanted: {
            /** @description Available or away. */
            readonly availability: components["schemas"]["AvailabilityChoice"];
            /** @description The named reason for being away (`away_…`); `null` for none. */
            readonly away_state_id?: string | null;
            /** @description Keep the new conversations owned instead of handing them back at once. */
            readonly keep_conversations: boolean;
        };
        /** @description A named reason for being away. */
        readonly AwayState: {
            /** @description `away_…` */
            readonly id: string;
            /** @description As the organization named it. */
            readonly name: string;
            /**
             * Format: int32
             * @description Its place in the list.
             */
            readonly position: number;
        };
        /** @description The organization's reasons for being away. */
        readonly AwayStates: {
            /** @description Those that may be chosen, in their order. */
            readonly away_states: readonly components["schemas"]["AwayState"][];
        };
        /** @description Everything that a workspace needs to begin. */
        readonly Bootstrap: {
            /** @description The organization's accounts. */
            readonly channels: readonly components["schemas"]["Channel"][];
            /** @description How many conversations are in each queue. */
            readonly counts: components["schemas"]["Counts"];
            /** @description Where the live feed goes on from here; opaque. */
            readonly cursor: string;
            /** @description Who is signed in. */
            readonly me: components["schemas"]["Me"];
            /** @description Where they belong. */
            readonly organization: components["schemas"]["Organization"];
            /** @description Which build of the workspace the gateway serves. */
            readonly ui_build: string;
        };
        /** @description One candidate of a decision and what became of it. */
        readonly Candidate: {
            /**
             * Format: int32
             * @description How many they were handed at most.
             */
            readonly capacity: number;
            /**
             * Format: date-time
             * @description When they were last handed something.
             */
            readonly last_assigned_at?: string | null;
            /**
             * Format: int32
             * @description New conversations owned at that moment.
             */
            readonly load: number;
            /** @description `mem_…` */
            readonly member_id: string;
            /** @description What others see. */
            readonly name: string;
            /** @description What removed them, for programs; `null` for one that could be chosen. */
            readonly removed_by?: string | null;
        };
        /** @description A message as it is now. */
        readonly ChangedMessage: {
            /** @description It. */
            readonly message: components["schemas"]["Message"];
        };
        /** @description A conversation whose state was changed. */
        readonly ChangedState: {
            /** @description As it is now. */
            readonly row: components["schemas"]["Row"];
            /**
             * Format: int32
             * @description Replies that the network has not accepted yet.
             */
            readonly undelivered_replies: number;
        };
        /** @description One connected account. */
        readonly Channel: {
            /** @description What agents call it. */
            readonly display_name: string;
            /** @description Without "@"; may be empty. */
            readonly handle: string;
            /** @description `chan_…` */
            readonly id: string;
            /** @description Where the account is. */
            readonly network: components["schemas"]["Network"];
            /** @description Whether its customers are played. */
            readonly simulated: boolean;
        };
        /** @description A member's availability after they chose. */
        readonly ChosenAvailability: components["schemas"]["OwnAvailability"] & {
            /**
             * Format: int32
             * @description How many conversations went back to the queue.
             */
            readonly handed_back: number;
        };
        /** @description Who a conversation is with. */
        readonly Contact: {
            /** @description The network's own address of their picture. */
            readonly avatar_url?: string | null;
            /** @description Without "@"; may be empty. */
            readonly handle: string;
            /** @description `cont_…` */
            readonly id: string;
            /** @description Empty when the network withholds it. */
            readonly name: string;
        };
        /**
         * @description How a text's length is counted.
         * @enum {string}
         */
        readonly Counting: "x_weighted" | "characters" | "bytes";
        /** @description How many conversations are in each queue. */
        readonly Counts: {
            /**
             * Format: int64
             * @description Everything that is not resolved.
             */
            readonly all: number;
            /**
             * Format: int64
             * @description Needs attention.
             */
            readonly new: number;
            /**
             * Format: int64
             * @description Waits for the contact.
             */
            readonly pending: number;
            /**
             * Format: int64
             * @description Finished.
             */
            readonly resolved: number;
        };
        /** @description The present session. */
        readonly CurrentSession: {
            /** @description To be sent as `x-guichet-csrf` with every request that changes something. */
            readonly csrf: string;
            /** @description Who is signed in. */
            readonly me: components["schemas"]["Me"];
            /** @description Where they belong. */
            readonly organization: components["schemas"]["Organization"];
        };
        /** @description What a member's sign-ins shall start with. */
        readonly DefaultWanted: {
            /** @description Available or away. */
            readonly availability: components["schemas"]["AvailabilityChoice"];
        };
        /**
         * @description Which way a message went.
         * @enum {string}
         */
        readonly Direction: "inbound" | "outbound";
        /** @description Why a conversation was, or was not yet, handed to somebody. */
        readonly Explanation: {
            /**
             * Format: date-time
             * @description When.
             */
            readonly at?: string | null;
            /** @description Who decided by hand (`mem_…`); `null` for the planner. */
            readonly by_member_id?: string | null;
            /** @description What others see of them. */
            readonly by_name?: string | null;
            /** @description Who could have been chosen, and who not. */
            readonly candidates: readonly components["schemas"]["Candidate"][];
            /** @description `dec_…`; empty for one that is made now, about a conversation that waits. */
            readonly decision_id: string;
            /** @description Who owns it since (`mem_…`). */
            readonly member_id?: string | null;
            /** @description What others see of them. */
            readonly name?: string | null;
            /** @description What became of it, for programs. */
            readonly outcome: string;
            /**
             * Format: int64
             * @description Which rules were applied.
             */
            readonly policy_version: number;
            /**
             * Format: int32
             * @description Its place in the queue, from 1, while it waits.
             */
            readonly position?: number | null;
            /** @description Why, for programs. */
            readonly reason?: string | null;
            /**
             * Format: date-time
             * @description Since when the contact waited.
             */
            readonly waiting_since?: string | null;
        };
        /** @description Why a conversation is where it is. */
        readonly Explanations: {
            /** @description At most 20, the newest decision first. */
            readonly explanations: readonly components["schemas"]["Explanation"][];
        };
        /** @description The newest message of a conversation. */
        readonly Last: {
            readonly direction?: components["schemas"]["Direction"] | null;
            readonly kind?: components["schemas"]["MessageKind"] | null;
            /** @description Its text, whole. */
            readonly text: string;
        };
        /** @description Who may answer a conversation now. */
        readonly Lock: {
            /**
             * Format: date-time
             * @description When it ends unless it is renewed; renewals are not told.
             */
            readonly expires_at?: string | null;
            /**
             * Format: int64
             * @description Grows with every new holder; a reply with an older one is refused.
             */
            readonly fence: number;
            /** @description `mem_…` */
            readonly member_id: string;
            /** @description What others see. */
            readonly name: string;
        };
        /** @description Who holds the lock. */
        readonly LockAnswer: {
            /** @description Whether it is this tab's. */
            readonly granted: boolean;
            readonly lock?: components["schemas"]["Lock"] | null;
        };
        /** @description Gives the reply lock back. */
        readonly LockReleased: {
            /**
             * Format: int64
             * @description As it was granted.
             */
            readonly fence: number;
        };
        /** @description Asks for the reply lock. */
        readonly LockWanted: {
            /** @description Displace whoever holds it; needs the right to. */
            readonly take_over: boolean;
        };
        /** @description A member, as themselves. */
        readonly Me: {
            /** @description What others see. */
            readonly display_name: string;
            /** @description `mem_…` */
            readonly id: string;
            /** @description What they sign in with. */
            readonly login: string;
            /** @description What they may do. */
            readonly roles: readonly components["schemas"]["Role"][];
        };
        /** @description One message of a conversation. */
        readonly Message: {
            /** @description Ways to answer it, best first; empty unless inbound. */
            readonly answers: readonly components["schemas"]["AnswerOption"][];
            /** @description What came with it. */
            readonly attachments: readonly components["schemas"]["Attachment"][];
            readonly author?: components["schemas"]["Author"] | null;
            /** @description Which accounts it concerns (`chan_…`). */
            readonly channel_ids: readonly string[];
            /** @description `conv_…` */
            readonly conversation_id: string;
            /** @description Whether its author has deleted it. */
            readonly deleted: boolean;
            /** @description Outbound: the contact's client has it. */
            readonly delivered: boolean;
            /** @description Which way it went. */
            readonly direction: components["schemas"]["Direction"];
            /** @description Whether its author has changed it. */
            readonly edited: boolean;
            /** @description The network's own id; empty until the network gave one. */
            readonly external_id: string;
            /** @description `msg_…` */
            readonly id: string;
            /** @description The message that it answers (`msg_…`). */
            readonly in_reply_to?: string | null;
            /** @description What it is at its network. */
            readonly kind: components["schemas"]["MessageKind"];
            /** @description Where it was written. */
            readonly network: components["schemas"]["Network"];
            /**
             * Format: date-time
             * @description The network's own time; of a reply that is not sent yet, when it was accepted.
             */
            readonly network_time?: string | null;
            /** @description Where to see it on the network; `null` for private ones. */
            readonly permalink?: string | null;
            /** @description Reactions to it. */
            readonly reactions: readonly components["schemas"]["Reaction"][];
            /** @description Outbound: the contact has read it. */
            readonly read: boolean;
            readonly reply?: components["schemas"]["Reply"] | null;
            /**
             * Format: int64
             * @description Grows with every change; a reader keeps the greatest.
             */
            readonly rev: number;
            /**
             * Format: int64
             * @description Dense per conversation, in the order of arrival; shown in the order of `network_time`,
             *     then of `external_id` (shorter first, then bytewise).
             */
            readonly sequence: number;
            /** @description Plain text; empty once deleted. */
            readonly text: string;
        };
        /**
         * @description What a message is at its network.
         * @enum {string}
         */
        readonly MessageKind: "private_message" | "comment" | "reply" | "mention" | "post" | "quote";
        /** @description One page of a conversation's messages. */
        readonly MessagePage: {
            /** @description Oldest first. */
            readonly messages: readonly components["schemas"]["Message"][];
            /** @description To be given as `before`; `null` once the beginning has been reached. */
            readonly older?: string | null;
        };
        /**
         * @description A social network.
         * @enum {string}
         */
        readonly Network: "x" | "facebook";
        /** @description Something that a member is told. */
        readonly Notification: {
            /**
             * Format: date-time
             * @description When.
             */
            readonly at?: string | null;
            /** @description Only the badge: the member is Away. */
            readonly badge_only: boolean;
            /** @description Where (`conv_…`). */
            readonly conversation_id: string;
            /** @description `ntf_…` */
            readonly id: string;
            /** @description What it is about. */
            readonly kind: components["schemas"]["Occasion"];
        };
        /** @description A member's own notifications. */
        readonly Notifications: {
            /** @description Those that stand, the newest first, at most 100. */
            readonly notifications: readonly components["schemas"]["Notification"][];
        };
        /**
         * @description What a notification is about.
         * @enum {string}
         */
        readonly Occasion: "assigned_to_you" | "customer_answered";
        /** @description A conversation that was asked for alone. */
        readonly OpenRow: components["schemas"]["Row"] & {
            /** @description Ways to answer its newest inbound message, best first. */
            readonly answers: readonly components["schemas"]["AnswerOption"][];
        };
        /** @description The organization. */
        readonly Organization: {
            /** @description `org_…` */
            readonly id: string;
            /**
             * @description BCP 47.
             * @example fr
             */
            readonly language: string;
            /** @description Its name. */
            readonly name: string;
            /**
             * @description IANA name.
             * @example Europe/Paris
             */
            readonly time_zone: string;
        };
        /** @description A member's own availability. */
        readonly OwnAvailability: {
            /** @description What they chose. */
            readonly availability: components["schemas"]["AvailabilityChoice"];
            /** @description The named reason (`away_…`); `null` for plain Away. */
            readonly away_state_id?: string | null;
            /**
             * Format: int32
             * @description How many they are handed.
             */
            readonly capacity: number;
            readonly default_availability?: components["schemas"]["AvailabilityChoice"] | null;
            /**
             * Format: int64
             * @description Grows with every change; a reader keeps the greatest.
             */
            readonly epoch: number;
            /**
             * Format: int32
             * @description How many they may own at most.
             */
            readonly hard_limit: number;
            /**
             * Format: int32
             * @description New conversations owned.
             */
            readonly load: number;
            /** @description They have not chosen yet: the first sign-in asks. */
            readonly never_chosen: boolean;
            /**
             * Format: date-time
             * @description Since when.
             */
            readonly since?: string | null;
        };
        /** @description A member by id and name. */
        readonly Owner: {
            /** @description `mem_…` */
            readonly member_id: string;
            /** @description What others see; empty when it cannot be had at the moment. */
            readonly name: string;
        };
        /** @description Who owns a conversation now. */
        readonly Ownership: {
            readonly owner?: components["schemas"]["Owner"] | null;
            /**
             * Format: int64
             * @description Grows with every change; a reader keeps the greatest.
             */
            readonly owner_epoch: number;
        };
        /**
         * @description What a member's connections say.
         * @enum {string}
         */
        readonly Presence: "present" | "absent" | "unknown";
        /** @description What went wrong (RFC 9457). */
        readonly ProblemDocument: {
            /** @description Stable, for programs. */
            readonly code: string;
            /** @description A sentence for people. */
            readonly detail: string;
            /** @description The field at fault. */
            readonly field?: string | null;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            readonly status: number;
            /** @description The class, in words. */
            readonly title: string;
            /** @description To find it in logs and traces. */
            readonly trace_id?: string | null;
            /** @description `urn:guichet:problem:…` */
            readonly type: string;
        };
        /**
         * @description What a list shows.
         * @enum {string}
         */
        readonly Queue: "new" | "pending" | "all" | "resolved";
        /** @description A reaction to a message. */
        readonly Reaction: {
            /** @description May be empty. */
            readonly emoji: string;
            /** @description The network's own word. */
            readonly reaction: string;
        };
        /** @description Which conversation was read. */
        readonly ReadWanted: {
            /** @description `conv_…` */
            readonly conversation_id: string;
        };
        /** @description What is known of a reply besides its text. */
        readonly Reply: {
            /**
             * Format: int32
             * @description 1 for the first send.
             */
            readonly attempt: number;
            /** @description The account that answers (`chan_…`). */
            readonly channel_id: string;
            /** @description Why it failed, for people. */
            readonly failure?: string | null;
            /** @description Why it failed, for programs. */
            readonly failure_code?: string | null;
            /** @description Who wrote it (`mem_…`); `null` for one written in the network's own app. */
            readonly member_id?: string | null;
            /** @description What others see of who wrote it. */
            readonly name?: string | null;
            /** @description Whether sending it again may succeed. */
            readonly retryable: boolean;
            /** @description How it stands. */
            readonly state: components["schemas"]["ReplyState"];
            /** @description What it waits for, for programs. */
            readonly wait_reason?: string | null;
            /**
             * Format: date-time
             * @description Until when it waits.
             */
            readonly waits_until?: string | null;
        };
        /**
         * @description How a reply stands at its network.
         * @enum {string}
         */
        readonly ReplyState: "queued" | "sending" | "sent" | "failed" | "unknown";
        /** @description A reply to be sent. */
        readonly ReplyWanted: {
            /** @description The account that answers (`chan_…`). */
            readonly channel_id: string;
            /** @description Send although something newer arrived. */
            readonly despite_newer: boolean;
            /**
             * Format: int64
             * @description Of the lock that the author holds; 0 when there never was one.
             */
            readonly fence: number;
            /** @description The message that it answers (`msg_…`); `null` in an open private dialogue. */
            readonly in_reply_to?: string | null;
            /** @description 1 to 128 characters, chosen by the client; the same key gives the first outcome. */
            readonly key: string;
            /** @description What it shall be. */
            readonly kind: components["schemas"]["MessageKind"];
            /**
             * Format: int64
             * @description The greatest `sequence` that the author's screen held.
             */
            readonly seen_through: number;
            /** @description Whether addresses in the text are shortened. */
            readonly shorten_links: boolean;
            /** @description Plain text. */
            readonly text: string;
        };
        /** @description A failed reply that shall be sent again. */
        readonly RetryWanted: {
            /** @description 1 to 128 characters, chosen by the client; the same key gives the first outcome. */
            readonly key: string;
        };
        /**
         * @description What a member may do.
         * @enum {string}
         */
        readonly Role: "agent" | "supervisor" | "admin";
        /** @description One conversation as lists show it. */
        readonly Row: {
            /** @description The conversation that it became part of: it is then a signpost only. */
            readonly absorbed_into?: string | null;
            /** @description Through which accounts (`chan_…`). */
            readonly channel_ids: readonly string[];
            /** @description Who it is with. */
            readonly contact: components["schemas"]["Contact"];
            /** @description `conv_…` */
            readonly id: string;
            /** @description Its newest message. */
            readonly last: components["schemas"]["Last"];
            /**
             * Format: date-time
             * @description When something last happened in it.
             */
            readonly last_activity_at?: string | null;
            readonly lock?: components["schemas"]["Lock"] | null;
            /**
             * Format: int64
             * @description How many messages it holds.
             */
            readonly message_count: number;
            /** @description Where it takes place. */
            readonly network: components["schemas"]["Network"];
            /**
             * Format: date-time
             * @description When it was opened.
             */
            readonly opened_at?: string | null;
            readonly owner?: components["schemas"]["Owner"] | null;
            /**
             * Format: int64
             * @description Grows with every change of the owner.
             */
            readonly owner_epoch: number;
            /** @description The conversation that it follows. */
            readonly previous_id?: string | null;
            /**
             * Format: date-time
             * @description When it was resolved; `null` unless resolved.
             */
            readonly resolved_at?: string | null;
            /**
             * Format: int64
             * @description Grows with every change; a reader keeps the greatest.
             */
            readonly rev: number;
            /** @description Where it is in its life. */
            readonly state: components["schemas"]["State"];
            /**
             * Format: int32
             * @description How many messages no person has seen.
             */
            readonly unseen_count: number;
            /**
             * Format: date-time
             * @description Since when the contact waits; `null` unless new.
             */
            readonly waiting_since?: string | null;
        };
        /** @description One page of a list. */
        readonly RowPage: {
            /** @description To be given as `after`; `null` on the last page. */
            readonly next?: string | null;
            /** @description In the list's order. */
            readonly rows: readonly components["schemas"]["Row"][];
        };
        /** @description Rows by id. */
        readonly Rows: {
            /** @description Those that exist, in any order. */
            readonly rows: readonly components["schemas"]["Row"][];
        };
        /** @description Which rows to give. */
        readonly RowsWanted: {
            /** @description 1 to 200 ids (`conv_…`). */
            readonly ids: readonly string[];
        };
        /** @description How an unknown reply ended, as a person has seen it at the network. */
        readonly Settlement: {
            /** @description Whether the network has it. */
            readonly sent: boolean;
        };
        /** @description Who signs in. */
        readonly SignIn: {
            /**
             * @description Whatever the case of its letters.
             * @example amelie@quai.example
             */
            readonly login: string;
            /**
             * Format: password
             * @description As it was chosen, blanks included.
             */
            readonly password: string;
        };
        /** @description A session that has just begun. */
        readonly SignedIn: {
            /** @description To be sent as `x-guichet-csrf` with every request that changes something. */
            readonly csrf: string;
            /** @description Who signed in. */
            readonly me: components["schemas"]["Me"];
        };
        /**
         * @description Where a conversation is in its life.
         * @enum {string}
         */
        readonly State: "new" | "pending" | "resolved";
        /** @description Where a conversation shall be. */
        readonly StateWanted: {
            /** @description 1 to 128 characters, chosen by the client; the same key gives the first outcome. */
            readonly key: string;
            /**
             * Format: int64
             * @description The greatest `sequence` that the member's screen held.
             */
            readonly seen_through: number;
            /** @description Where. */
            readonly to: components["schemas"]["State"];
        };
        /** @description Everybody who may be assigned to. */
        readonly Team: {
            /** @description In no order. */
            readonly members: readonly components["schemas"]["TeamMember"][];
        };
        /** @description A colleague. */
        readonly TeamMember: {
            /** @description What they chose. */
            readonly availability: components["schemas"]["AvailabilityChoice"];
            /** @description The named reason (`away_…`). */
            readonly away_state_id?: string | null;
            /**
             * Format: int32
             * @description How many they are handed.
             */
            readonly capacity: number;
            /**
             * Format: int32
             * @description New conversations owned.
             */
            readonly load: number;
            /** @description `mem_…` */
            readonly member_id: string;
            /** @description What others see. */
            readonly name: string;
            /** @description What their connections say. */
            readonly presence: components["schemas"]["Presence"];
            /** @description What they may do. */
            readonly roles: readonly components["schemas"]["Role"][];
            /**
             * Format: date-time
             * @description Since when.
             */
            readonly since?: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
