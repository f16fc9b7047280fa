import { useT } from '../../i18n/t';
import { Skeleton } from '../../ui/skeleton';
import { rowHeight } from './row-height';

const rows = [0, 1, 2, 3, 4, 5, 6, 7];

export function LoadingRows() {
  const t = useT();
  return (
    <div role="status" aria-label={t('inbox.loading')} className="late overflow-hidden">
      {rows.map((row) => (
        <div key={row} className={`flex gap-2.5 border-b border-line px-3 py-2.5 ${rowHeight}`}>
          <Skeleton className="size-9 shrink-0" />
          <div className="flex flex-1 flex-col gap-2.5 pt-1">
            <Skeleton className="h-3 w-2/5" />
            <Skeleton className="h-2.5 w-3/5" />
            <Skeleton className="h-3 w-full" />
          </div>
        </div>
      ))}
    </div>
  );
}
