// Above the box: what is being answered at one end, Pending and Resolve at the other.
import { CircleCheck, Clock, RotateCcw, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCommands } from '../../commands/dispatcher';
import { useT } from '../../i18n/t';
import { useViewers, useMe } from '../../live/select';
import { useLetterKeys } from '../../settings/keys';
import { Button } from '../../ui/button';
import { IconButton } from '../../ui/icon-button';
import { Kbd } from '../../ui/kbd';
import type { ReplyForm } from './use-reply';
import { useStateChange } from './use-state-change';

export function ComposerStrip({ form }: { readonly form: ReplyForm }) {
  const { row } = form;
  const setState = useStateChange(row);
  useCommands({
    'state.pending': () => (row.state === 'new' ? setState('pending') : false),
    'state.resolve': () => (row.state === 'resolved' ? false : setState('resolved')),
    'state.reopen': () => (row.state === 'new' ? false : setState('new')),
  });
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-2 pb-2">
      <Target form={form} />
      <States form={form} setState={setState} />
    </div>
  );
}

function Target({ form: { target, draft, change, row } }: { readonly form: ReplyForm }) {
  const t = useT();
  const writing = useWriting(row.id);
  if (writing) return <p className="min-w-0 flex-1 truncate text-label text-warn">{writing}</p>;
  if (!target || draft.target !== target.id) {
    return <p className="min-w-0 flex-1 truncate text-label text-muted">{t('composer.replying_default')}</p>;
  }
  return (
    <p className="flex min-w-0 flex-1 items-center gap-1 text-label text-muted">
      <span className="shrink-0">{t('composer.replying_to')}</span>
      <bdi className="truncate text-ink">{target.text}</bdi>
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

function useWriting(id: string): string | null {
  const t = useT();
  const me = useMe()?.id;
  const writers = useViewers(id).filter((viewer) => viewer.typing && viewer.member_id !== me);
  const [first] = writers;
  return first ? t('composer.typing', { name: first.name, count: writers.length }) : null;
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
        <StateButton
          icon={<Clock size={16} strokeWidth={1.75} aria-hidden />}
          text={t('composer.pending')}
          shortcut="P"
          onPress={() => setState('pending')}
        />
      )}
      {row.state !== 'new' && (
        <StateButton
          icon={<RotateCcw size={16} strokeWidth={1.75} aria-hidden />}
          text={t('composer.reopen')}
          shortcut="⇧E"
          onPress={() => setState('new')}
        />
      )}
      {row.state !== 'resolved' && (
        <StateButton
          icon={<CircleCheck size={16} strokeWidth={1.75} aria-hidden />}
          text={t('composer.resolve')}
          shortcut="E"
          onPress={() => setState('resolved')}
        />
      )}
    </div>
  );
}

interface StateButtonProps {
  readonly icon: ReactNode;
  readonly text: string;
  readonly shortcut: string;
  readonly onPress: () => void;
}

function StateButton({ icon, text, shortcut, onPress }: StateButtonProps) {
  const hasKeys = useLetterKeys();
  return (
    <Button onClick={onPress}>
      {icon}
      {text}
      {hasKeys && (
        <span aria-hidden className="max-panes:hidden">
          <Kbd>{shortcut}</Kbd>
        </span>
      )}
    </Button>
  );
}
