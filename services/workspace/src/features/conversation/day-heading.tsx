import { useNow } from '../../i18n/clock';
import { formatDay } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';

export function DayHeading({ instant }: { readonly instant: string }) {
  const language = useLanguage();
  return (
    <div className="flex items-center gap-3 pt-1.5 pb-4">
      <span aria-hidden className="h-px flex-1 bg-line" />
      <h2 className="text-meta font-bold text-muted first-letter:uppercase">
        {formatDay(language, instant, useNow())}
      </h2>
      <span aria-hidden className="h-px flex-1 bg-line" />
    </div>
  );
}
