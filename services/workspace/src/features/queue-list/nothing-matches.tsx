// There are conversations, but none that the filters let through: they are named, and can be cleared here.
import '../../i18n/areas/lists.gen';
import { FilterX } from 'lucide-react';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import type { ListSearch } from '../../live/list';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { noFilters, useFilterNames } from './use-filter-names';

interface NothingMatchesProps {
  readonly search: ListSearch;
  readonly onSearch: (change: ListSearch) => void;
}

export function NothingMatches({ search, onSearch }: NothingMatchesProps) {
  const t = useT();
  const language = useLanguage();
  const names = useFilterNames(search).map(({ text }) => text);
  return (
    <Notice
      icon={<FilterX size={20} aria-hidden />}
      title={t('lists.nothing_title')}
      text={t('lists.nothing_text', { filters: new Intl.ListFormat(language).format(names) })}
      action={<Button onClick={() => onSearch(noFilters)}>{t('lists.clear')}</Button>}
    />
  );
}
