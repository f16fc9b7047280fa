import '../../i18n/areas/conversation.gen';
import type { Message } from '../../api/types';
import { number } from '../../i18n/icu';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';

/** The same reaction of several people is one chip with its number. */
export function groupReactions(reactions: Message['reactions']): { shown: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { emoji, reaction } of reactions) {
    const shown = emoji || reaction;
    counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  return [...counts].map(([shown, count]) => ({ shown, count }));
}

export function Reactions({ reactions }: { readonly reactions: Message['reactions'] }) {
  const t = useT();
  const language = useLanguage();
  if (reactions.length === 0) return null;
  return (
    <ul aria-label={t('conversation.reactions')} className="mt-2 flex flex-wrap gap-1">
      {groupReactions(reactions).map(({ shown, count }) => (
        <li
          key={shown}
          className="flex items-center gap-1 rounded-full border border-line bg-surface px-2 py-0.5 text-label"
        >
          {shown}
          {count > 1 && <span className="font-mono text-meta text-muted">{number(language, count)}</span>}
        </li>
      ))}
    </ul>
  );
}
