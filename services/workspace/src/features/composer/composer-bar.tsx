// How it is sent: kind, account, short links, how much room is left, and the button.
import '../../i18n/areas/composer.gen';
import { ChevronDown, Globe, Link2, Lock, Send } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { AnswerOption } from '../../api/types';
import { useCommands } from '../../commands/dispatcher';
import { formatMoment } from '../../i18n/format';
import type { Language } from '../../i18n/icu';
import { useLanguage } from '../../i18n/language';
import { type Translate, useT } from '../../i18n/t';
import { useChannels } from '../../live/select';
import { Button } from '../../ui/button';
import { cx } from '../../ui/cx';
import { NetworkGlyph } from '../../ui/icons/network-glyph';
import { Menu, MenuChoice } from '../../ui/menu';
import { Skeleton } from '../../ui/skeleton';
import { accountsOf, kindsOf, wayOf } from './answers.logic';
import { textBox } from './box';
import type { ReplyForm } from './use-reply';

export function ComposerBar({ form }: { readonly form: ReplyForm }) {
  const t = useT();
  return (
    // One line or two by the room there is, never by what stands in it: nothing moves when that is known.
    <div className="flex flex-col gap-2 border-t border-line p-2 @min-[48rem]:flex-row">
      <div className="flex h-8 min-w-0 gap-2 max-panes:h-11 @min-[48rem]:flex-1">
        {form.option && <KindMenu form={form} option={form.option} />}
        {form.option && <AccountMenu form={form} option={form.option} />}
        {form.isLookingUp && <LookingUp />}
      </div>
      <div className="flex shrink-0 items-center gap-3">
        <ShortenSwitch form={form} />
        <div className="ms-auto flex items-center gap-3">
          <Counter form={form} />
          <Button
            look="primary"
            aria-disabled={!form.canSend}
            title="Ctrl+Enter"
            onClick={form.send}
            className={form.canSend ? '' : 'opacity-60'}
          >
            <Send size={16} strokeWidth={1.75} aria-hidden className="rtl:-scale-x-100" />
            {t(form.refusal?.code === 'newer_message' ? 'composer.send_anyway' : 'composer.send')}
          </Button>
        </div>
      </div>
    </div>
  );
}

function LookingUp() {
  const t = useT();
  return (
    <span role="status" aria-label={t('composer.loading_ways')} className="late flex gap-2">
      <Skeleton className="h-full w-32" />
      <Skeleton className="h-full w-36" />
    </span>
  );
}

/** Why a way is not possible, or until when it is. */
function hintOf(t: Translate, language: Language, option: AnswerOption): string | undefined {
  if (!option.available) return t('composer.reason', { code: option.reason_code ?? '' });
  return option.expires_at
    ? t('composer.expires', { time: formatMoment(language, option.expires_at) })
    : undefined;
}

interface PickProps {
  readonly form: ReplyForm;
  readonly option: AnswerOption;
}

function KindMenu({ form, option }: PickProps) {
  const t = useT();
  const language = useLanguage();
  const [isOpen, setIsOpen] = useState(false);
  useCommands({ 'reply.kind': () => setIsOpen(true) });
  const { row, target } = form;
  const nameOfKind = (each: AnswerOption): string =>
    t('composer.way', { way: wayOf(each, target, row.network) });
  const choices = kindsOf(form.options, option.channel_id);
  const Icon = option.public ? Globe : Lock;
  return (
    <Menu
      align="start"
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      returnTo={textBox}
      trigger={
        <Trigger
          chooses="kind"
          label={t('composer.kind_trigger', { kind: nameOfKind(option) })}
          icon={<Icon size={15} strokeWidth={1.75} aria-hidden />}
          isWrong={!option.available}
          text={nameOfKind(option)}
        />
      }
    >
      <MenuChoice
        label={t('composer.kind')}
        closes
        value={`${option.kind}/${option.public}`}
        options={choices.map((choice) => ({
          value: `${choice.kind}/${choice.isPublic}`,
          label: nameOfKind(choice.option),
          hint: hintOf(t, language, choice.option),
          isUnavailable: !choice.option.available,
        }))}
        onChange={(value) => {
          const chosen = choices.find((choice) => `${choice.kind}/${choice.isPublic}` === value)?.option;
          if (chosen) form.change({ kind: chosen.kind, channel_id: chosen.channel_id });
        }}
      />
    </Menu>
  );
}

