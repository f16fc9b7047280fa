// The reply being written: what it answers, how, from which account, how long it is, and sending it.
import '../../i18n/areas/composer.gen';
import { useEffect, useState } from 'react';
import { announce } from '../../a11y/announcer';
import type { PreviewedLink } from '../../api/story-types';
import type { AnswerOption, Conversation, Message } from '../../api/types';
import type { Draft } from '../../drafts/drafts';
import { useDraft, useDrafts } from '../../drafts/use-draft';
import { useT } from '../../i18n/t';
import type { LocalReply } from '../../live/outbox';
import { useFeed, useLocalReplies, useTimeline } from '../../live/select';
import { seenThrough } from '../../live/timelines';
import { chosenOf, optionsOf, targetOf } from './answers.logic';
import { useLength } from './counting';
import { keptOrdinals } from './links.logic';
import { type HeldLock, useLock } from './use-lock';
import { useLinks } from './use-links';
import { useTyping } from './use-typing';

export interface ReplyForm {
  readonly row: Conversation;
  readonly text: string;
  readonly draft: Draft;
  readonly target: Message | null;
  readonly options: readonly AnswerOption[];
  readonly option: AnswerOption | null;
  /** True until it is known which ways of answering there are. */
  readonly isLookingUp: boolean;
  /** Null while it is not known how the network counts. */
  readonly remaining: number | null;
  /** Those that would be made short; none while that is not wanted. */
  readonly links: readonly PreviewedLink[];
  /** Why the last try was refused, until it is tried again or changed. */
  readonly refusal: LocalReply['problem'];
  readonly held: HeldLock;
  readonly canSend: boolean;
  /** True for a message of the customer that can be answered. */
  readonly canAnswer: (id: string) => boolean;
  readonly setText: (text: string) => void;
  readonly change: (change: Partial<Draft>) => void;
  readonly send: () => void;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
}

/** How few are left when a screen reader is told. */
const nearlyFull = 20;

export function useReply(row: Conversation): ReplyForm {
  const { id } = row;
  const drafts = useDrafts();
  const draft = useDraft(id);
  const { messages, status } = useTimeline(id);
  const typing = useTyping(id);
  const held = useLock(row);
  const { isSending, refusal, forgive } = useRefused(row, draft);
  const target = targetOf(messages, draft.target);
  const options = optionsOf(target, row);
  const option = chosenOf(options, target, draft);
  // What is on its way is shown in the story, and still kept as a draft until it is accepted.
  const text = isSending ? '' : draft.text;
  const length = useLength(option?.counting, text);
  const remaining = option && length !== null ? option.text_limit - length : null;
  useNearlyFull(remaining);
  const links = useLinks(text, row.network, draft.shorten);

  const isStale = refusal?.code === 'newer_message';
  const isTooLong = remaining !== null && remaining < 0;
  const canSend = text.trim() !== '' && option?.available === true && !isTooLong && held.holder === null;
  const post = usePost(row, held);
  const change = (next: Partial<Draft>): void => drafts.change(id, { ...draft, text, ...next });

  return {
    row,
    text,
    draft,
    target,
    options,
    option,
    isLookingUp: options.length === 0 && status !== 'ready' && status !== 'failed',
    remaining,
    links,
    refusal,
    held,
    canSend,
    canAnswer: (message) => targetOf(messages, message)?.id === message,
    setText: (next) => {
      if (next === '' && !isSending) drafts.clear(id);
      else change({ text: next, sent_as: null });
      if (!isStale) forgive();
      typing.typed();
    },
    change: (next) => change({ ...next, sent_as: null }),
    send: () => {
      if (!canSend || !option) return;
      forgive();
      typing.stopped();
      const kept = keptOrdinals(links, draft.keep_long);
      post(option, { ...draft, text }, { seen: seenThrough(messages), despiteNewer: isStale, kept });
    },
    onFocus: () => held.lock.focus(),
    onBlur: () => {
      held.lock.blur();
      typing.stopped();
    },
  };
}

interface Terms {
  readonly seen: number;
  readonly despiteNewer: boolean;
  /** Places of the links that stay long. */
  readonly kept: readonly number[];
}

function usePost(row: Conversation, { lock }: HeldLock) {
  const feed = useFeed();
  const drafts = useDrafts();
  return (option: AnswerOption, draft: Draft, { seen, despiteNewer, kept }: Terms): void => {
    // The same text sent the same way after a reload is the same reply; anything else is another one.
    const key = draft.sent_as && !despiteNewer ? draft.sent_as : crypto.randomUUID();
    drafts.change(row.id, { ...draft, sent_as: key });
    const reply = {
      key,
      kind: option.kind,
      channel_id: option.channel_id,
      in_reply_to: option.in_reply_to,
      text: draft.text,
      seen_through: seen,
      shorten_links: draft.shorten,
      keep_long_ordinals: kept,
      fence: 0,
      despite_newer: despiteNewer,
    };
    feed.outbox.send(row.id, row.network, reply, async () => {
      await lock.settled();
      return lock.fence;
    });
  };
}

/** What the gateway refused comes back into the box, before what was written since. */
function useRefused(row: Conversation, draft: Draft) {
  const feed = useFeed();
  const drafts = useDrafts();
  const locals = useLocalReplies(row.id);
  const [forgiven, setForgiven] = useState<string | null>(null);
  const [last, setLast] = useState<LocalReply | null>(null);
  const refused = locals.find((local) => local.state === 'refused');
  if (refused && refused !== last) setLast(refused);
  useEffect(() => {
    const local = refused && feed.outbox.take(refused.reply.key);
    if (!local) return;
    const since = drafts.get(row.id);
    const isSame = since.sent_as === local.reply.key || since.text === '';
    const text = isSame ? local.reply.text : `${local.reply.text}\n\n${since.text}`;
    const { kind, channel_id, shorten_links: shorten } = local.reply;
    drafts.change(row.id, { text, kind, channel_id, shorten, sent_as: null });
  }, [feed, drafts, refused, row.id]);
  const isSending = draft.sent_as !== null && locals.some((local) => local.reply.key === draft.sent_as);
  const key = last?.reply.key ?? null;
  return {
    isSending,
    refusal: last && key !== forgiven ? last.problem : null,
    forgive: () => setForgiven(key),
  };
}

function useNearlyFull(remaining: number | null): void {
  const t = useT();
  const isNearlyFull = remaining !== null && remaining >= 0 && remaining <= nearlyFull;
  useEffect(() => {
    if (isNearlyFull) announce(t('composer.nearly_full', { count: nearlyFull }), String);
  }, [isNearlyFull, t]);
}
