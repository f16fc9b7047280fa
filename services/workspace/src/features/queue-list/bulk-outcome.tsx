// How far it is; then how many are done, those that are not with why, and a way back.
import '../../i18n/areas/lists.gen';
import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useState } from 'react';
import type { BulkResult } from '../../api/lists';
import type { Queue } from '../../api/types';
import { useCommands } from '../../commands/dispatcher';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import type { BulkState } from '../../live/bulk';
import { useConversation, useFeed } from '../../live/select';
import { Button } from '../../ui/button';
import { IconButton } from '../../ui/icon-button';
import { nameOf } from './row.logic';

interface BulkOutcomeProps {
  readonly bulk: BulkState;
  readonly queue: Queue;
}

export function BulkOutcome({ bulk, queue }: BulkOutcomeProps) {
  return (
    <div className="fade-in flex max-h-1/2 shrink-0 flex-col border-t border-line bg-surface px-3 py-2">
      {bulk.isRunning ? <Progress bulk={bulk} /> : <Outcome bulk={bulk} queue={queue} />}
    </div>
  );
}

function Progress({ bulk: { results, total } }: { readonly bulk: BulkState }) {
  const t = useT();
  const feed = useFeed();
  const label = t('lists.progress', { count: results.length, total });
  return (
    <section aria-label={label} data-bulk="progress" className="flex items-center gap-3">
      <div className="min-w-0 flex-1">
        <p role="status" className="tabular text-label">
          {label}
        </p>
        <progress
          aria-label={label}
          max={total}
          value={results.length}
          className="mt-1 block h-1.5 w-full accent-accent"
        />
      </div>
      <Button onClick={() => feed.bulk.stop()}>{t('lists.stop')}</Button>
    </section>
  );
}

function Outcome({ bulk: { results, total, isUndo }, queue }: BulkOutcomeProps) {
  const t = useT();
  const { bulk } = useFeed();
  const [areShown, setAreShown] = useState(false);
  const failed = results.filter((result) => !result.done);
  const done = results.length - failed.length;
  const left = total - results.length;
  const undelivered = results.reduce((sum, result) => sum + (result.undelivered_replies ?? 0), 0);
  const canUndo = bulk.canUndo;
  useCommands({
    back: () => bulk.close(),
    undo: () => {
      if (!canUndo) return false;
      void bulk.undo();
      return true;
    },
  });
  return (
    <section aria-label={t('lists.outcome')} data-bulk="outcome" className="flex min-h-0 flex-col gap-1">
      <div className="flex items-center gap-2">
        <p role="status" className="tabular min-w-0 flex-1 font-bold text-pretty">
          {isUndo ? t('lists.undone', { count: done }) : t('lists.done', { count: done })}
          {failed.length > 0 && ` ${t('lists.failed', { count: failed.length })}`}
          {left > 0 && ` ${t('lists.left', { count: left })}`}
          {undelivered > 0 && ` ${t('lists.undelivered', { count: undelivered })}`}
        </p>
        <IconButton label={t('shell.close')} onClick={() => bulk.close()}>
          <X size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {canUndo && <Button onClick={() => void bulk.undo()}>{t('lists.undo')}</Button>}
        {failed.length > 0 && !isUndo && (
          <Button onClick={() => void bulk.retry()}>{t('state.retry')}</Button>
        )}
        {failed.length > 0 && (
          <Button look="plain" aria-expanded={areShown} onClick={() => setAreShown(!areShown)}>
            {t(areShown ? 'lists.hide' : 'lists.show')}
          </Button>
        )}
      </div>
      {areShown && (
        <ul className="scroll-quiet min-h-0 overflow-y-auto border-t border-line">
          {failed.map((result) => (
            <Refused key={result.conversation_id} result={result} queue={queue} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Refused({ result, queue }: { readonly result: BulkResult; readonly queue: Queue }) {
  const t = useT();
  const language = useLanguage();
  const row = useConversation(result.conversation_id);
  return (
    <li className="border-b border-line py-1.5 last:border-0" data-refused={result.conversation_id}>
      <Link
        to="/inbox/$queue/c/$conversation"
        params={{ queue, conversation: result.conversation_id }}
        className="font-medium text-accent underline underline-offset-2"
      >
        <bdi>{row ? nameOf(language, row) : t('inbox.conversation')}</bdi>
      </Link>
      <p className="text-label text-pretty text-muted">{reasonOf(t, result)}</p>
    </li>
  );
}

/** In our words where the reason is a known one, else in the server's. */
function reasonOf(t: ReturnType<typeof useT>, { code, sentence }: BulkResult): string {
  switch (code) {
    case 'newer_message':
      return t('lists.newer_message');
    case 'at_hard_limit':
      return t('lists.at_hard_limit');
    case 'not_open':
      return t('lists.not_open');
    case 'owned_by_another':
      return t('lists.owned_by_another');
    case 'not_found':
      return t('lists.not_found');
    case 'access_missing':
    case 'forbidden':
      return t('lists.forbidden');
    default:
      return sentence ?? t('state.failed_network');
  }
}
