// What a message's menu offers: built from the message's own list of actions alone. Nothing here knows a network.
import type { ActName, Message, MessageAction } from '../../api/types';
import { effects, isOn, isToggle, type Wished } from '../../live/acts';

export interface Offered {
  readonly action: MessageAction['action'];
  readonly option: MessageAction;
}

/** The order of the menu, whatever the order on the wire. */
const order: readonly MessageAction['action'][] = [
  'quote',
  'like',
  'unlike',
  'repost',
  'unrepost',
  'hide',
  'unhide',
  'follow',
  'unfollow',
  'delete',
];

export function offeredOf(message: Message, wished: Wished): Offered[] {
  const all = message.actions;
  return order
    .filter((action) => fits(message, wished, action))
    .flatMap((action) => {
      const options = all.filter((each) => each.action === action);
      const option = best(options, message);
      return option ? [{ action, option }] : [];
    });
}

/** Of a pair the one that changes something. */
function fits(message: Message, wished: Wished, action: MessageAction['action']): boolean {
  if (!isToggle(action)) return true;
  const effect = effects[action];
  return isOn(message.acts, wished, effect.name) !== effect.isOn;
}

/** The account that the message was written to if it can, else another that can, else why not. */
function best(options: readonly MessageAction[], message: Message): MessageAction | undefined {
  const isOwn = (option: MessageAction): boolean => message.channel_ids.includes(option.channel_id);
  return (
    options.find((option) => option.available && isOwn(option)) ??
    options.find((option) => option.available) ??
    options.find((option) => isOwn(option)) ??
    options[0]
  );
}

export interface Badge {
  readonly name: ActName;
  /** The network has not said yes yet. */
  readonly isUnderWay: boolean;
}

const badges: readonly ActName[] = ['liked', 'reposted', 'hidden', 'deleted'];

/** What stands, in the eyes of whoever looks at the message. */
export function badgesOf(message: Message, wished: Wished): Badge[] {
  return badges
    .filter((name) => isOn(message.acts, wished, name))
    .map((name) => ({ name, isUnderWay: message.acts[name]?.state !== 'on' || wished[name] === true }));
}

/** The newest word on whether the author is followed; any of the messages may have it. */
export function followingOf(messages: readonly Message[], wished: Wished): Badge | null {
  const known = messages.filter((message) => message.acts.following);
  const newest = known.toSorted((a, b) => timeOf(a) - timeOf(b)).at(-1);
  if (!isOn(newest?.acts, wished, 'following')) return null;
  return { name: 'following', isUnderWay: newest?.acts.following?.state !== 'on' };
}

function timeOf(message: Message): number {
  return Date.parse(message.acts.following?.at ?? '') || 0;
}

/** What the network refused; only the newest word counts, so that a wish under way hides it. */
export function failuresOf(message: Message, wished: Wished): ActName[] {
  const names: readonly ActName[] = [...badges, 'following'];
  return names.filter((name) => message.acts[name]?.state === 'failed' && wished[name] === undefined);
}
