// Above the box: reply or note at one end, Pending and Resolve at the other; below them what was picked to be answered.
import '../../i18n/areas/composer.gen';
import { CircleCheck, Clock, RotateCcw, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Mode } from '../../drafts/drafts';
import { useCommands } from '../../commands/dispatcher';
import { KeyHint } from '../../commands/key-hint';
import type { CommandId } from '../../commands/table';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { IconButton } from '../../ui/icon-button';
import { ReminderMenu } from '../reminder';
import { ModeTabs } from './mode-tabs';
import type { ReplyForm } from './use-reply';
import { useStateChange } from './use-state-change';

interface ComposerStripProps {
  readonly form: ReplyForm;
  readonly mode: Mode;
  readonly onChooseMode: (mode: Mode) => void;
}

export function ComposerStrip({ form, mode, onChooseMode }: ComposerStripProps) {
  const { row } = form;
  const setState = useStateChange(row);
  useCommands({
    'state.pending': () => (row.state === 'new' ? setState('pending') : false),
    'state.resolve': () => (row.state === 'resolved' ? false : setState('resolved')),
    'state.reopen': () => (row.state === 'new' ? false : setState('new')),
  });
  return (
    <>
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-2 pb-2">
        <ModeTabs mode={mode} onChoose={onChooseMode} />
        <States form={form} setState={setState} />
      </div>
      {mode === 'reply' && <Target form={form} />}
    </>
  );
}

/** Said only where it is not plain: when another message than the last is answered. */
function Target({ form: { target, draft, change, option } }: { readonly form: ReplyForm }) {
  const t = useT();
  const isPicked = target !== null && draft.target === target.id && option?.kind !== 'quote';
  if (!isPicked) return null;
  return (
    <p className="flex items-center gap-1 pb-2 text-label text-muted">
      <span className="shrink-0">{t('composer.replying_to')}</span>
      <bdi className="min-w-0 truncate text-ink">{target.text || t('inbox.no_text')}</bdi>
      <IconButton
        label={t('composer.reset_target')}
        className="size-6 shrink-0 max-panes:size-9"
        onClick={() => change({ target: null, kind: null, channel_id: null })}
      >
        <X size={14} strokeWidth={1.75} aria-hidden />
      </IconButton>
    </p>
  );
}

interface StatesProps {
  readonly form: ReplyForm;
  readonly setState: (to: 'new' | 'pending' | 'resolved') => void;
}

function States({ form: { row }, setState }: StatesProps) {
  const t = useT();
  return (
    <div className="flex shrink-0 gap-2">
      {row.state === 'new' && (
        <div className="flex">
          <StateButton
            icon={<Clock size={16} strokeWidth={1.75} aria-hidden />}
            text={t('composer.pending')}
            shortcut="state.pending"
            isSplit
            onPress={() => setState('pending')}
          />
          <ReminderMenu row={row} />
        </div>
      )}
      {row.state !== 'new' && <ReminderMenu row={row} />}
      {row.state !== 'new' && (
        <StateButton
          icon={<RotateCcw size={16} strokeWidth={1.75} aria-hidden />}
          text={t('composer.reopen')}
          shortcut="state.reopen"
          onPress={() => setState('new')}
        />
      )}
      {row.state !== 'resolved' && (
        <StateButton
          icon={<CircleCheck size={16} strokeWidth={1.75} aria-hidden />}
          text={t('composer.resolve')}
          shortcut="state.resolve"
          onPress={() => setState('resolved')}
        />
      )}
    </div>
  );
}

interface StateButtonProps {
  readonly icon: ReactNode;
  readonly text: string;
  readonly shortcut: CommandId;
  /** Another button follows at its end. */
  readonly isSplit?: boolean;
  readonly onPress: () => void;
}

function StateButton({ icon, text, shortcut, isSplit = false, onPress }: StateButtonProps) {
  return (
    <Button onClick={onPress} className={isSplit ? 'rounded-e-none' : ''}>
      <span className="hidden @min-[36rem]:inline">{icon}</span>
      {text}
      <KeyHint command={shortcut} className="hidden @min-[42rem]:inline" />
    </Button>
  );
}
