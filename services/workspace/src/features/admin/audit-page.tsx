// Who did what, newest first. Entries cannot be changed, and each one vouches for the one before.
import '../../i18n/areas/admin.gen';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { getAudit } from '../../api/settings';
import { formatMoment } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Failure } from '../../ui/failure';
import { Skeleton } from '../../ui/skeleton';

export function AuditPage() {
  const t = useT();
  const language = useLanguage();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['settings', 'audit'],
    queryFn: ({ pageParam }) => getAudit(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-64" />;
  const entries = data.pages.flatMap((page) => page.entries);
  return (
    <>
      <Chain isIntact={data.pages.every((page) => page.intact)} />
      {entries.length === 0 && <p className="text-muted">{t('admin.audit_empty')}</p>}
      <ul
        aria-label={t('admin.audit')}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- nothing in it takes the focus, and keys must scroll it
        tabIndex={0}
        className="border-t border-line"
      >
        {entries.map((entry) => (
          <li
            key={`${entry.source} ${entry.number}`}
            className="flex flex-wrap gap-x-4 border-b border-line py-2"
          >
            <span className="w-44 shrink-0 text-muted tabular">
              {entry.at && formatMoment(language, entry.at)}
            </span>
            <span dir="auto" className="w-40 shrink-0 font-medium">
              {entry.name ?? t('admin.audit_system')}
            </span>
            <span className="font-mono text-label">{entry.act}</span>
            <span dir="auto" className="min-w-0 flex-1 break-words text-muted">
              {entry.subject}
            </span>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button className="mt-4" aria-disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('admin.older')}
        </Button>
      )}
    </>
  );
}

function Chain({ isIntact }: { readonly isIntact: boolean }) {
  const t = useT();
  return isIntact ? (
    <p className="mb-4 flex items-center gap-2 text-ok">
      <ShieldCheck size={16} strokeWidth={1.75} aria-hidden />
      {t('admin.audit_intact')}
    </p>
  ) : (
    <p role="alert" className="mb-4 flex items-center gap-2 text-danger">
      <ShieldAlert size={16} strokeWidth={1.75} aria-hidden />
      {t('admin.audit_broken')}
    </p>
  );
}
