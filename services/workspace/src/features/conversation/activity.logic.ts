// What happened to a conversation, in a sentence. Kinds that are not known here are left out, as are those that a
// message or a note of the same moment tells already.
import '../../i18n/areas/conversation.gen';
import type { ActivityEntry } from '../../api/story-types';
import { formatDue } from '../../i18n/format';
import type { Language } from '../../i18n/icu';
import { translate } from '../../i18n/t';

const known = new Set([
  'opened',
  'reopened',
  'reopened_by_hand',
  'set_pending',
  'resolved',
  'reply_failed',
  // Of a row, while the record of it is not here.
  'state',
  'assigned',
  'reminder_set',
  'reminder_cancelled',
  'reminder_fired',
  'reminded',
  'action',
  'action_failed',
]);

export function isKnown(entry: ActivityEntry): boolean {
  return known.has(entry.kind);
}

export function sentenceOf(language: Language, entry: ActivityEntry): string {
  const reason = entry.reason ?? '';
  const action = entry.what ?? '';
  switch (entry.kind) {
    case 'opened':
      return translate(language, 'conversation.activity_opened');
    case 'reopened':
    case 'reopened_by_hand':
      return translate(language, 'conversation.activity_reopened');
    case 'reply_failed':
      return translate(language, 'conversation.activity_reply_failed');
    case 'assigned':
      return entry.to
        ? translate(language, 'conversation.activity_assigned', { reason, name: entry.to.name })
        : translate(language, 'conversation.activity_unassigned', { reason });
    case 'reminder_set': {
      const time = entry.due_at ? formatDue(language, entry.due_at, Date.parse(entry.at)) : '';
      return translate(language, 'conversation.activity_reminder_set', { time });
    }
    case 'reminder_cancelled':
      return translate(language, 'conversation.activity_reminder_cancelled');
    case 'reminder_fired':
    case 'reminded':
      return translate(language, 'conversation.activity_reminder_fired');
    case 'action':
      return translate(language, 'conversation.activity_action', { action });
    case 'action_failed':
      return translate(language, 'conversation.activity_action_failed', { action });
    default:
      return translate(language, 'conversation.activity_state', { state: stateOf(entry), reason });
  }
}

function stateOf({ kind, state_after: state }: ActivityEntry): string {
  if (kind === 'set_pending') return 'pending';
  return kind === 'resolved' ? 'resolved' : (state ?? 'resolved');
}
