// What happened to the conversation besides messages: one quiet line between them.
import { AlarmClock, CircleCheck, CircleDot, Clock, MousePointerClick, UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ActivityEntry } from '../../api/story-types';
import { formatMoment, formatTime } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { sentenceOf } from './activity.logic';

const look = { size: 13, strokeWidth: 1.75, 'aria-hidden': true, className: 'shrink-0' } as const;

function iconOf({ kind, state_after: state }: ActivityEntry): ReactNode {
  if (kind.startsWith('remind')) return <AlarmClock {...look} />;
  if (kind === 'assigned') return <UserRound {...look} />;
  if (kind.startsWith('action')) return <MousePointerClick {...look} />;
  if (kind === 'set_pending' || state === 'pending') return <Clock {...look} />;
  return state === 'resolved' || kind === 'resolved' ? <CircleCheck {...look} /> : <CircleDot {...look} />;
}

export function ActivityLine({ entry }: { readonly entry: ActivityEntry }) {
  const language = useLanguage();
  return (
    <div className="pb-2.5">
      <p
        data-activity={entry.kind}
        className="flex flex-wrap items-center justify-center gap-x-1.5 text-center text-meta text-muted"
      >
        {iconOf(entry)}
        <span>{sentenceOf(language, entry)}</span>
        {entry.name && (
          <>
            <span aria-hidden>·</span>
            <bdi>{entry.name}</bdi>
          </>
        )}
        <span aria-hidden>·</span>
        <time dateTime={entry.at} title={formatMoment(language, entry.at)}>
          {formatTime(language, entry.at)}
        </time>
      </p>
      {entry.text && (
        <p dir="auto" className="mx-auto mt-1 max-w-[46ch] text-center text-label text-note-ink">
          <span className="rounded-chip bg-note px-2 py-0.5">{entry.text}</span>
        </p>
      )}
    </div>
  );
}
