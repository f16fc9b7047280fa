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

export interface ConversationRowProps {
  readonly id: string;
  readonly queue: Queue;
  readonly isOpen: boolean;
  /** True for the one row that the Tab key reaches. */
  readonly isActive: boolean;
  readonly isSelected: boolean;
  /** With `isRange`, everything from the last chosen one on. */
  readonly onChoose: (id: string, isRange: boolean) => void;
}

/** A row that is not here yet has its place, its link and its box already: the focus stays when it comes. */
export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const { id, queue, isOpen, isActive, isSelected } = props;
  const t = useT();
  const language = useLanguage();
  const row = useConversation(id);
  const name = row ? nameOf(language, row) : t('inbox.loading_row');
  return (
    <div
      className={cx(
        'relative flex h-full gap-2.5 border-s-3 pe-3 ps-[calc(9rem/14)] pt-2.5',
        isOpen ? 'border-accent' : 'border-transparent',
        isSelected ? 'bg-accent-soft/50' : isOpen ? 'bg-surface' : 'hover:bg-surface/60',
      )}
    >
      <div role="gridcell" className="flex w-9 shrink-0 flex-col items-center">
        {row ? <Avatar name={name} network={row.network} /> : <Skeleton className="size-9 shrink-0" />}
        <RowBox {...props} name={name} />
      </div>
      <div role="gridcell" className="min-w-0 flex-1">
        <div className="flex items-baseline gap-2">
          <Link
            to="/inbox/$queue/c/$conversation"
            params={{ queue, conversation: id }}
            tabIndex={isActive ? 0 : -1}
            data-row-link
            data-region-start={isActive || undefined}
            aria-current={undefined}
            className={cx(
              'hairline-focus min-w-0 flex-1 truncate font-bold outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus',
              !row && 'font-normal text-muted',
            )}
          >
            <bdi>{name}</bdi>
          </Link>
          {row && <Age row={row} />}
        </div>
        {row ? <Details row={row} /> : <Skeleton className="mt-2 h-3 w-3/5" />}
      </div>
    </div>
  );
});

/** Below the picture, where there is room in every row; it takes no Tab, since X and the space bar do the same. */
function RowBox({ id, name, isSelected, onChoose }: ConversationRowProps & { readonly name: string }) {
  const t = useT();
  return (
    <label className="relative z-1 grid h-9 w-11 place-items-center">
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={t('inbox.select', { name })}
        checked={isSelected}
        readOnly
        onClick={(event) => onChoose(id, event.shiftKey)}
        className="size-4 accent-accent opacity-70 checked:opacity-100 hover:opacity-100"
      />
    </label>
  );
}

function Age({ row }: { readonly row: Conversation }) {
  const age = ageOf(useLanguage(), row, useNow());
  return (
    <span className="tabular shrink-0 text-label text-muted" title={age.long}>
      <span aria-hidden>{age.short}</span>
      <span className="sr-only">{age.long}</span>
    </span>
  );
}

function Details({ row }: { readonly row: Conversation }) {
  const language = useLanguage();
  return (
    <>
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
    </>
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
