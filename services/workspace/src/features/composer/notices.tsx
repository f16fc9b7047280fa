// What one should know before sending: who else answers or writes, why the last try was refused, who will read it.
import '../../i18n/areas/composer.gen';
import { CircleAlert, Globe, Lock, PenLine } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { useMe, useViewers } from '../../live/select';
import { Button } from '../../ui/button';
import { cx } from '../../ui/cx';
import { networkName } from '../../ui/icons/network-glyph';
import { nameOf } from '../queue-list';
import { consequenceOf } from './answers.logic';
import type { ReplyForm } from './use-reply';

export function ComposerNotices({ form }: { readonly form: ReplyForm }) {
  return (
    <>
      <RefusedNotice form={form} />
      <HolderNotice form={form} />
      <WayNotice form={form} />
      <Writing conversation={form.row.id} />
    </>
  );
}

function Writing({ conversation }: { readonly conversation: string }) {
  const t = useT();
  const me = useMe()?.id;
  const writers = useViewers(conversation).filter((viewer) => viewer.typing && viewer.member_id !== me);
  const [first] = writers;
  if (!first) return null;
  return (
    <p className="truncate pb-2 text-label text-warn">
      {t('composer.typing', { name: first.name, count: writers.length })}
    </p>
  );
}

interface LineProps {
  readonly tone: 'warn' | 'danger' | 'plain';
  readonly icon: ReactNode;
  readonly isAlert?: boolean;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

const tones = {
  warn: 'bg-warn-soft text-warn',
  danger: 'bg-danger-soft text-danger',
  plain: 'bg-canvas text-muted',
};

function Line({ tone, icon, isAlert = false, children, action }: LineProps) {
  return (
    <div
      role={isAlert ? 'alert' : undefined}
      className={cx('mb-2 flex items-center gap-2 rounded-control px-3 py-1.5 text-label', tones[tone])}
    >
      <span className="shrink-0">{icon}</span>
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  );
}

function RefusedNotice({ form: { refusal, row } }: { readonly form: ReplyForm }) {
  const t = useT();
  if (!refusal) return null;
  const { code, detail } = refusal;
  // Whoever answers instead is said below, with what to do about it.
  const texts: Record<string, readonly [string, string]> = {
    newer_message: [t('composer.newer_title'), t('composer.newer_text')],
    lock_lost: [t('composer.lock_lost_title'), t('composer.lock_lost_text')],
    goes_on_elsewhere: [t('composer.refused_title'), t('composer.elsewhere')],
    text_too_long: [
      t('composer.refused_title'),
      t('composer.too_long', { network: networkName(row.network) }),
    ],
    role_missing: [t('composer.refused_title'), t('composer.no_role')],
  };
  const [title, text] = texts[code] ?? [t('composer.refused_title'), detail];
  return (
    <Line
      isAlert
      tone={code === 'newer_message' || code === 'lock_lost' ? 'warn' : 'danger'}
      icon={<CircleAlert size={16} strokeWidth={1.75} aria-hidden />}
    >
      <strong className="font-bold">{title}</strong> {text}
    </Line>
  );
}

function HolderNotice({ form: { held } }: { readonly form: ReplyForm }) {
  const t = useT();
  const { holder, lock, mayTakeOver } = held;
  if (!holder) return null;
  const { name, isMe, tookIt } = holder;
  const text = isMe
    ? t('composer.held_by_me')
    : t(tookIt ? 'composer.taken_over' : 'composer.held', { name });
  return (
    <Line
      tone="warn"
      isAlert={tookIt}
      icon={<PenLine size={16} strokeWidth={1.75} aria-hidden />}
      action={
        mayTakeOver && (
          <Button onClick={() => void lock.takeOver()}>
            {t(isMe ? 'composer.answer_here' : 'composer.take_over')}
          </Button>
        )
      }
    >
      {text}
    </Line>
  );
}

/** Only where an answer is seen by others than the message was, or cannot be given the way that is shown. */
function WayNotice({ form: { option, isLookingUp, target, row } }: { readonly form: ReplyForm }) {
  const t = useT();
  const name = nameOf(useLanguage(), row);
  if (option && !option.available) {
    return (
      <Line tone="danger" icon={<CircleAlert size={16} strokeWidth={1.75} aria-hidden />}>
        {t('composer.reason', { code: option.reason_code ?? '' })}
      </Line>
    );
  }
  if (!option) {
    if (isLookingUp) return null;
    return (
      <Line tone="plain" icon={<CircleAlert size={16} strokeWidth={1.75} aria-hidden />}>
        {t('composer.no_way')}
      </Line>
    );
  }
  const consequence = consequenceOf(option, target);
  if (!consequence) return null;
  const Icon = consequence === 'becomes_public' ? Globe : Lock;
  return (
    <Line
      tone={consequence === 'becomes_public' ? 'warn' : 'plain'}
      icon={<Icon size={16} strokeWidth={1.75} aria-hidden />}
    >
      {consequence === 'becomes_public'
        ? t('composer.becomes_public', { network: networkName(row.network) })
        : t('composer.becomes_private', { name })}
    </Line>
  );
}
