import '../../i18n/areas/conversation.gen';
import { ArrowDown } from 'lucide-react';
import { useState } from 'react';
import type { Message } from '../../api/types';
import { useT } from '../../i18n/t';
import { countAfter } from './timeline.logic';

interface JumpToLatestProps {
  readonly messages: readonly Message[];
  readonly isAtEnd: boolean;
  readonly onJump: () => void;
}

export function JumpToLatest({ messages, isAtEnd, onJump }: JumpToLatestProps) {
  const t = useT();
  /** The message that was the last one when the end was last in sight. */
  const [lastSeen, setLastSeen] = useState<string | null>(null);
  const newest = messages.at(-1)?.id ?? null;
  if (isAtEnd && lastSeen !== newest) setLastSeen(newest);
  if (isAtEnd) return null;
  const count = countAfter(messages, lastSeen);
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-4 grid place-items-center">
      <button
        type="button"
        onClick={onJump}
        className="fade-in pointer-events-auto flex h-8 items-center gap-2 rounded-full border border-accent bg-surface px-4 text-label font-bold text-accent hover:bg-accent-soft max-panes:h-11"
      >
        <ArrowDown size={16} strokeWidth={1.75} aria-hidden />
        {count > 0 ? t('conversation.jump_new', { count }) : t('conversation.jump')}
      </button>
    </div>
  );
}
