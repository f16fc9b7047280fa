// Three panes: conversations by status, the list of one queue, one conversation. Under 900 px one pane at a time.
import { Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useCommands } from '../../commands/dispatcher';
import { useT } from '../../i18n/t';
import { focusRegionNamed } from '../../a11y/regions';
import type { Queue } from '../../api/types';
import { isQueue, listKey, type ListSearch } from '../../live/list';
import { useCounts } from '../../live/select';
import { toggleList, useIsListShown } from '../../settings/panes';
import { cx } from '../../ui/cx';
import { ErrorBoundary } from '../../ui/error-boundary';
import { QueueList, queueNames } from '../queue-list';
import { fetchConversationCode } from './lazy-conversation';
import { QueueColumn } from './queue-column';
import { QueueTabs } from './queue-tabs';

export function InboxPage() {
  const queue = useQueue();
  const open = useParams({ strict: false }).conversation ?? null;
  const search: ListSearch = useSearch({ from: '/inbox/$queue' });
  const navigate = useNavigate();
  useTitle();
  useEffect(fetchConversationCode, []);
  const isListHidden = !useIsListShown() && open !== null;
  useCommands({
    back: () => {
      if (!open) return false;
      // The focus was in what goes; it returns to where it was in the list.
      void navigate({ to: '/inbox/$queue', params: { queue } }).then(() => focusRegionNamed('list'));
      return true;
    },
    'list.toggle': () => {
      if (!open) return false;
      toggleList();
      return true;
    },
  });
  return (
    <div className="relative flex h-full min-h-0">
      <QueueColumn />
      <div
        // The list keeps its size and place while it is not seen, so that keys still go from row to row.
        className={cx(
          'flex w-88 shrink-0 flex-col border-e border-line bg-canvas max-panes:w-full max-panes:border-e-0',
          open && 'max-panes:invisible max-panes:absolute max-panes:inset-0',
          isListHidden && 'panes:invisible panes:absolute panes:inset-y-0',
        )}
      >
        <QueueTabs />
        <ErrorBoundary resetKey={queue}>
          <QueueList
            key={queue}
            list={listKey(queue, search)}
            open={open}
            onSearch={(changed) =>
              void navigate({ to: '.', search: { ...search, ...changed }, replace: true })
            }
          />
        </ErrorBoundary>
      </div>
      <div className={cx('min-w-0 flex-1 bg-surface', !open && 'max-panes:hidden')}>
        <ErrorBoundary resetKey={open ?? ''}>
          <Outlet />
        </ErrorBoundary>
      </div>
    </div>
  );
}

/** The route lets only queues through; in between, an old address may still be on its way out. */
function useQueue(): Queue {
  const { queue } = useParams({ from: '/inbox/$queue' });
  return isQueue(queue) ? queue : 'new';
}

function useTitle(): void {
  const t = useT();
  const queue = useQueue();
  const waiting = useCounts()?.new ?? 0;
  const name = t(queueNames[queue]);
  const title =
    waiting > 0
      ? t('inbox.title_waiting', { count: waiting, queue: name })
      : t('inbox.title', { queue: name });
  useEffect(() => {
    document.title = title;
  }, [title]);
}
