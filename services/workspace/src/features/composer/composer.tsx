// The foot of a conversation: reply or note, its state; the text, what it answers or quotes, how it is sent.
import '../../i18n/areas/composer.gen';
import { type RefObject, useRef } from 'react';
import type { Conversation, Message } from '../../api/types';
import { useCommands } from '../../commands/dispatcher';
import type { Mode } from '../../drafts/drafts';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { useFeed } from '../../live/select';
import { cx } from '../../ui/cx';
import { networkName } from '../../ui/icons/network-glyph';
import { nameOf } from '../queue-list';
import { type How, useAim } from './aim';
import { isPublicKind, wayOf } from './answers.logic';
import { focusTextBox, leaveToStory } from './box';
import { ComposerBar } from './composer-bar';
import { ComposerStrip } from './composer-strip';
import { LinkChips } from './link-chips';
import { useMode } from './mode';
import { panelId } from './mode-tabs';
import { NoteBox } from './note-box';
import { ComposerNotices } from './notices';
import { OtherVersion } from './other-version';
import { Quoted } from './quoted';
import { type NoteForm, useNote } from './use-note';
import { type ReplyForm, useReply } from './use-reply';

export function Composer({ row }: { readonly row: Conversation }) {
  const t = useT();
  const form = useReply(row);
  const note = useNote(row);
  const [mode, setMode] = useMode(row.id);
  const box = useRef<HTMLTextAreaElement>(null);
  // Whoever writes a note does not hold the right to answer.
  const choose = (next: Mode): void => {
    if (next === 'note') form.onBlur();
    setMode(next);
  };
  useKeys({ row, form, note, mode, choose });
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it follows the focus of what is in it
    <section
      aria-label={t('composer.region')}
      data-region="composer"
      className="shrink-0 border-t border-line bg-surface px-4 pt-2 pb-3 max-panes:px-2 max-panes:pb-2"
      onFocus={mode === 'reply' ? form.onFocus : undefined}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) form.onBlur();
      }}
    >
      {/* What comes while one looks stands above everything, so that no button moves from under the pointer. */}
      <OtherVersion conversation={row.id} mode={mode} />
      {mode === 'reply' && <ComposerNotices form={form} />}
      <ComposerStrip form={form} mode={mode} onChooseMode={choose} />
      <div role="tabpanel" id={panelId} aria-labelledby={`composer-tab-${mode}`}>
        {mode === 'note' ? <NoteBox form={note} boxRef={box} /> : <ReplyBox form={form} boxRef={box} />}
      </div>
    </section>
  );
}

interface KeysOf {
  readonly row: Conversation;
  readonly form: ReplyForm;
  readonly note: NoteForm;
  readonly mode: Mode;
  readonly choose: (mode: Mode) => void;
}

function useKeys({ row, form, note, mode, choose }: KeysOf): void {
  const { store } = useFeed();
  const aim = (message: Message | null, how: How): void => {
    focusTextBox(() => {
      if (how === 'note') {
        if (message) note.aim(message);
      } else if (message && form.canAnswer(message.id)) {
        form.change({ target: message.id, kind: how === 'quote' ? 'quote' : null, channel_id: null });
      }
      choose(how === 'note' ? 'note' : 'reply');
    });
  };
  /** The message that the focus is on. */
  const focused = (): Message | null => {
    const slip = document.activeElement?.closest<HTMLElement>('[data-message]')?.dataset['message'];
    return store.timeline(row.id).messages.find((message) => message.id === slip) ?? null;
  };
  useAim(aim);
  useCommands({
    'reply.focus': () => aim(focused(), 'reply'),
    'note.focus': () => aim(focused(), 'note'),
    'reply.send': () => {
      if (!document.activeElement?.closest('[data-region=composer]')) return false;
      if (mode === 'note') note.save();
      else form.send();
      return true;
    },
    'reply.shorten': () => form.change({ shorten: !form.draft.shorten }),
  });
}

interface BoxProps {
  readonly form: ReplyForm;
  readonly boxRef: RefObject<HTMLTextAreaElement | null>;
}

function ReplyBox({ form, boxRef }: BoxProps) {
  const { option, target, change } = form;
  const isQuote = option?.kind === 'quote';
  return (
    <div
      data-mode="reply"
      className={cx(
        'rounded-slip border bg-surface focus-within:border-accent',
        form.held.holder ? 'border-warn' : 'border-line-strong',
      )}
    >
      {isQuote && target && (
        <Quoted
          message={target}
          onDrop={() => focusTextBox(() => change({ target: null, kind: null, channel_id: null }))}
        />
      )}
      <Text form={form} boxRef={boxRef} />
      <LinkChips form={form} />
      <ComposerBar form={form} />
    </div>
  );
}

function Text({ form, boxRef }: BoxProps) {
  const t = useT();
  const { text, setText } = form;
  return (
    <textarea
      ref={boxRef}
      data-region-start
      dir="auto"
      rows={2}
      aria-label={useBoxLabel(form)}
      aria-describedby="composer-counter"
      placeholder={t('composer.placeholder')}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        leaveToStory();
      }}
      className="scroll-quiet block max-h-[min(16rem,30dvh)] min-h-14 w-full resize-none rounded-slip bg-transparent px-3 py-2 text-start outline-none field-sizing-content placeholder:text-subtle"
    />
  );
}

/** Says to whom, where, and who else will read it. */
function useBoxLabel({ row, option, target }: ReplyForm): string {
  const t = useT();
  const name = nameOf(useLanguage(), row);
  if (!option) return t('composer.region');
  const kind = t('composer.way', { way: wayOf(option, target, row.network) });
  const key = isPublicKind(option.kind) && option.public ? 'composer.label_public' : 'composer.label_private';
  return t(key, { kind, name, network: networkName(row.network) });
}
