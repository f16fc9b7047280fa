// What was written, by whom, and where it stands, however long ago: also what the lists no longer show.
import '../../i18n/areas/search.gen';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { search } from '../../api/search';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Failure } from '../../ui/failure';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { SearchField } from './search-field';
import { Groups } from './groups';

/** Milliseconds without a key before it is searched. */
const pause = 250;

export function SearchPage() {
  const t = useT();
  const navigate = useNavigate();
  const { q } = useSearch({ from: '/search' });
  const [text, setText] = useState(q);
  const wanted = text.trim();
  useEffect(() => {
    document.title = t('search.page_title');
  }, [t]);
  useEffect(() => {
    if (wanted === q) return;
    const timer = setTimeout(
      () => void navigate({ to: '/search', search: { q: wanted }, replace: true }),
      pause,
    );
    return () => clearTimeout(timer);
  }, [wanted, q, navigate]);
  return (
    <main data-region="list" className="scroll-quiet h-full overflow-y-auto bg-surface">
      <div className="mx-auto max-w-[48rem] px-8 py-6 max-panes:px-4">
        <h1 className="mb-3 text-page font-bold">{t('search.title')}</h1>
        <SearchField value={text} onChange={setText} />
        {q === '' ? (
          <Notice icon={<Search size={20} aria-hidden />} title={t('search.empty')} text={t('search.hint')} />
        ) : (
          <Found q={q} />
        )}
      </div>
    </main>
  );
}

function Found({ q }: { readonly q: string }) {
  const t = useT();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['search', q],
    queryFn: ({ pageParam, signal }) => search(q, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    // What was found is not kept for longer than it is looked at.
    gcTime: 0,
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="mt-6 h-40" />;
  const { pages } = data;
  const count = pages.reduce(
    (sum, page) => sum + page.conversations.length + page.messages.length + page.contacts.length,
    0,
  );
  return (
    <>
      <p role="status" className="mt-3 text-label text-muted">
        {t(hasNextPage ? 'search.found_more' : 'search.found', { count })}
      </p>
      {count === 0 && !hasNextPage && (
        <Notice icon={<Search size={20} aria-hidden />} title={t('search.nothing')} text={t('search.hint')} />
      )}
      <Groups pages={pages} />
      {hasNextPage && (
        <Button className="mt-4" aria-disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('search.more')}
        </Button>
      )}
    </>
  );
}
