// The reply box at the foot of a conversation: what it answers and its state above, the text, how it is sent below.
import { useRef } from 'react';
import type { Conversation, MessageId } from '../../api/types';
import { useCommands } from '../../commands/dispatcher';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { cx } from '../../ui/cx';
import { networkName } from '../../ui/icons/network-glyph';
import { nameOf } from '../queue-list';
import { isPublicKind, wayOf } from './answers.logic';
import { ComposerBar } from './composer-bar';
import { ComposerStrip } from './composer-strip';
import { ComposerNotices } from './notices';
import { type ReplyForm, useReply } from './use-reply';

export function Composer({ row }: { readonly row: Conversation }) {
  const t = useT();
  const form = useReply(row);
  const box = useRef<HTMLTextAreaElement>(null);
  useCommands({
    'reply.focus': () => {
      const id = focusedMessage();
      if (id && form.canAnswer(id)) form.change({ target: id as MessageId, kind: null, channel_id: null });
      box.current?.focus();
    },
    'reply.send': () => {
      if (!document.activeElement?.closest('[data-region=composer]')) return false;
      form.send();
      return true;
    },
    'reply.shorten': () => form.change({ shorten: !form.draft.shorten }),
  });
  const hasWay = form.options.length > 0;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it follows the focus of what is in it
    <section
      aria-label={t('composer.region')}
      data-region="composer"
      className="shrink-0 border-t border-line bg-surface px-4 pt-2 pb-3 max-panes:px-2 max-panes:pb-2"
      onFocus={form.onFocus}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) form.onBlur();
      }}
    >
      <ComposerStrip form={form} />
      <ComposerNotices form={form} />
      <div
        className={cx(
          'rounded-slip border bg-surface focus-within:border-accent',
          form.held.holder ? 'border-warn' : 'border-line-strong',
        )}
      >
        <Box form={form} boxRef={box} />
        {hasWay && <ComposerBar form={form} />}
      </div>
    </section>
  );
}

function focusedMessage(): string | undefined {
  return document.activeElement?.closest<HTMLElement>('[data-message]')?.dataset['message'];
}

interface BoxProps {
  readonly form: ReplyForm;
  readonly boxRef: React.RefObject<HTMLTextAreaElement | null>;
}

function Box({ form, boxRef }: BoxProps) {
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

/** One step back: from the text to the message that it would answer. */
function leaveToStory(): void {
  document.querySelector<HTMLElement>('[data-region=timeline] [data-region-start][data-message]')?.focus();
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
