// What this member was told and has not read yet: one line for each conversation.
import { Bell as BellIcon, Inbox, MessageCircle } from 'lucide-react';
import type { Notification } from '../../api/types';
import { useNow } from '../../i18n/clock';
import { formatAge } from '../../i18n/format';
import { number } from '../../i18n/icu';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { useConversation, useNotifications } from '../../live/select';
import { Menu, MenuItem, MenuLabel } from '../../ui/menu';
import { nameOf } from '../queue-list';
import { useOpen } from './use-open';

export function Bell() {
  const t = useT();
  // Whoever wants none of an event here is told of it elsewhere; while they are Away, all of it is counted.
  const notifications = useNotifications().filter((each) => each.badge_only || each.means.in_app);
  return (
    <Menu trigger={<Trigger count={notifications.length} />}>
      <MenuLabel>{t('notifications.title')}</MenuLabel>
      {/* A menu without an item would be none: this one is there to be read. */}
      {notifications.length === 0 && (
        <MenuItem isUnavailable onSelect={() => undefined}>
          {t('notifications.none')}
        </MenuItem>
      )}
      {notifications.map((notification) => (
        <Line key={notification.id} notification={notification} />
      ))}
    </Menu>
  );
}

/** The kit hands its own properties to the trigger, so they are passed on whole. */
function Trigger({ count, ...rest }: { readonly count: number }) {
  const t = useT();
  const language = useLanguage();
  const label = t('notifications.bell', { count });
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      data-notifications={count}
      className="relative inline-grid size-8 shrink-0 place-items-center rounded-control text-muted hover:bg-canvas hover:text-ink max-panes:size-9"
      {...rest}
    >
      <BellIcon size={18} strokeWidth={1.75} aria-hidden />
      {count > 0 && (
        <span
          aria-hidden
          className="absolute end-0 top-0 grid h-4 min-w-4 place-items-center rounded-full bg-accent px-1 font-mono text-[calc(10rem/14)]/none font-bold text-on-accent"
        >
          {number(language, count)}
        </span>
      )}
    </button>
  );
}

function Line({ notification }: { readonly notification: Notification }) {
  const t = useT();
  const language = useLanguage();
  const open = useOpen();
  const { conversation_id: conversation } = notification;
  const row = useConversation(conversation ?? '');
  const now = useNow();
  const age = notification.at === null ? '' : ` · ${formatAge(language, notification.at, now)}`;
  const Icon = notification.kind === 'assigned_to_you' ? Inbox : MessageCircle;
  return (
    <MenuItem
      icon={<Icon size={16} strokeWidth={1.75} aria-hidden />}
      hint={conversation === null ? age.slice(3) : `${t(`notifications.${notification.kind}`)}${age}`}
      onSelect={() => open(notification)}
    >
      {conversation === null ? (
        t(`notifications.${notification.kind}`)
      ) : (
        <bdi>{row ? nameOf(language, row) : t('notifications.a_conversation')}</bdi>
      )}
    </MenuItem>
  );
}
