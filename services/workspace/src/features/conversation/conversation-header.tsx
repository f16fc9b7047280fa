import '../../i18n/areas/contact.gen';
import '../../i18n/areas/conversation.gen';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, ContactRound, Eye, History, PanelLeft } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import type { Conversation, Queue } from '../../api/types';
import { useNow } from '../../i18n/clock';
import { formatAge } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { networkName } from '../../ui/icons/network-glyph';
import { toggleList } from '../../settings/panes';
import { IconButton } from '../../ui/icon-button';
import { ReminderChip } from '../../ui/reminder-chip';
import { Skeleton } from '../../ui/skeleton';
import { StateChip } from '../../ui/state-chip';
import { useFeed, useMe, useTimeline, useViewers } from '../../live/select';
import { OwnerMenu } from '../assignment';
import type { ContactPlace } from '../contact-panel';
import { ActBadge, followingOf } from '../message-actions';

interface ConversationHeaderProps {
  readonly row: Conversation | undefined;
  readonly queue: Queue;
  readonly contact: ContactPlace;
}

export function ConversationHeader({ row, queue, contact }: ConversationHeaderProps) {
  const t = useT();
  return (
    <header className="flex min-h-15 shrink-0 items-center gap-2 border-b border-line px-4 py-2 max-panes:ps-1">
      <Link
        to="/inbox/$queue"
        params={{ queue }}
        aria-label={t('conversation.back')}
        title={t('conversation.back')}
        className="grid size-11 shrink-0 place-items-center rounded-control text-muted panes:hidden"
      >
        <ArrowLeft size={18} strokeWidth={1.75} aria-hidden className="rtl:-scale-x-100" />
      </Link>
      <IconButton
        label={t('contact.show_list')}
        className="-ms-2 shrink-0 max-panes:hidden"
        onClick={toggleList}
      >
        <PanelLeft size={18} strokeWidth={1.75} aria-hidden className="rtl:-scale-x-100" />
      </IconButton>
      <div className="min-w-0 flex-1">{row ? <Who row={row} /> : <Waiting />}</div>
      {row?.previous_id && (
        <Link
          to="/inbox/$queue/c/$conversation"
          params={{ queue, conversation: row.previous_id }}
          title={t('conversation.previous')}
          className="inline-flex h-8 shrink-0 items-center gap-2 rounded-control px-2 text-label text-accent hover:bg-accent-soft max-panes:size-11 max-panes:justify-center"
        >
          <History size={16} strokeWidth={1.75} aria-hidden />
          <span className="sr-only @min-[44rem]:not-sr-only">{t('conversation.previous')}</span>
        </Link>
      )}
      {row && <OwnerMenu row={row} />}
      {row && (
        <IconButton
          label={t(contact.isShown ? 'contact.hide' : 'contact.show')}
          aria-expanded={contact.isShown}
          className="-me-2 shrink-0"
          onClick={contact.toggle}
        >
          <ContactRound size={18} strokeWidth={1.75} aria-hidden />
        </IconButton>
      )}
    </header>
  );
}

function Who({ row }: { readonly row: Conversation }) {
  const t = useT();
  const network = networkName(row.network);
  const { name, handle } = row.contact;
  return (
    <>
      <h1 className="truncate text-title font-bold">
        <bdi>{name || handle || t('inbox.someone', { network })}</bdi>
      </h1>
      <p className="flex min-w-0 flex-wrap items-center gap-x-1.5 text-label text-muted">
        <span className="truncate">
          {network}
          {handle && (
            <>
              {' · '}
              <bdi>{handleOf(row)}</bdi>
            </>
          )}
        </span>
        <StateChip state={row.state} />
        <ReminderChip reminder={row.reminder} />
        <Followed row={row} />
        <WaitingTime row={row} />
        <Viewing id={row.id} />
      </p>
    </>
  );
}

/** X writes its handles with an at sign; elsewhere the handle is shown as the network gives it. */
function handleOf({ network, contact: { handle } }: Conversation): string {
  return network === 'x' && !handle.startsWith('@') ? `@${handle}` : handle;
}

function WaitingTime({ row }: { readonly row: Conversation }) {
  const t = useT();
  const language = useLanguage();
  const now = useNow();
  if (row.state !== 'new' || row.waiting_since === null) return null;
  return (
    <span className="max-panes:hidden">
      {t('conversation.waiting', { age: formatAge(language, row.waiting_since, now) })}
    </span>
  );
}

/** Shown once, though it is a fact of every message of theirs. */
function Followed({ row }: { readonly row: Conversation }) {
  const { acts } = useFeed();
  const { messages } = useTimeline(row.id);
  const wished = useSyncExternalStore(
    (listener) => acts.subscribe(row.id, listener),
    () => acts.of(row.id),
  );
  const badge = followingOf(messages, wished);
  return badge && <ActBadge badge={badge} />;
}

/** Colleagues who look at the same conversation. */
function Viewing({ id }: { readonly id: string }) {
  const t = useT();
  const me = useMe()?.id;
  const others = useViewers(id).filter((viewer) => viewer.member_id !== me);
  const [first] = others;
  if (!first) return null;
  return (
    <span data-viewers className="inline-flex items-center gap-1">
      <Eye size={14} strokeWidth={1.75} aria-hidden />
      {t('conversation.viewing', { name: first.name, count: others.length })}
    </span>
  );
}

function Waiting() {
  return (
    <div className="late flex flex-col gap-2">
      <Skeleton className="h-4 w-48" />
      <Skeleton className="h-3 w-32" />
    </div>
  );
}