function AccountMenu({ form, option }: PickProps) {
  const t = useT();
  const language = useLanguage();
  const channels = useChannels();
  const [isOpen, setIsOpen] = useState(false);
  useCommands({ 'reply.account': () => setIsOpen(true) });
  const nameOfAccount = (id: string): string =>
    channels.find((channel) => channel.id === id)?.display_name ?? t('composer.account');
  return (
    <Menu
      align="start"
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      returnTo={textBox}
      trigger={
        <Trigger
          chooses="account"
          label={t('composer.account_trigger', { account: nameOfAccount(option.channel_id) })}
          icon={<NetworkGlyph network={form.row.network} size={13} />}
          isWrong={!option.available}
          text={nameOfAccount(option.channel_id)}
        />
      }
    >
      <MenuChoice
        label={t('composer.account')}
        closes
        value={option.channel_id}
        options={accountsOf(form.options, option).map((each) => ({
          value: each.channel_id,
          label: <bdi>{nameOfAccount(each.channel_id)}</bdi>,
          hint: hintOf(t, language, each),
          isUnavailable: !each.available,
        }))}
        onChange={(channel) => form.change({ kind: option.kind, channel_id: channel })}
      />
    </Menu>
  );
}

interface TriggerProps {
  readonly chooses: 'kind' | 'account';
  readonly label: string;
  readonly icon: ReactNode;
  readonly text: string;
  /** The way that is shown cannot be gone. */
  readonly isWrong: boolean;
}

/** The kit hands its own properties to the trigger, so they are passed on whole. */
function Trigger({ chooses, label, icon, text, isWrong, ...rest }: TriggerProps) {
  return (
    <button
      type="button"
      data-chooses={chooses}
      aria-label={label}
      className={cx(
        'flex h-8 max-w-60 min-w-0 items-center gap-1.5 rounded-control border bg-surface px-2.5 text-label hover:bg-canvas max-panes:h-11',
        isWrong ? 'border-danger text-danger' : 'border-line-strong',
      )}
      {...rest}
    >
      {icon}
      <bdi className="truncate">{text}</bdi>
      <ChevronDown size={14} strokeWidth={1.75} aria-hidden className="shrink-0" />
    </button>
  );
}

function ShortenSwitch({ form }: { readonly form: ReplyForm }) {
  const t = useT();
  const isOn = form.draft.shorten;
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={t('composer.shorten')}
      title={t('composer.shorten')}
      onClick={() => form.change({ shorten: !isOn })}
      className={cx(
        'flex h-8 items-center gap-1.5 rounded-control border px-2.5 text-label max-panes:h-11',
        // No bolder when it is on: it would be wider.
        isOn
          ? 'border-accent bg-accent-soft font-medium text-accent'
          : 'border-line-strong bg-surface font-medium hover:bg-canvas',
      )}
    >
      <Link2 size={15} strokeWidth={1.75} aria-hidden />
      <span className="max-panes:sr-only">{t('composer.shorten_short')}</span>
    </button>
  );
}

function Counter({ form: { remaining } }: { readonly form: ReplyForm }) {
  const t = useT();
  const isOver = remaining !== null && remaining < 0;
  return (
    <span
      id="composer-counter"
      // Room for the longest: what stands before it stays in its place while one writes.
      className={cx(
        'shrink-0 text-end font-mono text-label @min-[48rem]:min-w-[15ch]',
        isOver ? 'font-bold text-danger' : 'text-muted',
      )}
    >
      {remaining !== null &&
        (isOver ? t('composer.over', { count: -remaining }) : t('composer.remaining', { count: remaining }))}
    </span>
  );
}
