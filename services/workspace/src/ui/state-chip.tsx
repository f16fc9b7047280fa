// The state of a conversation: a mark and a word, never a colour alone.
import { CircleCheck, CircleDot, Clock } from 'lucide-react';
import type { ConversationState } from '../api/types';
import { useT } from '../i18n/t';
import { cx } from './cx';

const looks = {
  new: { Icon: CircleDot, className: 'bg-accent-soft text-accent', key: 'inbox.state_new' },
  pending: { Icon: Clock, className: 'bg-pending-soft text-pending', key: 'inbox.state_pending' },
  resolved: { Icon: CircleCheck, className: 'bg-ok-soft text-ok', key: 'inbox.state_resolved' },
} as const;

export function StateChip({ state }: { readonly state: ConversationState }) {
  const t = useT();
  const { Icon, className, key } = looks[state];
  return (
    <span
      data-state={state}
      className={cx(
        'inline-flex items-center gap-1 rounded-chip px-1.5 py-0.5 text-meta font-medium',
        className,
      )}
    >
      <Icon size={12} strokeWidth={2.25} aria-hidden />
      {t(key)}
    </span>
  );
}
