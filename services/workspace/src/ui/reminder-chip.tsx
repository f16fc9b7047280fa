// When a conversation comes back to New by itself.
import { AlarmClock } from 'lucide-react';
import type { Reminder } from '../api/types';
import { useNow } from '../i18n/clock';
import { formatDue, formatMoment } from '../i18n/format';
import { useLanguage } from '../i18n/language';
import { useT } from '../i18n/t';

export function ReminderChip({ reminder }: { readonly reminder: Reminder | null | undefined }) {
  const t = useT();
  const language = useLanguage();
  const now = useNow();
  if (!reminder) return null;
  const { due_at: due, note } = reminder;
  const when = formatDue(language, due, now);
  const moment = formatMoment(language, due);
  return (
    <span
      data-reminder
      title={note ? `${moment} · ${note}` : moment}
      className="inline-flex shrink-0 items-center gap-1 rounded-chip bg-pending-soft px-1.5 text-meta font-medium text-pending"
    >
      <AlarmClock size={12} strokeWidth={2.25} aria-hidden />
      <span className="sr-only">{t('inbox.reminder')} </span>
      {when}
    </span>
  );
}
