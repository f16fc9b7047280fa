// The menu of one message: by its button, by the key M, or by the pointer's other button on the message.
import '../../i18n/areas/actions.gen';
import {
  Copy,
  EyeOff,
  Eye,
  Heart,
  HeartOff,
  Link2,
  MoreHorizontal,
  Quote,
  Repeat2,
  Reply,
  StickyNote,
  Trash2,
  UserMinus,
  UserPlus,
} from 'lucide-react';
import { useRef, useState } from 'react';
import type { Message, MessageAction } from '../../api/types';
import { useT } from '../../i18n/t';
import { useChannels, useWished } from '../../live/select';
import { Confirm } from '../../ui/confirm';
import { networkName } from '../../ui/icons/network-glyph';
import { Menu, MenuItem, MenuLine } from '../../ui/menu';
import { aimAt, type How, textBox } from '../composer';
import { type Offered, offeredOf } from './actions.logic';
import { useAct } from './use-act';
import { useCopy } from './use-copy';

const icons = {
  quote: Quote,
  like: Heart,
  unlike: HeartOff,
  hide: EyeOff,
  unhide: Eye,
  repost: Repeat2,
  unrepost: Repeat2,
  follow: UserPlus,
  unfollow: UserMinus,
  delete: Trash2,
} as const;

interface MessageMenuProps {
  readonly message: Message;
  readonly isActive: boolean;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

export function MessageMenu({ message, isActive, isOpen, onOpenChange }: MessageMenuProps) {
  const t = useT();
  const [isDeleting, setIsDeleting] = useState(false);
  const act = useAct(message);
  /** The focus goes where one goes on writing, and else back to the button. */
  const isAimed = useRef(false);
  return (
    <>
      <Menu
        within="[data-region=timeline]"
        isOpen={isOpen}
        onOpenChange={(next) => {
          if (next) isAimed.current = false;
          onOpenChange(next);
        }}
        returnTo={() => (isAimed.current ? textBox() : null)}
        trigger={<Trigger isActive={isActive} name={message.author?.name ?? ''} />}
      >
        {isOpen && (
          <Entries
            message={message}
            onDelete={() => setIsDeleting(true)}
            onAim={(how) => {
              isAimed.current = true;
              aimAt(message, how);
            }}
          />
        )}
      </Menu>
      {isDeleting && (
        <Confirm
          title={t('actions.delete_title', { network: networkName(message.network) })}
          text={t('actions.delete_text')}
          yes={t('actions.delete_yes')}
          no={t('actions.delete_no')}
          onNo={() => setIsDeleting(false)}
          onYes={() => {
            setIsDeleting(false);
            void act({ action: 'delete', channel_id: message.channel_ids[0] ?? '' });
          }}
        />
      )}
    </>
  );
}

/** The kit hands its own properties to the trigger, so they are passed on whole. */
function Trigger({ isActive, name, ...rest }: { readonly isActive: boolean; readonly name: string }) {
  const t = useT();
  return (
    <button
      type="button"
      tabIndex={isActive ? 0 : -1}
      aria-label={name ? t('actions.menu_of', { name }) : t('actions.menu')}
      title={t('actions.menu')}
      data-message-menu
      className="inline-grid size-7 shrink-0 place-items-center rounded-control text-muted hover:bg-surface hover:text-ink max-panes:size-9"
      {...rest}
    >
      <MoreHorizontal size={16} strokeWidth={1.75} aria-hidden />
    </button>
  );
}

interface EntriesProps {
  readonly message: Message;
  readonly onDelete: () => void;
  readonly onAim: (how: How) => void;
}

function Entries({ message, onDelete, onAim }: EntriesProps) {
  const t = useT();
  const wished = useWished(message);
  const act = useAct(message);
  const copy = useCopy();
  const offered = offeredOf(message, wished);
  const canReply = message.direction === 'inbound' && !message.deleted && message.answers.length > 0;
  const choose = ({ option }: Offered): void => {
    if (option.action === 'quote') onAim('quote');
    else if (option.action === 'delete') onDelete();
    else void act(option);
  };
  return (
    <>
      {canReply && (
        <MenuItem icon={<Icon of={Reply} />} onSelect={() => onAim('reply')}>
          {t('actions.reply')}
        </MenuItem>
      )}
      {offered.map((each) => (
        <Entry key={each.action} offered={each} message={message} onSelect={() => choose(each)} />
      ))}
      {(canReply || offered.length > 0) && <MenuLine />}
      <MenuItem icon={<Icon of={StickyNote} />} onSelect={() => onAim('note')}>
        {t('actions.note')}
      </MenuItem>
      {message.permalink && (
        <MenuItem icon={<Icon of={Link2} />} onSelect={() => copy(message.permalink ?? '')}>
          {t('actions.copy_link')}
        </MenuItem>
      )}
      {message.text !== '' && !message.deleted && (
        <MenuItem icon={<Icon of={Copy} />} onSelect={() => copy(message.text)}>
          {t('actions.copy_text')}
        </MenuItem>
      )}
    </>
  );
}

function Icon({ of: Of }: { readonly of: typeof Reply }) {
  return <Of size={16} strokeWidth={1.75} aria-hidden />;
}

interface EntryProps {
  readonly offered: Offered;
  readonly message: Message;
  readonly onSelect: () => void;
}

function Entry({ offered: { action, option }, message, onSelect }: EntryProps) {
  const t = useT();
  const ofNetwork = useChannels().filter((channel) => channel.network === message.network);
  const account = ofNetwork.find((channel) => channel.id === option.channel_id)?.display_name ?? '';
  const reason = t('actions.reason', { code: option.reason_code ?? '', reason: option.reason ?? '' });
  // Which of our accounts does it is said where the network has several.
  const as = ofNetwork.length > 1 && account ? t('actions.as', { account }) : undefined;
  return (
    <MenuItem
      icon={<Icon of={icons[action]} />}
      isUnavailable={!option.available}
      hint={option.available ? as : reason}
      onSelect={onSelect}
    >
      {useLabel(action, message)}
    </MenuItem>
  );
}

function useLabel(action: MessageAction['action'], { author, network }: Message): string {
  const t = useT();
  const name = author?.name || author?.handle || t('inbox.someone', { network: networkName(network) });
  switch (action) {
    case 'follow':
    case 'unfollow':
      return t(`actions.${action}`, { name });
    case 'delete':
      return t('actions.delete', { network: networkName(network) });
    default:
      return t(`actions.${action}`);
  }
}
