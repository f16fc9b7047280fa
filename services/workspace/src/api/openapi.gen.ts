// Made by scripts/generate-types.mjs from services/gateway/openapi.json. Do not edit.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
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
        /**
         * @description Which way a message went.
         * @enum {string}
         */
        readonly Direction: "inbound" | "outbound";
        /** @description The newest message of a conversation. */
        readonly Last: {
            readonly direction?: components["schemas"]["Direction"] | null;
            readonly kind?: components["schemas"]["MessageKind"] | null;
            /** @description Its text, whole. */
            readonly text: string;
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
            /** @description The network's own id. */
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
             * @description The network's own time.
             */
            readonly network_time?: string | null;
            /** @description Where to see it on the network; `null` for private ones. */
            readonly permalink?: string | null;
            /** @description Reactions to it. */
            readonly reactions: readonly components["schemas"]["Reaction"][];
            /** @description Outbound: the contact has read it. */
            readonly read: boolean;
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
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
