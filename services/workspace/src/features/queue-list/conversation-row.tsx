import { Link } from '@tanstack/react-router';
import { CornerUpLeft } from 'lucide-react';
import { memo } from 'react';
import type { Conversation, Queue } from '../../api/types';
import { useNow } from '../../i18n/clock';
import { directionOfText, isolateAsides } from '../../i18n/direction';
import { number } from '../../i18n/icu';
import { useHasDraft } from '../../drafts/use-draft';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { useConversation, useMe } from '../../live/select';
import { Avatar } from '../../ui/avatar';
import { cx } from '../../ui/cx';
import { MemberMark } from '../../ui/member-mark';
import { ReminderChip } from '../../ui/reminder-chip';
import { Skeleton } from '../../ui/skeleton';
import { ageOf, kindOf, nameOf, snippetOf } from './row.logic';

interface ConversationRowProps {
  readonly id: string;
  readonly queue: Queue;
  readonly isOpen: boolean;
  /** True for the one row that the Tab key reaches. */
  readonly isActive: boolean;
}

export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const row = useConversation(props.id);
  if (!row) return <Skeleton className="m-3 h-9" />;
  return <FilledRow row={row} {...props} />;
});

interface FilledRowProps extends ConversationRowProps {
  readonly row: Conversation;
}

function FilledRow({ row, queue, isOpen, isActive }: FilledRowProps) {
  const language = useLanguage();
  const age = ageOf(language, row, useNow());
  const name = nameOf(language, row);
  return (
    <div
      role="gridcell"
      className={cx(
        'relative flex h-full gap-2.5 border-s-3 pe-3 ps-[calc(9rem/14)] pt-2.5',
        isOpen ? 'border-accent bg-surface' : 'border-transparent hover:bg-surface/60',
      )}
    >
      <Avatar name={name} network={row.network} />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-2">
          <Link
            to="/inbox/$queue/c/$conversation"
            params={{ queue, conversation: row.id }}
            tabIndex={isActive ? 0 : -1}
            data-row-link
            aria-current={undefined}
            className="hairline-focus min-w-0 flex-1 truncate font-bold outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
          >
            <bdi>{name}</bdi>
          </Link>
          <span className="tabular shrink-0 text-label text-muted" title={age.long}>
            <span aria-hidden>{age.short}</span>
            <span className="sr-only">{age.long}</span>
          </span>
        </div>
        <div className="mt-px flex items-center gap-2">
          <span className="min-w-0 flex-1 truncate text-meta/[calc(20/12)] text-muted">
            {kindOf(language, row)}
          </span>
          <ReminderChip reminder={row.reminder} />
          <DraftChip id={row.id} />
          <Owner row={row} />
          <UnseenBadge count={row.unseen_count} />
        </div>
        <Snippet row={row} />
      </div>
    </div>
  );
}

function Snippet({ row }: { readonly row: Conversation }) {
  const t = useT();
  const text = snippetOf(row);
  const isOurs = row.last.direction === 'outbound';
  return (
    <div className="mt-0.5 flex items-center gap-1 text-muted">
      {isOurs && (
        <>
          <CornerUpLeft size={14} strokeWidth={1.75} aria-hidden className="shrink-0 rtl:-scale-x-100" />
          <span className="sr-only">{t('inbox.you')}</span>
        </>
      )}
      <span dir={directionOfText(text)} className={cx('min-w-0 flex-1 truncate', !text && 'italic')}>
        {isolateAsides(text) || t('inbox.no_text')}
      </span>
    </div>
  );
}

function DraftChip({ id }: { readonly id: string }) {
  const t = useT();
  if (!useHasDraft(id)) return null;
  return (
    <span className="shrink-0 rounded-chip bg-warn-soft px-1.5 text-meta font-medium text-warn">
      {t('inbox.draft')}
    </span>
  );
}

function Owner({ row: { owner } }: { readonly row: Conversation }) {
  const t = useT();
  const isMe = useMe()?.id === owner?.member_id;
  if (!owner) return null;
  const label = isMe ? t('inbox.owner_me') : t('inbox.owner', { name: owner.name });
  return <MemberMark name={owner.name} isMe={isMe} label={label} />;
}

function UnseenBadge({ count }: { readonly count: number }) {
  const t = useT();
  const language = useLanguage();
  if (count === 0) return null;
  return (
    <span className="grid h-4 min-w-5 shrink-0 place-items-center rounded-full bg-accent px-1.5 font-mono text-meta font-bold text-on-accent">
      <span aria-hidden>{number(language, count)}</span>
      <span className="sr-only">{t('inbox.unseen', { count })}</span>
    </span>
  );
}
