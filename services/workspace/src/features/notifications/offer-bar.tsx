// What was just handed to this member, above everything else until it is opened or goes to someone else. It never
// takes the focus: one key or one click opens it.
import { useNavigate } from '@tanstack/react-router';
import { BellRing } from 'lucide-react';
import { useEffect } from 'react';
import { announce } from '../../a11y/announcer';
import type { Conversation } from '../../api/types';
import { run, useCommands } from '../../commands/dispatcher';
import { KeyHint } from '../../commands/key-hint';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import type { Offer } from '../../live/desk';
import { useConversation, useOffers } from '../../live/select';
import { Button } from '../../ui/button';
import { kindOf, nameOf, snippetOf } from '../queue-list';

export function OfferBar() {
  const offers = useOffers();
  const [first] = offers;
  const navigate = useNavigate();
  const open = (): void => {
    if (!first) return;
    void navigate({
      to: '/inbox/$queue/c/$conversation',
      params: { queue: 'new', conversation: first.conversation },
    }).then(() => requestAnimationFrame(() => run('reply.focus')));
  };
  useCommands({
    'offer.open': () => {
      if (!first) return false;
      open();
      return true;
    },
  });
  return first ? <Bar key={first.conversation} offer={first} more={offers.length - 1} onOpen={open} /> : null;
}

interface BarProps {
  readonly offer: Offer;
  readonly more: number;
  readonly onOpen: () => void;
}

function Bar(props: BarProps) {
  const row = useConversation(props.offer.conversation);
  return row ? <KnownBar row={row} {...props} /> : null;
}

function KnownBar({ row, offer, more, onOpen }: BarProps & { readonly row: Conversation }) {
  const t = useT();
  const language = useLanguage();
  const name = nameOf(language, row);
  const title = t(`notifications.offer_${offer.reason}`, { name });
  useEffect(
    () => announce(title, (count) => t('notifications.offer_many', { count })),
    // Said once for each conversation, whatever else changes about it.
    // oxlint-disable-next-line react/exhaustive-deps
    [offer.conversation],
  );
  return (
    <section
      aria-label={t('notifications.offer')}
      data-region="offer"
      data-offer={offer.conversation}
      className="fade-in flex min-h-11 items-center gap-3 border-b border-accent bg-accent-soft px-4 py-1.5 text-accent max-panes:px-3"
    >
      <BellRing size={18} strokeWidth={1.75} aria-hidden className="shrink-0" />
      <p className="min-w-0 flex-1 truncate">
        <bdi className="font-bold">{title}</bdi>
        <span className="text-ink max-panes:hidden">
          {' · '}
          {kindOf(language, row)}
          {' · '}
          <bdi>{snippetOf(row)}</bdi>
        </span>
      </p>
      {more > 0 && (
        <span className="shrink-0 text-label max-panes:hidden">
          {t('notifications.offer_more', { count: more })}
        </span>
      )}
      <Button look="primary" onClick={onOpen} className="shrink-0">
        {t('notifications.open')}
        <KeyHint
          command="offer.open"
          className="max-panes:hidden [&_kbd]:border-on-accent/60 [&_kbd]:text-on-accent"
        />
      </Button>
    </section>
  );
}
