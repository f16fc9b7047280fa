// Reply or note: two tabs with two colours, so that neither is taken for the other.
import '../../i18n/areas/composer.gen';
import { Reply, StickyNote } from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { Mode } from '../../drafts/drafts';
import { useT } from '../../i18n/t';
import { cx } from '../../ui/cx';

interface ModeTabsProps {
  readonly mode: Mode;
  readonly onChoose: (mode: Mode) => void;
}

export const panelId = 'composer-panel';

export function ModeTabs({ mode, onChoose }: ModeTabsProps) {
  const t = useT();
  const other = mode === 'reply' ? 'note' : 'reply';
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!/^(ArrowLeft|ArrowRight|Home|End)$/.test(event.key)) return;
    event.preventDefault();
    onChoose(other);
    document.getElementById(`composer-tab-${other}`)?.focus();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- its tabs take the focus
    <div
      role="tablist"
      aria-label={t('composer.modes')}
      className="flex shrink-0 gap-1"
      onKeyDown={onKeyDown}
    >
      <Tab
        mode="reply"
        isChosen={mode === 'reply'}
        onChoose={onChoose}
        icon={<Reply size={15} aria-hidden />}
      >
        {t('composer.tab_reply')}
      </Tab>
      <Tab
        mode="note"
        isChosen={mode === 'note'}
        onChoose={onChoose}
        icon={<StickyNote size={15} aria-hidden />}
      >
        {t('composer.tab_note')}
      </Tab>
    </div>
  );
}

interface TabProps {
  readonly mode: Mode;
  readonly isChosen: boolean;
  readonly onChoose: (mode: Mode) => void;
  readonly icon: ReactNode;
  readonly children: ReactNode;
}

const colours = {
  reply: 'border-accent bg-accent-soft text-accent',
  note: 'border-note-line bg-note text-note-ink border-dashed',
};

function Tab({ mode, isChosen, onChoose, icon, children }: TabProps) {
  return (
    <button
      type="button"
      role="tab"
      id={`composer-tab-${mode}`}
      aria-selected={isChosen}
      aria-controls={isChosen ? panelId : undefined}
      tabIndex={isChosen ? 0 : -1}
      onClick={() => onChoose(mode)}
      className={cx(
        'flex h-8 items-center gap-1.5 rounded-control border px-2.5 text-label font-bold max-panes:h-11',
        isChosen ? colours[mode] : 'border-transparent text-muted hover:bg-canvas hover:text-ink',
      )}
    >
      <span className="hidden @min-[36rem]:inline">{icon}</span>
      {children}
    </button>
  );
}
