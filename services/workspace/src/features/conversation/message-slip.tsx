// One message as a slip of paper with a coloured edge: what the customer wrote plain, ours in the accent's tint.
import '../../i18n/areas/conversation.gen';
import '../../i18n/areas/composer.gen';
import { ExternalLink, Reply as ReplyIcon } from 'lucide-react';
import { memo, type MouseEvent } from 'react';
import type { Message } from '../../api/types';
import { formatMoment, formatTime } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { isLocal } from '../../live/outbox';
import { useChannels } from '../../live/select';
import { cx } from '../../ui/cx';
import { IconButton } from '../../ui/icon-button';
import { NetworkGlyph, networkName } from '../../ui/icons/network-glyph';
import { aimAt } from '../composer';
import { ActsOfMessage, MessageMenu } from '../message-actions';
import { Attachments } from './attachments';
import { MessageText } from './message-text';
import { Reactions } from './reactions';
import { ReplyState, ReplyTrouble } from './reply-status';
import { safeAddress } from './safe-address';

interface MessageSlipProps {
  readonly message: Message;
  /** True for the one message that the Tab key reaches, with what is in it. */
  readonly isActive: boolean;
}

interface WholeSlipProps extends MessageSlipProps {
  readonly isMenuOpen?: boolean;
  /** Opens the menu of a message, or closes it; absent where messages are only read. */
  readonly onMenu?: (id: string | null) => void;
}

export const MessageSlip = memo(function MessageSlip(props: WholeSlipProps) {
  const { message, isActive, onMenu } = props;
  const isOurs = message.direction === 'outbound';
  const heading = `message-${message.id}`;
  return (
    <div className={cx('flex pb-2.5', isOurs && 'justify-end')}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its menu has a button and a key too */}
      <article
        aria-labelledby={heading}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- one stop for the whole story, moved by Alt and arrows
        tabIndex={isActive ? 0 : -1}
        data-message={message.id}
        data-item={message.id}
        data-region-start={isActive || undefined}
        data-direction={message.direction}
        className={cx(
          'max-w-[min(76%,46rem)] min-w-0 rounded-e-slip rounded-s-chip border border-s-3 border-line px-3 py-2.5 max-panes:max-w-[92%]',
          isOurs ? 'border-s-accent bg-slip-out' : 'border-s-line-strong bg-canvas',
          isLocal(message) && 'border-dashed',
        )}
        onContextMenu={(event) => {
          if (!onMenu || isLocal(message) || isAboutText(event)) return;
          event.preventDefault();
          onMenu(message.id);
        }}
      >
        <SlipHeader {...props} heading={heading} />
        <SlipBody message={message} isActive={isActive} />
        <ActsOfMessage message={message} isActive={isActive} />
        <ReplyTrouble message={message} isActive={isActive} />
      </article>
    </div>
  );
});

/** A link or a chosen piece of text has a menu of its own. */
function isAboutText({ target }: MouseEvent): boolean {
  const isLink = target instanceof Element && target.closest('a, button') !== null;
  return isLink || !(document.getSelection()?.isCollapsed ?? true);
}

interface SlipHeaderProps extends WholeSlipProps {
  readonly heading: string;
}

function SlipHeader({ message, heading, isActive, isMenuOpen = false, onMenu }: SlipHeaderProps) {
  const t = useT();
  const language = useLanguage();
  const { network, kind, network_time: time } = message;
  return (
    <header className="flex flex-wrap items-center gap-x-2 text-meta text-muted">
      <NetworkGlyph network={network} />
      <h3 id={heading} className="min-w-0 truncate text-body font-bold text-ink">
        <bdi>{useSender(message)}</bdi>
      </h3>
      <span>{t(`conversation.kind_${kind}`, { network })}</span>
      {time && (
        <time dateTime={time} title={formatMoment(language, time)} className="text-label">
          {formatTime(language, time)}
        </time>
      )}
      <Addressee message={message} />
      {message.edited && !message.deleted && <span className="italic">{t('conversation.edited')}</span>}
      <ReplyState message={message} />
      <Permalink message={message} isActive={isActive} />
      {onMenu && !isLocal(message) && (
        <span className="ms-auto -my-1 -me-1.5 inline-flex shrink-0">
          <ReplyAction message={message} isActive={isActive} />
          <MessageMenu
            message={message}
            isActive={isActive}
            isOpen={isMenuOpen}
            onOpenChange={(isOpen) => onMenu(isOpen ? message.id : null)}
          />
        </span>
      )}
    </header>
  );
}

function useSender({ author, direction, channel_ids: ids, network, reply }: Message): string {
  const t = useT();
  const channel = useChannels().find((each) => ids.includes(each.id));
  const ours = direction === 'outbound' ? channel?.display_name : undefined;
  // A reply written here has a person behind the account.
  if (reply?.name) return reply.name;
  return author?.name || author?.handle || ours || t('inbox.someone', { network: networkName(network) });
}

/** Which of our accounts was written to, or answered; left out where the network has only one. */
function Addressee({ message }: { readonly message: Message }) {
  const t = useT();
  const ofNetwork = useChannels().filter((channel) => channel.network === message.network);
  const ours = ofNetwork.filter((channel) => message.channel_ids.includes(channel.id));
  if (ofNetwork.length < 2 || ours.length === 0) return null;
  const channel = ours.map((each) => each.display_name).join(', ');
  if (message.direction === 'outbound') {
    // Where no person is named, the account is the sender.
    return message.reply?.name ? <span>{t('conversation.via', { channel })}</span> : null;
  }
  return <span>{t('conversation.to', { channel })}</span>;
}

/** Turns the reply box to this message. Keys do the same from the message itself. */
function ReplyAction({ message, isActive }: MessageSlipProps) {
  const t = useT();
  if (message.direction === 'outbound' || message.deleted || message.answers.length === 0) return null;
  return (
    <IconButton
      label={t('composer.reply_action')}
      tabIndex={isActive ? 0 : -1}
      className="size-7 shrink-0 max-panes:size-9"
      onClick={() => aimAt(message, 'reply')}
    >
      <ReplyIcon size={16} strokeWidth={1.75} aria-hidden className="rtl:-scale-x-100" />
    </IconButton>
  );
}

function Permalink({ message, isActive }: MessageSlipProps) {
  const t = useT();
  const address = safeAddress(message.permalink);
  if (!address) return null;
  return (
    <a
      href={address}
      target="_blank"
      rel="noopener noreferrer"
      tabIndex={isActive ? 0 : -1}
      className="inline-flex items-center gap-1 text-accent underline underline-offset-2 hover:text-accent-hover"
    >
      {t('conversation.view_on', { network: networkName(message.network) })}
      <ExternalLink size={13} strokeWidth={1.75} aria-hidden className="rtl:-scale-x-100" />
      <span className="sr-only">{t('conversation.new_window')}</span>
    </a>
  );
}

function SlipBody({ message, isActive }: MessageSlipProps) {
  const t = useT();
  if (message.deleted) return <p className="mt-1 text-muted italic">{t('conversation.deleted')}</p>;
  const isEmpty = message.text === '' && message.attachments.length === 0;
  return (
    <>
      {isEmpty && <p className="mt-1 text-muted italic">{t('conversation.no_text')}</p>}
      <MessageText text={message.text} isActive={isActive} />
      <Attachments message={message} isActive={isActive} />
      <Reactions reactions={message.reactions} />
    </>
  );
}
