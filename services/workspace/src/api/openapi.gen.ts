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
        /**
         * @description What a member may do with the conversations of one account; each includes the one before.
         * @enum {string}
         */
        readonly Access: "viewer" | "contributor" | "supervisor";
        /** @description What one member may do with an account while it is restricted. */
        readonly AccessEntry: {
            /** @description What they may do. */
            readonly access: components["schemas"]["Access"];
            /** @description `mem_…` */
            readonly member_id: string;
        };
        /** @description Something that was done to a message, or is being done. */
        readonly Act: {
            /**
             * Format: date-time
             * @description When.
             */
            readonly at?: string | null;
            /** @description The account that acts (`chan_…`). */
            readonly channel_id: string;
            /** @description Why it was not done, for people: the network's reason. */
            readonly failure?: string | null;
            /** @description Why it was not done, for programs. */
            readonly failure_code?: string | null;
            /** @description Who asked last (`mem_…`). */
            readonly member_id: string;
            /** @description What others see of who asked. */
            readonly name: string;
            /** @description What stands at the network, as far as is known. */
            readonly on: boolean;
            /** @description Whether asking again may succeed. */
            readonly retryable: boolean;
            /** @description How it stands. */
            readonly state: components["schemas"]["ActState"];
            /** @description What it waits for, for programs. */
            readonly wait_reason?: string | null;
            /**
             * Format: date-time
             * @description Until when it waits.
             */
            readonly waits_until?: string | null;
        };
        /**
         * @description How something that was done to a message stands.
         * @enum {string}
         */
        readonly ActState: "on" | "turning_on" | "turning_off" | "failed";
        /** @description A message as it is now. */
        readonly ActedMessage: {
            /** @description It. */
            readonly message: components["schemas"]["Message"];
        };
        /**
         * @description What an account can do to a message, or to its author, besides answering.
         * @enum {string}
         */
        readonly Action: "like" | "unlike" | "hide" | "unhide" | "repost" | "unrepost" | "follow" | "unfollow" | "quote" | "delete";
        /** @description One thing that can be done to a message, or why it cannot. */
        readonly ActionOption: {
            /** @description What. */
            readonly action: components["schemas"]["Action"];
            /** @description Whether it is possible now. */
            readonly available: boolean;
            /** @description The account that would do it (`chan_…`). */
            readonly channel_id: string;
            /** @description It cannot be taken back: ask again. */
            readonly needs_confirmation: boolean;
            /** @description What prevents it, for people. */
            readonly reason?: string | null;
            /** @description What prevents it, for programs. */
            readonly reason_code?: string | null;
        };
        /** @description Something that shall be done to a message. */
        readonly ActionWanted: {
            /** @description What. A quote is a reply of kind `quote`, a deletion has a route of its own. */
            readonly action: components["schemas"]["Action"];
            /** @description The account that acts (`chan_…`). */
            readonly channel_id: string;
            /** @description 1 to 128 characters, chosen by the client; the same key gives the first outcome. */
            readonly key: string;
        };
        /** @description What happened in a conversation. */
        readonly Activity: {
            /** @description Oldest first. */
            readonly entries: readonly components["schemas"]["ActivityEntry"][];
            /**
             * Format: int64
             * @description What `before` asks for what is older with; `null` when there is none.
             */
            readonly older?: number | null;
        };
        /** @description One thing that happened in a conversation. */
        readonly ActivityEntry: {
            /**
             * Format: date-time
             * @description When.
             */
            readonly at?: string | null;
            /** @description The account (`chan_…`). */
            readonly channel_id?: string | null;
            /**
             * Format: date-time
             * @description Of a reminder: when it is due.
             */
            readonly due_at?: string | null;
            /** @description Why an action was not done, for programs. */
            readonly failure_code?: string | null;
            /**
             * @description `opened`, `message`, `reopened`, `resolved`, `absorbed`, `became_part_of`, `replied`,
             *     `retried`, `set_pending`, `reopened_by_hand`, `reply_sent`, `reply_failed`, `reminder_set`,
             *     `reminder_cancelled`, `reminder_fired`, `reminded`, `note`, `action`, `action_done`,
             *     `action_failed`, `assigned` …; one that a reader does not know is left out.
             */
            readonly kind: string;
            /** @description Who did it (`mem_…`); `null` for the network and for timers. */
            readonly member_id?: string | null;
            /** @description The message that it is about (`msg_…`). */
            readonly message_id?: string | null;
            /** @description What others see of who did it. */
            readonly name?: string | null;
            /** @description The note that it is about (`note_…`). */
            readonly note_id?: string | null;
            /** @description Why, for programs: `inbound`, `echo`, `automatic`, `by_hand`, `history`. */
            readonly reason?: string | null;
            /**
             * Format: int64
             * @description Its place, from 1.
             */
            readonly sequence: number;
            readonly state_after?: components["schemas"]["State"] | null;
            /** @description Of a reminder: its note. */
            readonly text?: string | null;
            readonly to?: components["schemas"]["EditedBy"] | null;
            /** @description Of a note: `written`, `changed`, `deleted`, `restored`; of an action: which. */
            readonly what?: string | null;
        };
        /** @description What was done to a message at its network; each `null` while it is not so. */
        readonly Acts: {
            readonly deleted?: components["schemas"]["Act"] | null;
            readonly following?: components["schemas"]["Act"] | null;
            readonly hidden?: components["schemas"]["Act"] | null;
            readonly liked?: components["schemas"]["Act"] | null;
            readonly reposted?: components["schemas"]["Act"] | null;
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
        /**
         * @description Light or dark.
         * @enum {string}
         */
        readonly Appearance: "light" | "dark" | "system";
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
        /**
         * @description How values of a contact attribute look.
         * @enum {string}
         */
        readonly AttributeType: "text" | "number" | "date" | "list" | "boolean" | "url" | "email" | "phone";
        /** @description A value for an attribute of a contact. */
        readonly AttributeWanted: {
            /**
             * Format: int64
             * @description The `rev` that the member's screen held; 0 while nothing was ever known.
             */
            readonly rev: number;
            /**
             * @description `null`: nothing is known any more. A date as `2026-11-23`, a number with a point, a boolean
             *     as `true` or `false`, one of a list's choices.
             */
            readonly value?: string | null;
        };
        /** @description One administrative act. */
        readonly AuditEntry: {
            /** @description A stable word: `channel.changed`. */
            readonly act: string;
            /**
             * Format: date-time
             * @description When.
             */
            readonly at?: string | null;
            /** @description What exactly, by the act. */
            readonly detail: Record<string, never>;
            /** @description Who (`mem_…`); `null`: no member. */
            readonly member_id?: string | null;
            /** @description Their name now. */
            readonly name?: string | null;
            /**
             * Format: int64
             * @description Dense in its service and organization, from 1.
             */
            readonly number: number;
            /** @description The service that called, where no member stands behind it. */
            readonly service: string;
            /** @description The service that kept it: `directory`, `routing` or `link_shortener`. */
            readonly source: string;
            /** @description What it was done to, by its id; may be empty. */
            readonly subject: string;
        };
        /** @description One page of what was done, newest first. */
        readonly AuditPage: {
            /** @description Newest first. */
            readonly entries: readonly components["schemas"]["AuditEntry"][];
            /** @description Whether the record was found unbroken, in every service; looked at with the first page. */
            readonly intact: boolean;
            /** @description Where the next page begins. */
            readonly next?: string | null;
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
        /** @description What becomes of a reason for being away; what is left out stays. */
        readonly AwayStateChange: {
            /** @description It may be chosen. Whoever is in it stays in it. */
            readonly enabled?: boolean | null;
            /** @description 1 to 60 characters. */
            readonly name?: string | null;
            /**
             * Format: int64
             * @description As it was seen; 409 `stale` when it is another by now.
             */
            readonly rev: number;
        };
        /** @description Another order. */
        readonly AwayStateOrder: {
            /** @description All of them, once each. */
            readonly away_state_ids: readonly string[];
            /**
             * Format: int64
             * @description The list's, as it was seen.
             */
            readonly rev: number;
        };
        /** @description One more reason for being away. */
        readonly AwayStateWanted: {
            /** @description 1 to 60 characters; not one that there is, also of those that may not be chosen. */
            readonly name: string;
        };
        /** @description The organization's reasons for being away. */
        readonly AwayStates: {
            /** @description Those that may be chosen, in their order. */
            readonly away_states: readonly components["schemas"]["AwayState"][];
        };
        /** @description The organization's account at Bitly. */
        readonly Bitly: {
            /** @description One is connected. */
            readonly connected: boolean;
            /** @description The chosen domain; null for the account's default. */
            readonly domain?: string | null;
            /** @description The chosen group; null for the account's default. */
            readonly group?: string | null;
            /** @description What can be chosen. */
            readonly groups: readonly components["schemas"]["BitlyGroup"][];
            /** @description It can be connected without a token, at `…/bitly/authorize`. */
            readonly has_oauth: boolean;
            /** @description How it stands. */
            readonly health: components["schemas"]["BitlyHealth"];
            /**
             * Format: date-time
             * @description When it was called last.
             */
            readonly last_checked_at?: string | null;
            /**
             * @description A stable code: `unauthorized`, `forbidden`, `rate_limited`, `over_quota`, `timeout`,
             *     `unavailable` …
             */
            readonly last_error?: string | null;
            /** @description Whose it is; null without one. */
            readonly login?: string | null;
        };
        /** @description Where the browser goes to connect. */
        readonly BitlyAuthorization: {
            /** @description At Bitly. */
            readonly url: string;
        };
        /** @description A group of the account at Bitly. */
        readonly BitlyGroup: {
            /** @description Domains that its links may have. */
            readonly domains: readonly string[];
            /** @description Its id. */
            readonly guid: string;
            /** @description Its name. */
            readonly name: string;
        };
        /**
         * @description How the account at Bitly stands.
         * @enum {string}
         */
        readonly BitlyHealth: "disconnected" | "connected" | "expired" | "error";
        /** @description A token of the account at Bitly. */
        readonly BitlyToken: {
            /**
             * Format: password
             * @description Sealed at once, never given back.
             */
            readonly token: string;
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
        /** @description What is to be done to several conversations. */
        readonly BulkAction: components["schemas"]["BulkState"] | components["schemas"]["BulkOwner"];
        /** @description An owner. */
        readonly BulkOwner: {
            /** @description Who (`mem_…`); `null`: nobody. */
            readonly assign_to?: string | null;
        };
        /** @description What became of one of several. */
        readonly BulkResult: {
            readonly before?: components["schemas"]["StoodBefore"] | null;
            /** @description Why not, for programs. */
            readonly code?: string | null;
            /** @description `conv_…` */
            readonly conversation_id: string;
            /** @description Whether it stands so now. */
            readonly done: boolean;
            /** @description Why not, for people. */
            readonly sentence?: string | null;
            /**
             * Format: int32
             * @description Replies that the network has not accepted yet, when it was resolved.
             */
            readonly undelivered_replies: number;
        };
        /** @description What became of several. */
        readonly BulkResults: {
            /** @description In the order asked. */
            readonly results: readonly components["schemas"]["BulkResult"][];
        };
        /** @description A state. */
        readonly BulkState: {
            /** @description Which. */
            readonly to: components["schemas"]["State"];
        };
        /** @description Something to be done to several conversations. */
        readonly BulkWanted: {
            /** @description What. */
            readonly action: components["schemas"]["BulkAction"];
            /** @description 1 to 100 ids (`conv_…`). */
            readonly conversation_ids: readonly string[];
            /** @description The client's own, 1 to 128 characters: the same key gives the first outcome. */
            readonly key: string;
            /** @description Of each the greatest `sequence` that the screen held; what is not named, none. */
            readonly seen_through?: {
                readonly [key: string]: number;
            };
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
        /** @description How much one member may own. */
        readonly CapacityWanted: {
            /**
             * Format: int32
             * @description New conversations owned at which nothing more is handed, 0 to 1000; `null`: the team's.
             */
            readonly capacity?: number | null;
        };
        /** @description A notification in the notification centre. */
        readonly CentreNotification: components["schemas"]["Notification"] & {
            /**
             * Format: int32
             * @description How much happened that it stands for.
             */
            readonly count: number;
            /** @description What became of it, by means. */
            readonly outcomes: readonly components["schemas"]["NotificationOutcome"][];
            /**
             * Format: date-time
             * @description When it stopped standing; null while it stands.
             */
            readonly settled_at?: string | null;
            /** @description `read`, `settled`, `handed_on` or `test`. */
            readonly settled_reason?: string | null;
        };
        /** @description An attribute of a contact as it is now. */
        readonly ChangedAttribute: {
            /** @description It. */
            readonly attribute: components["schemas"]["KnownAttribute"];
        };
        /** @description A message as it is now. */
        readonly ChangedMessage: {
            /** @description It. */
            readonly message: components["schemas"]["Message"];
        };
        /** @description A note as it is now. */
        readonly ChangedNote: {
            /** @description It. */
            readonly note: components["schemas"]["Note"];
        };
        /** @description A conversation that was changed. */
        readonly ChangedRow: {
            /** @description As it stands now. */
            readonly row: components["schemas"]["Row"];
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
        /** @description Who may do what with an account. */
        readonly ChannelAccess: {
            /** @description Counts while the account is restricted. */
            readonly entries: readonly components["schemas"]["AccessEntry"][];
            /**
             * Format: int64
             * @description Of the account.
             */
            readonly rev: number;
        };
        /** @description Who shall do what with an account. */
        readonly ChannelAccessWanted: {
            /** @description Complete, at most 5,000: whoever is left out has no entry. */
            readonly entries: readonly components["schemas"]["AccessEntry"][];
            /**
             * Format: int64
             * @description Of the account, as it was seen; left out: whatever it is.
             */
            readonly rev?: number | null;
        };
        /** @description What of an account's settings is to change; what is left out stays. */
        readonly ChannelChange: {
            /**
             * Format: int32
             * @description 0 (never) to 3650.
             */
            readonly auto_resolve_days?: number | null;
            /** @description 1 to 255 characters. */
            readonly display_name?: string | null;
            /**
             * Format: int32
             * @description 0 (never) to 8760; `null`: as the installation says.
             */
            readonly reopen_window_hours?: number | null;
            /** @description Open to the members in its entries alone. */
            readonly restricted?: boolean | null;
            /**
             * Format: int64
             * @description As it was seen; 409 `stale` when somebody changed it meanwhile.
             */
            readonly rev: number;
        };
        /**
         * @description Whether the network takes an account's token.
         * @enum {string}
         */
        readonly ChannelHealth: "connected" | "disconnected";
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
        /** @description One thing that can be known of a contact. */
        readonly ContactAttribute: {
            /** @description `attr_…` */
            readonly attribute_id: string;
            /** @description Of a list, in order; else empty. */
            readonly choices: readonly string[];
            /** @description As the organization named it. */
            readonly name: string;
            /**
             * Format: int32
             * @description From 0, in the admin's order.
             */
            readonly position: number;
            /**
             * Format: int64
             * @description To be sent back with a change.
             */
            readonly rev: number;
            /** @description On the Contact tab. */
            readonly shown: boolean;
            /** @description How its values look; never changes. */
            readonly type: components["schemas"]["AttributeType"];
        };
        /** @description What of an attribute is to change; what is left out stays. */
        readonly ContactAttributeChange: {
            /** @description What may be chosen. */
            readonly choices?: readonly string[] | null;
            /** @description Its name. */
            readonly name?: string | null;
            /**
             * Format: int64
             * @description As it was seen; 409 `stale` when somebody changed it meanwhile.
             */
            readonly rev: number;
            /** @description Whether it is on the Contact tab. */
            readonly shown?: boolean | null;
        };
        /** @description Another order. */
        readonly ContactAttributeOrder: {
            /** @description Every one, once. */
            readonly attribute_ids: readonly string[];
            /**
             * Format: int64
             * @description Of the list, as it was seen.
             */
            readonly rev: number;
        };
        /** @description One more attribute. */
        readonly ContactAttributeWanted: {
            /** @description Of a list: 1 to 200; else nothing. */
            readonly choices?: readonly string[];
            /** @description 1 to 80 characters, one attribute's only. */
            readonly name: string;
            /** @description On the Contact tab; it is when this is left out. */
            readonly shown?: boolean | null;
            /** @description How its values look. */
            readonly type: components["schemas"]["AttributeType"];
        };
        /** @description All of an organization's, in order. */
        readonly ContactAttributes: {
            /** @description In order. */
            readonly attributes: readonly components["schemas"]["ContactAttribute"][];
            /**
             * Format: int64
             * @description Of the whole list; to be sent back with another order.
             */
            readonly rev: number;
        };
        /** @description A contact as the panel shows it. */
        readonly ContactCard: {
            /** @description What is known; an attribute that is not in it was never known, and has rev 0. */
            readonly attributes: readonly components["schemas"]["KnownAttribute"][];
            /** @description Who that is. */
            readonly contact: components["schemas"]["ContactProfile"];
            /** @description The newest twenty conversations that the member may see. */
            readonly conversations: readonly components["schemas"]["Row"][];
        };
        /** @description Who a contact is at their network. */
        readonly ContactProfile: {
            /** @description The network's own address of their picture. */
            readonly avatar_url?: string | null;
            /** @description `contact_…` */
            readonly contact_id: string;
            /** @description Empty when the network withholds it. */
            readonly display_name: string;
            /**
             * Format: int64
             * @description How many follow them; `null`: the network does not say.
             */
            readonly followers?: number | null;
            /** @description Without "@"; may be empty. */
            readonly handle: string;
            /** @description Where. */
            readonly network: components["schemas"]["Network"];
            /** @description Their page at the network, where it has an address that is known. */
            readonly profile_url?: string | null;
            /** @description Whether the network vouches for who they are; `null`: it does not say. */
            readonly verified?: boolean | null;
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
        /** @description One of our own messages shall be deleted. */
        readonly DeletionWanted: {
            /** @description 1 to 128 characters, chosen by the client; the same key gives the first outcome. */
            readonly key: string;
        };
        /**
         * @description What a browser did.
         * @enum {string}
         */
        readonly Did: "shown" | "opened" | "not";
        /**
         * @description Which way a message went.
         * @enum {string}
         */
        readonly Direction: "inbound" | "outbound";
        /** @description A member's draft. */
        readonly Draft: {
            /** @description The account that would answer (`chan_…`), where it was chosen. */
            readonly channel_id?: string | null;
            /** @description `conv_…` */
            readonly conversation_id: string;
            /** @description The message (`msg_…`) that it answers or is tied to. */
            readonly in_reply_to?: string | null;
            readonly kind?: components["schemas"]["MessageKind"] | null;
            /** @description Of what. */
            readonly mode: components["schemas"]["DraftMode"];
            /**
             * Format: int64
             * @description Grows with every change.
             */
            readonly rev: number;
            /** @description Whether its addresses shall be shortened. */
            readonly shorten_links: boolean;
            /** @description So far. */
            readonly text: string;
            /**
             * Format: date-time
             * @description By the clock of the device that wrote it; the latest stands.
             */
            readonly written_at?: string | null;
        };
        /**
         * @description What is being written.
         * @enum {string}
         */
        readonly DraftMode: "reply" | "note";
        /** @description A draft to be kept. */
        readonly DraftWanted: {
            /** @description The account that would answer (`chan_…`), where it was chosen. */
            readonly channel_id?: string | null;
            /** @description The message (`msg_…`) that it answers or is tied to. */
            readonly in_reply_to?: string | null;
            readonly kind?: components["schemas"]["MessageKind"] | null;
            /** @description Whether its addresses shall be shortened. */
            readonly shorten_links?: boolean;
            /** @description 1 to 10,000 characters. */
            readonly text: string;
            /**
             * Format: date-time
             * @description When it was written, by the device's clock.
             */
            readonly written_at: string;
        };
        /** @description The member's drafts. */
        readonly Drafts: {
            /** @description The newest first, at most 200. */
            readonly drafts: readonly components["schemas"]["Draft"][];
        };
        /** @description A member who changed something. */
        readonly EditedBy: {
            /** @description `mem_…` */
            readonly member_id: string;
            /** @description What others see. */
            readonly name: string;
        };
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
        /** @description The first administrator. */
        readonly FirstAdmin: {
            /** @description What others see. */
            readonly display_name: string;
            /** @description What they sign in with. */
            readonly login: string;
            /**
             * Format: password
             * @description At least 12 characters, taken as it is.
             */
            readonly password: string;
        };
        /** @description The first organization. */
        readonly FirstOrganization: {
            /** @description BCP 47: `en`, `fr`. */
            readonly language: string;
            /** @description 1 to 255 characters. */
            readonly name: string;
            /** @description IANA name: `Europe/Paris`. */
            readonly time_zone: string;
        };
        /** @description A contact who was found. */
        readonly FoundContact: {
            /** @description Who. */
            readonly contact: components["schemas"]["Contact"];
            /** @description Their newest conversation (`conv_…`). */
            readonly last_conversation_id: string;
            /** @description Their name, then their handle. */
            readonly snippet: readonly components["schemas"]["Piece"][];
        };
        /** @description A conversation that was found. */
        readonly FoundConversation: {
            /** @description Where it was found. */
            readonly marks: components["schemas"]["Marks"];
            /** @description As lists show it. */
            readonly row: components["schemas"]["Row"];
        };
        /** @description Where a message that was found stands. */
        readonly FoundIn: {
            /** @description `conv_…` */
            readonly id: string;
            /** @description In which state. */
            readonly state: components["schemas"]["State"];
        };
        /** @description A message that was found. */
        readonly FoundMessage: {
            /** @description Where it stands. */
            readonly conversation: components["schemas"]["FoundIn"];
            /** @description The message. */
            readonly message: components["schemas"]["Message"];
            /** @description The part of its text that has it. */
            readonly snippet: readonly components["schemas"]["Piece"][];
        };
        /** @description An open invitation. */
        readonly Invitation: {
            /**
             * Format: date-time
             * @description When.
             */
            readonly created_at?: string | null;
            /** @description What others will see. */
            readonly display_name: string;
            /**
             * Format: date-time
             * @description Until when it is good.
             */
            readonly expires_at?: string | null;
            /** @description `inv_…` */
            readonly invitation_id: string;
            /** @description Who invited them (`mem_…`). */
            readonly invited_by: string;
            /** @description What they will sign in with. */
            readonly login: string;
            /** @description What they will be allowed to do. */
            readonly roles: readonly components["schemas"]["Role"][];
        };
        /** @description Who is invited, and where to. */
        readonly InvitationShown: {
            /** @description What others will see. */
            readonly display_name: string;
            /**
             * Format: date-time
             * @description Until when it is good.
             */
            readonly expires_at?: string | null;
            /** @description BCP 47. */
            readonly language: string;
            /** @description What they will sign in with. */
            readonly login: string;
            /** @description Where to. */
            readonly organization_name: string;
        };
        /** @description Somebody who shall come in. */
        readonly InvitationWanted: {
            /** @description What others will see. */
            readonly display_name: string;
            /** @description What they will sign in with. */
            readonly login: string;
            /** @description What they will be allowed to do. */
            readonly roles: readonly components["schemas"]["Role"][];
        };
        /** @description The open invitations. */
        readonly Invitations: {
            /** @description Newest first. */
            readonly invitations: readonly components["schemas"]["Invitation"][];
        };
        /** @description What keys do. */
        readonly KeyboardPreferences: {
            /** @description Keys of the member's own, by the command of the workspace that they are for. */
            readonly keys?: {
                readonly [key: string]: string;
            };
            /** @description Enter sends; else it begins a line. */
            readonly send_with_enter: boolean;
            /** @description Single letters are commands outside text fields (WCAG 2.1.4). */
            readonly single_letters: boolean;
        };
        /** @description What is known of one attribute of a contact. */
        readonly KnownAttribute: {
            /** @description `attr_…` */
            readonly attribute_id: string;
            /**
             * Format: date-time
             * @description When.
             */
            readonly edited_at?: string | null;
            readonly edited_by?: components["schemas"]["EditedBy"] | null;
            /**
             * Format: int64
             * @description Grows with every change; 0 while nothing was ever known.
             */
            readonly rev: number;
            readonly source?: components["schemas"]["KnownFrom"] | null;
            /** @description As its type has it; `null`: nothing is known. */
            readonly value?: string | null;
        };
        /**
         * @description Who said what is known.
         * @enum {string}
         */
        readonly KnownFrom: "member" | "operator";
        /**
         * @description The language of the workspace.
         * @enum {string}
         */
        readonly Language: "en" | "fr" | "system";
        /** @description The newest message of a conversation. */
        readonly Last: {
            readonly direction?: components["schemas"]["Direction"] | null;
            readonly kind?: components["schemas"]["MessageKind"] | null;
            /** @description Its text, whole. */
            readonly text: string;
        };
        /** @description What would be shortened. */
        readonly LinkPreview: {
            /** @description The addresses, in order, at most 20. */
            readonly links: readonly components["schemas"]["PreviewedLink"][];
            /** @description Who would make the links. */
            readonly provider: components["schemas"]["LinkProvider"];
        };
        /** @description A text that is being written. */
        readonly LinkPreviewWanted: {
            /** @description The text. */
            readonly text: string;
        };
        /**
         * @description Who makes short links.
         * @enum {string}
         */
        readonly LinkProvider: "built_in" | "bitly";
        /** @description How links are shortened. */
        readonly LinkSettings: {
            /** @description The account at Bitly. */
            readonly bitly: components["schemas"]["Bitly"];
            /** @description What this installation's own short links begin with. */
            readonly domain: string;
            /** @description Who makes them. */
            readonly provider: components["schemas"]["LinkProvider"];
            /**
             * Format: int64
             * @description To be sent along with a change.
             */
            readonly rev: number;
        };
        /** @description How links are shortened from now on. */
        readonly LinkSettingsWanted: {
            /** @description A domain of the group; null for its default. */
            readonly domain?: string | null;
            /** @description A group of the account; null for its default. */
            readonly group?: string | null;
            /** @description Who makes them. */
            readonly provider: components["schemas"]["LinkProvider"];
            /**
             * Format: int64
             * @description As read; 409 `link_settings_changed` when it is another by now.
             */
            readonly rev: number;
        };
        /** @description Every place of a list. */
        readonly ListIndex: {
            /** @description Where the live feed goes on from here; opaque. */
            readonly cursor: string;
            /** @description Whether there are more. */
            readonly cut: boolean;
            /** @description `conv_…`, in the list's order; at most 50,000. */
            readonly ids: readonly string[];
            /** @description What the list is ordered by, in microseconds since 1970. */
            readonly keys: readonly number[];
            /** @description The greatest `sequence` of each one's messages. */
            readonly sequences: readonly number[];
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
        /** @description A fresh invitation. */
        readonly MadeInvitation: {
            /**
             * Format: date-time
             * @description Until when.
             */
            readonly expires_at?: string | null;
            /** @description `inv_…` */
            readonly invitation_id: string;
            /** @description Where they come in, once; given this one time. */
            readonly url: string;
        };
        /** @description A reason for being away, as supervisors see it. */
        readonly ManagedAwayState: {
            /** @description It may be chosen. */
            readonly enabled: boolean;
            /** @description `away_…` */
            readonly id: string;
            /** @description As the organization named it. */
            readonly name: string;
            /**
             * Format: int64
             * @description To be sent back with a change.
             */
            readonly rev: number;
        };
        /** @description The organization's reasons for being away, complete. */
        readonly ManagedAwayStates: {
            /** @description In their order. */
            readonly away_states: readonly components["schemas"]["ManagedAwayState"][];
            /**
             * Format: int64
             * @description To be sent back with another order.
             */
            readonly rev: number;
        };
        /** @description An account, as it is set. */
        readonly ManagedChannel: {
            /**
             * Format: int32
             * @description Days without activity after which a conversation that does not wait is resolved; 0: never.
             */
            readonly auto_resolve_days: number;
            /** @description `chan_…` */
            readonly channel_id: string;
            /** @description What agents see. */
            readonly display_name: string;
            /** @description Its name there, without `@`. */
            readonly handle: string;
            /** @description Whether the network takes its token. */
            readonly health: components["schemas"]["ChannelHealth"];
            /**
             * Format: date-time
             * @description When that was last seen.
             */
            readonly last_checked_at?: string | null;
            readonly my_access?: components["schemas"]["Access"] | null;
            /** @description Where. */
            readonly network: components["schemas"]["Network"];
            /**
             * Format: int32
             * @description Hours after its resolution in which what comes through it opens a conversation again; 0:
             *     never; `null`: as the installation says.
             */
            readonly reopen_window_hours?: number | null;
            /** @description Open to the members in its entries alone. */
            readonly restricted: boolean;
            /**
             * Format: int64
             * @description To be sent back with a change.
             */
            readonly rev: number;
            /** @description Played by this installation. */
            readonly simulated: boolean;
            /** @description What was bought at the network; empty: the lowest. */
            readonly tier: string;
        };
        /** @description The organization's accounts. */
        readonly ManagedChannels: {
            /** @description In the order in which they were connected. */
            readonly channels: readonly components["schemas"]["ManagedChannel"][];
        };
        /** @description A member, as administrators see them. */
        readonly ManagedMember: {
            /** @description Whether they may sign in. */
            readonly active: boolean;
            /** @description What others see. */
            readonly display_name: string;
            /** @description What they sign in with. */
            readonly login: string;
            /** @description `mem_…` */
            readonly member_id: string;
            /**
             * Format: int64
             * @description To be sent back with a change.
             */
            readonly rev: number;
            /** @description What they may do. */
            readonly roles: readonly components["schemas"]["Role"][];
        };
        /** @description Everybody of the organization. */
        readonly ManagedMembers: {
            /** @description In no particular order. */
            readonly members: readonly components["schemas"]["ManagedMember"][];
        };
        /** @description Where a conversation was found. */
        readonly Marks: {
            /** @description The contact's name. */
            readonly name: readonly components["schemas"]["Piece"][];
            /** @description A part of the newest message that has it; empty when only the contact has. */
            readonly snippet: readonly components["schemas"]["Piece"][];
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
        /**
         * @description How somebody is told.
         * @enum {string}
         */
        readonly Means: "in_app" | "sound" | "desktop" | "email";
        /** @description What of a member is to change; what is left out stays. */
        readonly MemberChange: {
            /** @description Whether they may sign in; whoever may not any more is signed out at once. */
            readonly active?: boolean | null;
            /** @description 1 to 255 characters. */
            readonly display_name?: string | null;
            /**
             * Format: int64
             * @description As it was seen; 409 `stale` when somebody changed it meanwhile.
             */
            readonly rev: number;
            /** @description At least one. */
            readonly roles?: readonly components["schemas"]["Role"][] | null;
        };
        /** @description One message of a conversation. */
        readonly Message: {
            /** @description What can be done to it, or to its author, besides answering. */
            readonly actions: readonly components["schemas"]["ActionOption"][];
            /** @description What was done, or is being done. */
            readonly acts: components["schemas"]["Acts"];
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
        /** @description An internal remark; never visible to the contact. */
        readonly Note: {
            /** @description Where it stands (`conv_…`). */
            readonly conversation_id: string;
            /**
             * Format: date-time
             * @description When it was written.
             */
            readonly created_at?: string | null;
            /**
             * Format: date-time
             * @description When it was deleted; it can be restored for 30 days.
             */
            readonly deleted_at?: string | null;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            readonly edited_at?: string | null;
            /** @description Who wrote it (`mem_…`). */
            readonly member_id: string;
            /** @description The message that it is tied to (`msg_…`). */
            readonly message_id?: string | null;
            /**
             * @description Whether the member may change it; `null` in frames, which are for everybody: its author and
             *     supervisors may.
             */
            readonly mine_to_change?: boolean | null;
            /** @description What others see of who wrote it. */
            readonly name: string;
            /** @description `note_…` */
            readonly note_id: string;
            /**
             * Format: int64
             * @description Grows with every change; a reader keeps the greatest.
             */
            readonly rev: number;
            /** @description Plain text. */
            readonly text: string;
        };
        /** @description A note that shall say something else. */
        readonly NoteChange: {
            /**
             * Format: int64
             * @description The `rev` that the member's screen held.
             */
            readonly rev: number;
            /** @description 1 to 10,000 characters. */
            readonly text: string;
        };
        /** @description One text that a note has had. */
        readonly NoteVersion: {
            /**
             * Format: date-time
             * @description When it was written.
             */
            readonly at?: string | null;
            /** @description Who wrote it (`mem_…`). */
            readonly member_id: string;
            /** @description What others see of who wrote it. */
            readonly name: string;
            /** @description The text. */
            readonly text: string;
        };
        /** @description Every text that a note has had. */
        readonly NoteVersions: {
            /** @description Oldest first; the last one is what it says. */
            readonly versions: readonly components["schemas"]["NoteVersion"][];
        };
        /** @description A note to be written. */
        readonly NoteWanted: {
            /** @description 1 to 128 characters, chosen by the client; the same key gives the first outcome. */
            readonly key: string;
            /** @description The message that it is tied to (`msg_…`); `null` for a note on the conversation. */
            readonly message_id?: string | null;
            /** @description 1 to 10,000 characters. */
            readonly text: string;
        };
        /** @description The notes of a conversation. */
        readonly Notes: {
            /** @description Oldest first, without deleted ones. */
            readonly notes: readonly components["schemas"]["Note"][];
        };
        /** @description Something that a member is told. */
        readonly Notification: {
            /**
             * Format: date-time
             * @description When it happened last.
             */
            readonly at?: string | null;
            /** @description Only the badge: the member is Away. */
            readonly badge_only: boolean;
            /** @description Which account (`chan_…`); null when it is about none. */
            readonly channel_id?: string | null;
            /** @description Where (`conv_…`); null when it is about no conversation. */
            readonly conversation_id?: string | null;
            /** @description `ntf_…` */
            readonly id: string;
            /** @description What it is about. */
            readonly kind: components["schemas"]["Occasion"];
            /** @description By which means it is told. */
            readonly means: components["schemas"]["NotificationMeans"];
            /**
             * Format: int64
             * @description Grows when a newer one of the same conversation replaces it.
             */
            readonly rev: number;
        };
        /** @description Events × means. */
        readonly NotificationMatrix: {
            readonly assigned_to_you?: components["schemas"]["WantedMeans"] | null;
            readonly channel_unhealthy?: components["schemas"]["WantedMeans"] | null;
            readonly customer_answered?: components["schemas"]["WantedMeans"] | null;
            readonly new_in_queue?: components["schemas"]["WantedMeans"] | null;
            readonly reply_failed?: components["schemas"]["WantedMeans"] | null;
        };
        /** @description By which means a notification is told now. */
        readonly NotificationMeans: {
            /** @description By Web Push. */
            readonly desktop: boolean;
            /** @description By mail. */
            readonly email: boolean;
            /** @description In the workspace. */
            readonly in_app: boolean;
            /** @description By a sound of the workspace. */
            readonly sound: boolean;
        };
        /** @description What became of a notification by one means. */
        readonly NotificationOutcome: {
            /**
             * Format: date-time
             * @description Since when.
             */
            readonly at?: string | null;
            /** @description Which one. */
            readonly means: components["schemas"]["Means"];
            /** @description How far it came. */
            readonly outcome: components["schemas"]["NotificationOutcomeState"];
            /**
             * @description Why not: `away`, `not_wanted`, `no_subscription`, `no_address`, `no_mail_server`,
             *     `no_push`, `settled`, `seen`, `push_refused`, `mail_refused`, `unknown` (it was tried, and
             *     nobody knows whether it came), or what the browser said.
             */
            readonly reason?: string | null;
        };
        /**
         * @description How far a notification came.
         * @enum {string}
         */
        readonly NotificationOutcomeState: "not" | "queued" | "sent" | "shown" | "opened";
        /** @description What a member wants to be told. */
        readonly NotificationPreferences: {
            /** @description Whether it sends mails. */
            readonly has_mail_server: boolean;
            /** @description Whether this installation sends pushes. */
            readonly has_push: boolean;
            /** @description Where mails go; null when the member's login is no address. */
            readonly mail_address?: string | null;
            /** @description What is wanted. */
            readonly matrix: components["schemas"]["NotificationMatrix"];
            /** @description What can be chosen at all. */
            readonly offered: components["schemas"]["NotificationMatrix"];
            /**
             * Format: int64
             * @description To be sent along with a change.
             */
            readonly rev: number;
            /** @description The sound. */
            readonly sound: components["schemas"]["NotificationSound"];
        };
        /** @description What is wanted from now on; a row that is left out stays. */
        readonly NotificationPreferencesWanted: {
            /** @description What is wanted. */
            readonly matrix: components["schemas"]["NotificationMatrix"];
            /**
             * Format: int64
             * @description As read; 409 `preferences_changed` when it is another by now.
             */
            readonly rev: number;
            /** @description The sound. */
            readonly sound: components["schemas"]["NotificationSound"];
        };
        /** @description How the workspace sounds. */
        readonly NotificationSound: {
            /**
             * Format: int32
             * @description 0 to 100.
             */
            readonly volume: number;
        };
        /** @description A member's own notifications. */
        readonly Notifications: {
            /** @description `after` of the next page; null when this was the last. */
            readonly next?: string | null;
            /** @description The newest first. */
            readonly notifications: readonly components["schemas"]["CentreNotification"][];
        };
        /**
         * @description What a notification is about.
         * @enum {string}
         */
        readonly Occasion: "assigned_to_you" | "customer_answered" | "reply_failed" | "channel_unhealthy" | "test";
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
        /** @description What a browser did with a notification. */
        readonly OutcomeWanted: {
            /** @description By which means. */
            readonly means: components["schemas"]["Means"];
            /** @description What it did. */
            readonly outcome: components["schemas"]["Did"];
            /** @description With `not`: a code as `blocked` or `no_permission`. */
            readonly reason?: string | null;
            /**
             * Format: int64
             * @description The `rev` of what the browser had: what it did with an earlier one in the same place says
             *     nothing.
             */
            readonly rev?: number | null;
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
        /** @description Another password. */
        readonly PasswordChange: {
            /**
             * Format: password
             * @description The present one.
             */
            readonly current: string;
            /**
             * Format: password
             * @description At least 12 characters, taken as it is.
             */
            readonly new: string;
        };
        /** @description A password that whoever holds a token chooses. */
        readonly PasswordChosen: {
            /**
             * Format: password
             * @description At least 12 characters, taken as it is.
             */
            readonly password: string;
            /**
             * Format: password
             * @description As it stands in the link.
             */
            readonly token: string;
        };
        /** @description Somebody has forgotten their password. */
        readonly PasswordForgotten: {
            /** @description What they sign in with. */
            readonly login: string;
        };
        /** @description A link to set a new password. */
        readonly PasswordLink: {
            /**
             * Format: date-time
             * @description Until when.
             */
            readonly expires_at?: string | null;
            /** @description Good once; given this one time. */
            readonly url: string;
        };
        /** @description What somebody signs in with from now on. */
        readonly PasswordSet: {
            /** @description Their login. */
            readonly login: string;
        };
        /** @description A piece of a text; pieces in their order make the text. */
        readonly Piece: {
            /** @description Whether it is what was searched for. */
            readonly hit: boolean;
            /** @description Plain text. */
            readonly text: string;
        };
        /** @description What a member prefers. */
        readonly Preferences: {
            /** @description Light or dark. */
            readonly appearance: components["schemas"]["Appearance"];
            /** @description What keys do. */
            readonly keyboard: components["schemas"]["KeyboardPreferences"];
            /** @description The language of the workspace. */
            readonly language: components["schemas"]["Language"];
            /**
             * Format: int64
             * @description To be sent back with a change; 0 while nothing was set.
             */
            readonly rev: number;
            /** @description When the member said so on their device, RFC 3339; none if it was not told. */
            readonly written_at?: string | null;
        };
        /** @description What a member prefers from now on. */
        readonly PreferencesWanted: {
            /** @description Light or dark. */
            readonly appearance: components["schemas"]["Appearance"];
            /** @description What keys do. */
            readonly keyboard: components["schemas"]["KeyboardPreferences"];
            /** @description The language of the workspace. */
            readonly language: components["schemas"]["Language"];
            /**
             * Format: int64
             * @description As it was seen; 409 `stale` when it changed on another device meanwhile.
             */
            readonly rev: number;
            /** @description When the member said so, RFC 3339: of two devices the newer word counts. */
            readonly written_at?: string | null;
        };
        /**
         * @description What a member's connections say.
         * @enum {string}
         */
        readonly Presence: "present" | "absent" | "unknown";
        /** @description An address in a text. */
        readonly PreviewedLink: {
            /**
             * Format: int32
             * @description Where it has ended.
             */
            readonly end: number;
            /**
             * Format: int32
             * @description What `keep_long_ordinals` of a reply names.
             */
            readonly ordinal: number;
            /** @description What a short one looks like; it leads nowhere. */
            readonly short_example: string;
            /**
             * Format: int32
             * @description Where it begins, in UTF-16 code units.
             */
            readonly start: number;
            /** @description As written. */
            readonly url: string;
        };
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
        /** @description The key with which a browser subscribes. */
        readonly PushKey: {
            /** @description base64url; null when this installation sends no pushes. */
            readonly public_key?: string | null;
        };
        /** @description The keys of a browser that takes pushes. */
        readonly PushKeys: {
            /** @description base64url */
            readonly auth: string;
            /** @description base64url */
            readonly p256dh: string;
        };
        /** @description A browser that takes no more pushes. */
        readonly PushSubscriptionGone: {
            /** @description The push service's address. */
            readonly endpoint: string;
        };
        /** @description A browser that takes pushes, as `PushSubscription.toJSON()` tells of it. */
        readonly PushSubscriptionWanted: {
            /** @description The push service's address. */
            readonly endpoint: string;
            /**
             * Format: double
             * @description Not looked at: push services tell by refusing.
             */
            readonly expirationTime?: number | null;
            /** @description Its keys. */
            readonly keys: components["schemas"]["PushKeys"];
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
        /** @description What was read; exactly one of the three. */
        readonly ReadWanted: {
            /** @description Everything. */
            readonly all?: boolean;
            /** @description `conv_…` */
            readonly conversation_id?: string | null;
            /** @description `ntf_…` of one that is about no conversation. */
            readonly notification_id?: string | null;
        };
        /** @description A member wants a conversation among those that wait again at a moment. */
        readonly Reminder: {
            /**
             * Format: date-time
             * @description When.
             */
            readonly due_at?: string | null;
            /** @description Who set it (`mem_…`). */
            readonly member_id: string;
            /** @description What others see of who set it. */
            readonly name: string;
            /** @description What for; may be empty. */
            readonly note: string;
        };
        /** @description A reminder to be cancelled. */
        readonly ReminderCancelled: {
            /** @description The client's own, 1 to 128 characters. */
            readonly key: string;
        };
        /** @description A reminder to be set. */
        readonly ReminderWanted: {
            /**
             * Format: date-time
             * @description In the future, at most 400 days ahead.
             */
            readonly due_at: string;
            /** @description The client's own, 1 to 128 characters: the same key gives the first outcome. */
            readonly key: string;
            /** @description What for, at most 500 characters. */
            readonly note?: string;
            /**
             * Format: int64
             * @description The greatest `sequence` that the screen held; needed while the conversation is new.
             */
            readonly seen_through?: number;
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
            /** @description Addresses that stay long although links are shortened, by their place in the text, from 0. */
            readonly keep_long_ordinals?: readonly number[];
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
            /**
             * Format: int64
             * @description The greatest `sequence` of its messages; whoever decides by this row has seen it.
             */
            readonly last_sequence: number;
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
            readonly reminder?: components["schemas"]["Reminder"] | null;
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
            /**
             * Format: int32
             * @description How far back the list goes; `null`: as far as there is anything. What is older is found by
             *     search.
             */
            readonly limited_to_months?: number | null;
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
        /**
         * @description In what to search.
         * @enum {string}
         */
        readonly SearchIn: "all" | "conversations" | "messages" | "contacts";
        /** @description What was found. */
        readonly SearchResults: {
            /** @description Those first who came last. */
            readonly contacts: readonly components["schemas"]["FoundContact"][];
            /** @description What happened last first. */
            readonly conversations: readonly components["schemas"]["FoundConversation"][];
            /** @description The newest first. */
            readonly messages: readonly components["schemas"]["FoundMessage"][];
            /** @description To be given as `cursor`; `null` on the last page, and when everything was searched. */
            readonly next?: string | null;
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
         * @description The order of a list.
         * @enum {string}
         */
        readonly Sort: "waiting" | "newest" | "oldest_activity";
        /** @description The draft that stands. */
        readonly StandingDraft: {
            readonly draft?: components["schemas"]["Draft"] | null;
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
        /** @description How a conversation stood before. */
        readonly StoodBefore: {
            /** @description Who owned it (`mem_…`). */
            readonly owner_member_id?: string | null;
            /** @description In which state. */
            readonly state: components["schemas"]["State"];
        };
        /** @description Everybody who may be assigned to. */
        readonly Team: {
            /** @description How much those may own who have no capacity of their own. */
            readonly capacity: components["schemas"]["TeamCapacity"];
            /** @description In no order. */
            readonly members: readonly components["schemas"]["TeamMember"][];
        };
        /** @description How much the members of a team may own. */
        readonly TeamCapacity: {
            /**
             * Format: int32
             * @description New conversations owned at which nothing more is handed, 0 to 1000.
             */
            readonly capacity: number;
            /**
             * Format: int32
             * @description New conversations owned at which nothing more may become theirs, not less than the
             *     capacity; `null`: twice the capacity of each.
             */
            readonly hard_limit?: number | null;
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
             * @description How many they may own at most.
             */
            readonly hard_limit: number;
            /**
             * Format: int32
             * @description New conversations owned.
             */
            readonly load: number;
            /** @description `mem_…` */
            readonly member_id: string;
            /** @description What others see. */
            readonly name: string;
            /**
             * Format: int32
             * @description Their capacity where it is not the team's.
             */
            readonly own_capacity?: number | null;
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
        /** @description One link, made as a reply would. */
        readonly TestLink: {
            /** @description Why the chosen provider did not make it; null when it did. */
            readonly fallback_reason?: string | null;
            /** @description Who made it in the end. */
            readonly provider: components["schemas"]["LinkProvider"];
            /** @description It works. */
            readonly short_url: string;
        };
        /** @description By which means to test. */
        readonly TestWanted: {
            /** @description Which one. */
            readonly means: components["schemas"]["Means"];
        };
        /** @description What holds a link's token. */
        readonly TokenHeld: {
            /**
             * Format: password
             * @description As it stands in the link.
             */
            readonly token: string;
        };
        /** @description A row of the matrix of notifications: what is wanted. */
        readonly WantedMeans: {
            /** @description By Web Push. */
            readonly desktop: boolean;
            /** @description By mail. */
            readonly email: boolean;
            /** @description In the workspace. */
            readonly in_app: boolean;
            /** @description By a sound of the workspace. */
            readonly sound: boolean;
        };
        /** @description Whether this installation is still to be set up. */
        readonly Welcome: {
            /** @description Nobody can sign in yet. */
            readonly needed: boolean;
            /** @description Whether it plays networks itself. */
            readonly simulated_networks_offered: boolean;
        };
        /** @description Sets the installation up. */
        readonly WelcomeWanted: {
            /** @description Its first administrator. */
            readonly admin: components["schemas"]["FirstAdmin"];
            /** @description The first organization. */
            readonly organization: components["schemas"]["FirstOrganization"];
            /**
             * Format: password
             * @description As `guichet up` printed it.
             */
            readonly token: string;
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
