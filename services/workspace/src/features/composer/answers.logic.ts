// Which ways there are to answer a message, and which one is meant: what was chosen, else what suits the message.
import type { AnswerOption, Conversation, Message, MessageKind, Network } from '../../api/types';
import type { Draft } from '../../drafts/drafts';

/** The message that an answer goes to: the one that was picked, else the customer's last. */
export function targetOf(messages: readonly Message[], picked: string | null): Message | null {
  const canBe = (message: Message): boolean => message.direction === 'inbound' && !message.deleted;
  return (
    messages.find((message) => message.id === picked && canBe(message)) ??
    messages.findLast((message) => canBe(message)) ??
    null
  );
}

/** A message's own ways; the row's where its last message is not among those that are here. */
export function optionsOf(target: Message | null, row: Conversation | undefined): readonly AnswerOption[] {
  return target ? target.answers : (row?.answers ?? []);
}

export interface KindChoice {
  readonly kind: MessageKind;
  readonly isPublic: boolean;
  /** Of the account that can, else of the first that cannot. */
  readonly option: AnswerOption;
}

const keyOf = (option: Pick<AnswerOption, 'kind' | 'public'>): string => `${option.kind}/${option.public}`;

/** One choice for each kind, in the order in which the server lists them, best first. */
export function kindsOf(options: readonly AnswerOption[], channel: string | null): KindChoice[] {
  const kinds = new Map<string, AnswerOption>();
  for (const option of options) {
    const have = kinds.get(keyOf(option));
    const isBetter =
      !have ||
      (option.available && !have.available) ||
      (option.available === have.available && option.channel_id === channel && have.channel_id !== channel);
    if (isBetter) kinds.set(keyOf(option), option);
  }
  return [...kinds.values()].map((option) => ({ kind: option.kind, isPublic: option.public, option }));
}

/** The accounts that could answer in the kind of the given option. */
export function accountsOf(options: readonly AnswerOption[], chosen: AnswerOption): readonly AnswerOption[] {
  return options.filter((option) => keyOf(option) === keyOf(chosen));
}

export function isPublicKind(kind: MessageKind): boolean {
  return kind !== 'private_message';
}

/** The message's own kind and account if that is possible, else the nearest to it that is. */
export function suitable(all: readonly AnswerOption[], target: Message | null): AnswerOption | null {
  const isPublic = target ? isPublicKind(target.kind) : undefined;
  // A quote is an answer that somebody chose; it suits no message by itself.
  const usual = all.filter((option) => option.kind !== 'quote');
  const options = usual.length > 0 ? usual : all;
  const isOwn = (option: AnswerOption): boolean => target?.channel_ids.includes(option.channel_id) ?? false;
  const suits = (option: AnswerOption): boolean => isPublic === undefined || option.public === isPublic;
  return (
    options.find((option) => option.available && suits(option) && isOwn(option)) ??
    options.find((option) => option.available && suits(option)) ??
    options.find((option) => option.available) ??
    options.find((option) => suits(option) && isOwn(option)) ??
    options[0] ??
    null
  );
}

/** What was chosen stands as long as the message can be answered so. */
export function chosenOf(
  options: readonly AnswerOption[],
  target: Message | null,
  draft: Pick<Draft, 'kind' | 'channel_id'>,
): AnswerOption | null {
  const ofKind = options.filter((option) => option.kind === draft.kind);
  const exact = ofKind.find((option) => option.channel_id === draft.channel_id);
  return exact ?? ofKind.find((option) => option.available) ?? suitable(options, target);
}

/** Said when an answer is seen by others than the message was. */
export function consequenceOf(
  option: AnswerOption | null,
  target: Message | null,
): 'becomes_public' | 'becomes_private' | null {
  if (!option || !target || option.public === isPublicKind(target.kind)) return null;
  return option.public ? 'becomes_public' : 'becomes_private';
}

/** The name of a way to answer: `reply`, `comment`, `private_reply` (to a public message) or `private_message`. */
export function wayOf(
  option: AnswerOption,
  target: Message | null,
  network: Network,
): 'reply' | 'quote' | 'comment' | 'private_reply' | 'private_message' | 'direct_message' {
  if (option.public && option.kind === 'quote') return 'quote';
  if (option.public) return option.kind === 'comment' ? 'comment' : 'reply';
  if (network === 'x') return 'direct_message';
  return target && isPublicKind(target.kind) ? 'private_reply' : 'private_message';
}
