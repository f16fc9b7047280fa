import '../../i18n/areas/assignment.gen';
import type { Conversation } from '../../api/types';
import type { Translate } from '../../i18n/t';

/** The question that the recorded decisions answer. */
export function questionOf(t: Translate, row: Conversation, me: string): string {
  if (row.owner === null) return t(row.state === 'new' ? 'assignment.why_not_yet' : 'assignment.why_nobody');
  return row.owner.member_id === me
    ? t('assignment.why_me')
    : t('assignment.why_them', { name: row.owner.name });
}
