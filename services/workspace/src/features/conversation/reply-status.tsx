// How one of our own replies stands: a word in its header; and where it failed or is not known, why and what can
// be done about it.
import '../../i18n/areas/conversation.gen';
import { useMutation } from '@tanstack/react-query';
import { Check, CheckCheck, CircleAlert, CircleHelp, Clock } from 'lucide-react';
import type { ReactNode } from 'react';
import { retryReply, settleReply } from '../../api/gateway';
import type { Message, Reply } from '../../api/types';
import { run } from '../../commands/dispatcher';
import { useDrafts } from '../../drafts/use-draft';
import { formatTime } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { isLocal, localKey } from '../../live/outbox';
import { useFeed } from '../../live/select';
import { Button } from '../../ui/button';
import { cx } from '../../ui/cx';
import { showToast } from '../../ui/toasts';

interface StatusProps {
  readonly message: Message;
}

/** One word in the header of a slip. */
export function ReplyState({ message }: StatusProps) {
  const t = useT();
  const { direction, delivered, read, reply } = message;
  if (direction === 'inbound') return null;
  if (read) return <Word icon={<CheckCheck size={13} aria-hidden />} text={t('conversation.read')} />;
  if (delivered)
    return <Word icon={<CheckCheck size={13} aria-hidden />} text={t('conversation.delivered')} />;
  if (!reply) return null;
  switch (reply.state) {
    case 'queued':
      return <Queued message={message} reply={reply} />;
    case 'sending':
      return <Word icon={<Clock size={13} aria-hidden />} text={t('conversation.reply_sending')} />;
    case 'sent':
      return <Word icon={<Check size={13} aria-hidden />} text={t('conversation.reply_sent')} />;
    // What failed or is not known says so below its text, with what can be done.
    default:
      return null;
  }
}

function Queued({ message, reply }: StatusProps & { readonly reply: Reply }) {
  const t = useT();
  const language = useLanguage();
  const { waits_until: until, wait_reason: reason } = reply;
  const text = isLocal(message)
    ? t(reason === 'connection' ? 'conversation.reply_offline' : 'conversation.reply_sending')
    : until
      ? t('conversation.reply_waits', { time: formatTime(language, until) })
      : t('conversation.reply_queued');
  return <Word icon={<Clock size={13} aria-hidden />} text={text} />;
}

function Word({ icon, text }: { readonly icon: ReactNode; readonly text: string }) {
  return (
    <span className="inline-flex items-center gap-1" data-reply-state>
      {icon}
      {text}
    </span>
  );
}

/** Below the text: what went wrong, and the way on. */
export function ReplyTrouble({ message, isActive }: StatusProps & { readonly isActive: boolean }) {
  const { reply } = message;
  if (isLocal(message) && reply?.wait_reason === 'connection') {
    return <TakeBack message={message} isActive={isActive} />;
  }
  if (reply?.state === 'failed') return <Failed message={message} reply={reply} isActive={isActive} />;
  if (reply?.state === 'unknown') return <Unknown message={message} isActive={isActive} />;
  return null;
}

interface TroubleProps extends StatusProps {
  readonly isActive: boolean;
}

function Failed({ message, reply, isActive }: TroubleProps & { readonly reply: Reply }) {
  const t = useT();
  const retry = useAct((key: string) => retryReply(message.id, key));
  const code = reply.failure_code ?? '';
  return (
    <Trouble
      tone="danger"
      icon={<CircleAlert size={16} strokeWidth={1.75} aria-hidden />}
      title={t('conversation.reply_failed')}
      text={t('conversation.failure', { code, failure: reply.failure ?? code })}
    >
      {reply.retryable && (
        <Button
          tabIndex={isActive ? 0 : -1}
          aria-disabled={retry.isPending}
          onClick={() => !retry.isPending && retry.mutate(crypto.randomUUID())}
        >
          {t('conversation.reply_retry')}
        </Button>
      )}
      <CopyText text={message.text} isActive={isActive} />
    </Trouble>
  );
}

function Unknown({ message, isActive }: TroubleProps) {
  const t = useT();
  const settle = useAct((sent: boolean) => settleReply(message.id, sent));
  const say = (sent: boolean) => (): void => {
    if (!settle.isPending) settle.mutate(sent);
  };
  return (
    <Trouble
      tone="warn"
      icon={<CircleHelp size={16} strokeWidth={1.75} aria-hidden />}
      title={t('conversation.reply_unknown')}
      text={t('conversation.reply_unknown_text')}
    >
      <Button tabIndex={isActive ? 0 : -1} onClick={say(true)}>
        {t('conversation.reply_reached')}
      </Button>
      <Button tabIndex={isActive ? 0 : -1} onClick={say(false)}>
        {t('conversation.reply_not_reached')}
      </Button>
    </Trouble>
  );
}

/** Not even the gateway has it yet, so it can still be taken back. */
function TakeBack({ message, isActive }: TroubleProps) {
  const t = useT();
  const feed = useFeed();
  const drafts = useDrafts();
  return (
    <p className="mt-2 flex gap-2">
      <Button
        tabIndex={isActive ? 0 : -1}
        onClick={() => {
          const local = feed.outbox.take(localKey(message));
          if (local) drafts.change(local.conversation, { text: local.reply.text, sent_as: local.reply.key });
          // The button goes with its message; the focus goes where the text went.
          run('reply.focus');
        }}
      >
        {t('conversation.reply_edit')}
      </Button>
    </p>
  );
}

interface TroubleFrameProps {
  readonly tone: 'warn' | 'danger';
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}

function Trouble({ tone, icon, title, text, children }: TroubleFrameProps) {
  return (
    <div
      data-trouble={tone}
      className={cx(
        'mt-2 rounded-control px-3 py-2 text-label',
        tone === 'danger' ? 'bg-danger-soft text-danger' : 'bg-warn-soft text-warn',
      )}
    >
      <p className="flex items-center gap-2 font-bold">
        <span className="shrink-0">{icon}</span>
        {title}
      </p>
      <p className="mt-0.5">{text}</p>
      <p className="mt-2 flex flex-wrap gap-2">{children}</p>
    </div>
  );
}

function CopyText({ text, isActive }: { readonly text: string; readonly isActive: boolean }) {
  const t = useT();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    showToast({ id: 'copied', title: t('conversation.reply_copied'), lasts: 3_000 });
  };
  return (
    <Button tabIndex={isActive ? 0 : -1} onClick={() => void copy().catch(() => undefined)}>
      {t('conversation.reply_copy')}
    </Button>
  );
}

/** Does something to a reply; the answer is applied at once, the frame that follows says the same. */
function useAct<Input>(act: (input: Input) => Promise<Message>) {
  const t = useT();
  const feed = useFeed();
  return useMutation({
    mutationFn: act,
    onSuccess: (message) => feed.store.apply([{ k: 'message.upsert', d: message }]),
    onError: (error) =>
      showToast({
        id: 'reply-action',
        title: t('conversation.reply_action_failed'),
        text: error.message,
        tone: 'danger',
        lasts: 8_000,
      }),
  });
}
