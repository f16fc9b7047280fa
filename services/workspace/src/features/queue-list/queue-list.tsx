// One list with its filters and states: loading, empty, empty because of the filters, failed, listed; and what is
// done to several of its rows.
import { type ReactNode, useEffect, useState } from 'react';
import { useCommands } from '../../commands/dispatcher';
import { useDrafts } from '../../drafts/use-draft';
import { useT } from '../../i18n/t';
import { isFiltered, type List, type ListKey, listOf, type ListSearch } from '../../live/list';
import { useBulk, useFeed, useView } from '../../live/select';
import type { ViewSnapshot } from '../../live/views';
import { Failure } from '../../ui/failure';
import { lazyPart } from '../../ui/lazy-part';
import { ConversationGrid } from './conversation-grid';
import { EmptyQueue } from './empty-queue';
import { ListBar } from './list-bar';
import { LoadingRows } from './loading-rows';
import { queueNames } from './queue-names';
import { useSelection } from './use-selection';

const ActiveFilters = lazyPart(
  () => import('./active-filters').then((part) => part.ActiveFilters),
  // Its room, so that the rows do not move when it is here.
  <div className="shrink-0 border-b border-line bg-canvas py-1.5">
    <div className="h-6 max-panes:h-11" />
  </div>,
);
const BulkBar = lazyPart(() => import('./bulk-bar').then((part) => part.BulkBar));
const FilterPanel = lazyPart(() => import('./filter-panel').then((part) => part.FilterPanel));
const NothingMatches = lazyPart(() => import('./nothing-matches').then((part) => part.NothingMatches));

interface QueueListProps {
  readonly list: ListKey;
  /** The conversation on the screen; null when there is none. */
  readonly open: string | null;
  readonly onSearch: (change: ListSearch) => void;
}

export function QueueList({ list: key, open, onSearch }: QueueListProps) {
  const t = useT();
  const list = listOf(key);
  const view = useView(key);
  useLoading(key, view.status);
  useDraftsOf(list);
  const selection = useSelection(view.ids, open);
  const [areFiltersOpen, setAreFiltersOpen] = useState(false);
  useCommands({ 'list.filter': () => setAreFiltersOpen(true) });
  const hasBulk = useBulk() !== null || selection.selected.length > 0;
  const label = t('inbox.list', { queue: t(queueNames[list.queue]) });
  const Heading = open ? 'h2' : 'h1';
  const closeFilters = (): void => {
    setAreFiltersOpen(false);
    document.querySelector<HTMLElement>('[data-filter-button]')?.focus();
  };
  return (
    <section
      // While nothing is open, the list is what the page is about.
      role={open ? 'region' : 'main'}
      aria-label={label}
      data-region="list"
      className="flex min-h-0 flex-1 flex-col outline-none"
    >
      <Heading className="sr-only">{label}</Heading>
      <ListBar
        list={list}
        view={view}
        selection={selection}
        isOpen={areFiltersOpen}
        onOpen={setAreFiltersOpen}
      />
      {areFiltersOpen && <FilterPanel list={list} onSearch={onSearch} onClose={closeFilters} />}
      {isFiltered(list.search) && <ActiveFilters search={list.search} onSearch={onSearch} />}
      <Rows list={list} view={view} onSearch={onSearch}>
        <ConversationGrid key={key} list={list} open={open} selection={selection} />
      </Rows>
      {hasBulk && <BulkBar list={list} selection={selection} />}
    </section>
  );
}

interface RowsProps {
  readonly list: List;
  readonly view: ViewSnapshot;
  readonly onSearch: (change: ListSearch) => void;
  readonly children: ReactNode;
}

function Rows({ list, view: { status, ids, isComplete, error }, onSearch, children }: RowsProps) {
  const feed = useFeed();
  if (status === 'failed' && error) {
    return (
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Failure error={error} onRetry={() => void feed.loadList(list.key)} />
      </div>
    );
  }
  if (status !== 'ready') return <LoadingRows />;
  if (ids.length > 0 || !isComplete) return children;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      {isFiltered(list.search) ? (
        <NothingMatches search={list.search} onSearch={onSearch} />
      ) : (
        <EmptyQueue queue={list.queue} />
      )}
    </div>
  );
}

function useLoading(key: ListKey, status: ViewSnapshot['status']): void {
  const feed = useFeed();
  useEffect(() => {
    void feed.loadList(key);
  }, [feed, key]);
  useEffect(() => {
    // A reset dropped the view while another one was shown.
    if (status === 'idle') void feed.loadList(key);
  }, [feed, key, status]);
}

/** The list of those with a draft changes with what is written here and on the member's other devices. */
function useDraftsOf({ search }: List): void {
  const { store } = useFeed();
  const drafts = useDrafts();
  const isWanted = search.draft ?? false;
  useEffect(() => {
    if (!isWanted) return;
    const tell = (): void => store.setDrafts((id) => drafts.has(id) || drafts.has(id, 'note'));
    tell();
    return drafts.subscribe(tell);
  }, [store, drafts, isWanted]);
}
