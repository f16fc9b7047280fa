// What becomes of the links when they are made short, and for each one the way to leave it as it is.
import '../../i18n/areas/composer.gen';
import { Link2, Link2Off } from 'lucide-react';
import { useT } from '../../i18n/t';
import { cx } from '../../ui/cx';
import { choicesOf, type LinkChoice } from './links.logic';
import type { ReplyForm } from './use-reply';

export function LinkChips({ form }: { readonly form: ReplyForm }) {
  const t = useT();
  const { draft, links, change } = form;
  if (!draft.shorten || links.length === 0) return null;
  const toggle = ({ url, staysLong }: LinkChoice): void =>
    change({
      keep_long: staysLong ? draft.keep_long.filter((each) => each !== url) : [...draft.keep_long, url],
    });
  return (
    <ul aria-label={t('composer.links')} className="flex flex-wrap gap-1.5 px-2 pb-2">
      {choicesOf(links, draft.keep_long).map((choice) => (
        <li key={choice.url} className="max-w-full min-w-0">
          <LinkChip choice={choice} onToggle={() => toggle(choice)} />
        </li>
      ))}
    </ul>
  );
}

function LinkChip({ choice, onToggle }: { readonly choice: LinkChoice; readonly onToggle: () => void }) {
  const t = useT();
  const { url, short, staysLong } = choice;
  const Icon = staysLong ? Link2Off : Link2;
  const outcome = staysLong
    ? t('composer.link_long')
    : short
      ? t('composer.link_short', { short: withoutScheme(short) })
      : t('composer.link_short_soon');
  return (
    <button
      type="button"
      aria-pressed={!staysLong}
      title={t(staysLong ? 'composer.link_shorten' : 'composer.link_keep', { url })}
      onClick={onToggle}
      className={cx(
        'flex min-h-7 max-w-full min-w-0 items-center gap-1.5 rounded-chip border px-2 text-meta max-panes:min-h-11',
        staysLong
          ? 'border-line-strong bg-surface text-muted'
          : 'border-accent bg-accent-soft text-accent hover:bg-surface',
      )}
    >
      <Icon size={13} strokeWidth={1.75} aria-hidden className="shrink-0" />
      <span className="sr-only">{t('composer.link_name')} </span>
      <bdi dir="ltr" className={cx('max-w-56 truncate font-mono', !staysLong && short && 'line-through')}>
        {withoutScheme(url)}
      </bdi>
      <span className="shrink-0">{outcome}</span>
    </button>
  );
}

function withoutScheme(address: string): string {
  return address.replace(/^https?:\/\//i, '');
}
