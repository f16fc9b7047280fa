// Above the rows: select all, how many there are, and the filters. It is always there, so that nothing moves when
// something is selected.
import { ListFilter } from 'lucide-react';
import type { ReactNode } from 'react';
import { useT } from '../../i18n/t';
import { isFiltered, type List } from '../../live/list';
import { useCounts } from '../../live/select';
import type { ViewSnapshot } from '../../live/views';
import { cx } from '../../ui/cx';
import type { RowSelection } from './use-selection';

interface ListBarProps {
  readonly list: List;
  readonly view: ViewSnapshot;
  readonly selection: RowSelection;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}

export function ListBar({ list, view, selection, isOpen, onOpen }: ListBarProps) {
  const t = useT();
  const { assignee, channel, kind, draft } = list.search;
  const filters = [assignee, channel, kind, draft].filter(Boolean).length;
  const isAll = selection.selected.length > 0 && selection.selected.length === view.ids.length;
  return (
    <div className="flex h-9 shrink-0 items-center gap-2 border-b border-line bg-canvas ps-3 pe-2 text-label text-muted max-panes:h-12">
      <label className="grid size-7 shrink-0 place-items-center max-panes:size-11">
        <input
          type="checkbox"
          aria-label={t('inbox.select_all')}
          checked={isAll}
          ref={(box) => {
            if (box) box.indeterminate = selection.selected.length > 0 && !isAll;
          }}
          disabled={view.ids.length === 0}
          onChange={() => (selection.selected.length > 0 ? selection.none() : selection.all())}
          className="size-4 accent-accent"
        />
      </label>
      <p className="tabular min-w-0 flex-1 truncate" data-list-count>
        <Count list={list} view={view} />
      </p>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => onOpen(!isOpen)}
        data-filter-button
        className={cx(
          'inline-flex h-7 items-center gap-1.5 rounded-control px-2 font-medium hover:bg-sunken hover:text-ink max-panes:h-11',
          filters > 0 && 'bg-accent-soft text-accent',
        )}
      >
        <ListFilter size={16} strokeWidth={1.75} aria-hidden />
        {filters > 0 ? t('inbox.filters_on', { count: filters }) : t('inbox.filter')}
      </button>
    </div>
  );
}

/** Of a filtered list only what is here is known; of a queue the counts are told live. */
function Count({ list, view }: Pick<ListBarProps, 'list' | 'view'>): ReactNode {
  const t = useT();
  const counts = useCounts();
  if (view.status !== 'ready') return null;
  const here = view.ids.length;
  if (isFiltered(list.search)) {
    return view.isComplete ? t('inbox.count', { count: here }) : t('inbox.count_more', { count: here });
  }
  return t('inbox.count', { count: view.isComplete ? here : Math.max(here, counts?.[list.queue] ?? 0) });
}
