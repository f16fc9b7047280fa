// The contact's other conversations; each opens beside the one that is being worked on.
import '../../i18n/areas/contact.gen';
import { useState } from 'react';
import type { Conversation } from '../../api/types';
import { useNow } from '../../i18n/clock';
import { formatAge } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { lazyPart } from '../../ui/lazy-part';
import { StateChip } from '../../ui/state-chip';
import { kindOf, snippetOf } from '../queue-list';

const HistorySheet = lazyPart(() => import('./history-sheet').then((part) => part.HistorySheet));

interface ContactHistoryProps {
  readonly current: string;
  readonly conversations: readonly Conversation[];
}

export function ContactHistory({ current, conversations }: ContactHistoryProps) {
  const t = useT();
  const [open, setOpen] = useState<Conversation | null>(null);
  const others = conversations.filter((each) => each.id !== current && each.absorbed_into === null);
  return (
    <section aria-labelledby="contact-history" className="border-t border-line px-4 py-3">
      <h3 id="contact-history" className="mb-1 text-meta font-bold text-subtle">
        {t('contact.history')}
      </h3>
      {others.length === 0 && <p className="text-label text-muted">{t('contact.no_history')}</p>}
      <ul>
        {others.map((row) => (
          <li key={row.id} className="border-b border-line last:border-0">
            <Past row={row} onOpen={() => setOpen(row)} />
          </li>
        ))}
      </ul>
      {open && <HistorySheet row={open} onClose={() => setOpen(null)} />}
    </section>
  );
}

function Past({ row, onOpen }: { readonly row: Conversation; readonly onOpen: () => void }) {
  const t = useT();
  const language = useLanguage();
  const now = useNow();
  return (
    <button
      type="button"
      data-past={row.id}
      onClick={onOpen}
      className="hairline-focus block w-full rounded-control py-2 text-start hover:bg-canvas"
    >
      <span className="flex items-center gap-2">
        <StateChip state={row.state} />
        <span className="min-w-0 flex-1 truncate text-meta text-muted">{kindOf(language, row)}</span>
        {row.last_activity_at && (
          <span className="tabular shrink-0 text-meta text-muted">
            {formatAge(language, row.last_activity_at, now)}
          </span>
        )}
      </span>
      <span dir="auto" className="mt-0.5 block truncate text-start text-label">
        {snippetOf(row) || t('inbox.no_text')}
      </span>
    </button>
  );
}
