// The filters that are on, each to be taken away, and all of them at once.
import '../../i18n/areas/lists.gen';
import { X } from 'lucide-react';
import { useT } from '../../i18n/t';
import type { ListSearch } from '../../live/list';
import { Button } from '../../ui/button';
import { noFilters, useFilterNames } from './use-filter-names';

interface ActiveFiltersProps {
  readonly search: ListSearch;
  readonly onSearch: (change: ListSearch) => void;
}

export function ActiveFilters({ search, onSearch }: ActiveFiltersProps) {
  const t = useT();
  const names = useFilterNames(search);
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-1.5 border-b border-line bg-canvas px-3 py-1.5">
      <ul aria-label={t('lists.active')} className="contents">
        {names.map(({ id, text }) => (
          <li key={id} className="flex max-w-full">
            <button
              type="button"
              aria-label={t('lists.remove', { filter: text })}
              data-active-filter={id}
              onClick={() => onSearch({ [id]: undefined })}
              className="flex min-h-6 max-w-full items-center gap-1 rounded-chip bg-accent-soft px-1.5 text-meta font-medium text-accent hover:bg-sunken max-panes:min-h-11 max-panes:px-3"
            >
              <bdi className="truncate">{text}</bdi>
              <X size={12} strokeWidth={2} aria-hidden className="shrink-0" />
            </button>
          </li>
        ))}
      </ul>
      <Button look="plain" className="ms-auto text-label" onClick={() => onSearch(noFilters)}>
        {t('lists.clear')}
      </Button>
    </div>
  );
}
