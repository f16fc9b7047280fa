// Why this conversation is with me, with someone else, or with nobody yet: the decisions as they were recorded.
import '../../i18n/areas/assignment.gen';
import { useQuery } from '@tanstack/react-query';
import { getExplanations } from '../../api/gateway';
import type { Conversation, Explanation } from '../../api/types';
import { formatAge, formatTime } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { type Translate, useT } from '../../i18n/t';
import { useMe } from '../../live/select';
import { Dialog } from '../../ui/dialog';
import { Failure } from '../../ui/failure';
import { Skeleton } from '../../ui/skeleton';
import { Candidates } from './candidates';
import { questionOf } from './question';

interface ExplanationsProps {
  readonly row: Conversation;
  readonly onClose: () => void;
}

export function Explanations({ row, onClose }: ExplanationsProps) {
  const t = useT();
  const me = useMe()?.id ?? '';
  const { data, error, refetch } = useQuery({
    queryKey: ['explanations', row.id, row.owner_epoch],
    queryFn: () => getExplanations(row.id),
    staleTime: 0,
  });
  return (
    <Dialog title={questionOf(t, row, me)} onClose={onClose} closeLabel={t('shell.close')}>
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <div role="status" aria-label={t('assignment.loading')} className="late flex flex-col gap-3 py-2">
          <Skeleton className="h-4 w-3/5" />
          <Skeleton className="h-3 w-4/5" />
          <Skeleton className="h-3 w-2/5" />
        </div>
      ) : (
        <Decisions decisions={data} />
      )}
    </Dialog>
  );
}

function Decisions({ decisions: [newest, ...earlier] }: { readonly decisions: readonly Explanation[] }) {
  const t = useT();
  if (!newest) return <p className="text-muted">{t('assignment.no_decision')}</p>;
  return (
    <>
      <Newest decision={newest} />
      {earlier.length > 0 && (
        <section className="mt-5">
          <h3 className="mb-1 text-meta font-bold text-subtle">{t('assignment.earlier')}</h3>
          <ol className="flex flex-col">
            {earlier.map((decision) => (
              <Earlier key={`${decision.decision_id} ${decision.at}`} decision={decision} />
            ))}
          </ol>
        </section>
      )}
    </>
  );
}

export function sentenceOf(t: Translate, decision: Explanation): string {
  const { outcome, name, by_name: by, reason } = decision;
  const who = name ?? t('assignment.nobody');
  if (outcome === 'waiting') return t('assignment.reason', { reason: reason ?? 'other' });
  return t('assignment.outcome', { outcome, name: who, by: by ?? t('assignment.somebody') });
}

function Newest({ decision }: { readonly decision: Explanation }) {
  const t = useT();
  const language = useLanguage();
  const { at, waiting_since: since, position, candidates, member_id: member } = decision;
  return (
    <>
      <p className="font-bold">{sentenceOf(t, decision)}</p>
      <p className="mt-1 text-label text-muted">
        {at && t('assignment.decided_at', { time: formatTime(language, at) })}
        {at && since && ` ${t('assignment.waited', { age: formatAge(language, since, Date.parse(at)) })}`}
        {position !== null && ` ${t('assignment.position', { position })}`}
      </p>
      {candidates.length > 0 && <Candidates candidates={candidates} chosen={member} />}
    </>
  );
}

function Earlier({ decision }: { readonly decision: Explanation }) {
  const t = useT();
  const language = useLanguage();
  return (
    <li className="flex gap-3 border-b border-line py-1.5 text-label last:border-0">
      {decision.at && (
        <time dateTime={decision.at} className="shrink-0 text-muted">
          {formatTime(language, decision.at)}
        </time>
      )}
      <span>{sentenceOf(t, decision)}</span>
    </li>
  );
}
