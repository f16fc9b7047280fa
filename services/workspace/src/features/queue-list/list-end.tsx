// What comes after the last row: more on its way, more that could not be had, or that this is all.
import { useT } from '../../i18n/t';
import type { List } from '../../live/list';
import { useFeed } from '../../live/select';
import type { ViewSnapshot } from '../../live/views';
import { Button } from '../../ui/button';

interface ListEndProps {
  readonly list: List;
  readonly view: ViewSnapshot;
}

export function ListEnd({ list, view: { isComplete, isCut, error } }: ListEndProps) {
  const t = useT();
  const feed = useFeed();
  const line = 'p-4 text-center text-label text-pretty text-muted';
  if (error) {
    return (
      <div role="alert" className={line}>
        <p className="mb-2">{t('inbox.more_failed')}</p>
        <Button onClick={() => void feed.loadMore(list.key)}>{t('state.retry')}</Button>
      </div>
    );
  }
  if (isCut) return <p className={line}>{t('inbox.index_cut')}</p>;
  if (!isComplete) return <p className={`late ${line}`}>{t('inbox.loading_more')}</p>;
  return list.queue === 'resolved' ? <p className={line}>{t('inbox.resolved_end')}</p> : null;
}
