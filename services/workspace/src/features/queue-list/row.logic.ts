// What a row says, apart from how it looks.
import type { Conversation } from '../../api/types';
import { formatAge } from '../../i18n/format';
import type { Language } from '../../i18n/icu';
import { translate } from '../../i18n/t';
import { networkName } from '../../ui/icons/network-glyph';

export function nameOf(language: Language, row: Conversation): string {
  const { name, handle } = row.contact;
  return name || handle || translate(language, 'inbox.someone', { network: networkName(row.network) });
}

/** New shows how long the customer has waited, the other states when something last happened. */
export function ageOf(language: Language, row: Conversation, now: number): { short: string; long: string } {
  const isWaiting = row.state === 'new' && row.waiting_since !== null;
  const since = isWaiting ? row.waiting_since : row.last_activity_at;
  if (since === null) return { short: '', long: '' };
  const short = formatAge(language, since, now);
  return { short, long: translate(language, isWaiting ? 'inbox.waiting' : 'inbox.activity', { age: short }) };
}

/** "X · Direct message" */
export function kindOf(language: Language, row: Conversation): string {
  const network = networkName(row.network);
  if (row.last.kind === null) return network;
  const kind = translate(language, `inbox.row_${row.last.kind}`, { network: row.network });
  return `${network} · ${kind}`;
}

/** One line: line breaks and runs of space become one space. */
export function snippetOf(row: Conversation): string {
  return row.last.text.slice(0, 400).replace(/\s+/gu, ' ').trim();
}
