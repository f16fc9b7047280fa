// The conversation's own code comes after the list is on the screen, and before anybody has opened one.
import { useT } from '../../i18n/t';
import { lazyPart } from '../../ui/lazy-part';

export const LazyConversation = lazyPart(
  () => import('../conversation').then((feature) => feature.ConversationPane),
  <Opening />,
);

function Opening() {
  const t = useT();
  return <main aria-label={t('inbox.conversation')} data-region="timeline" className="h-full" />;
}

/** When the browser has nothing better to do. */
export function fetchConversationCode(): void {
  if ('requestIdleCallback' in window) requestIdleCallback(LazyConversation.fetchAhead);
  else setTimeout(LazyConversation.fetchAhead, 300);
}
