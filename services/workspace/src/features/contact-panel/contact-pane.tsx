// Where the contact stands: a third column where there is room for it, else a sheet that comes when it is asked for.
import '../../i18n/areas/contact.gen';
import { X } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { Conversation } from '../../api/types';
import { focusRegionNamed } from '../../a11y/regions';
import { useCommands } from '../../commands/dispatcher';
import { useT } from '../../i18n/t';
import { toggleContact, useIsContactShown } from '../../settings/panes';
import { ErrorBoundary } from '../../ui/error-boundary';
import { IconButton } from '../../ui/icon-button';
import { lazyPart } from '../../ui/lazy-part';
import { contactFits, useMedia } from '../../ui/use-media';

const ContactPanel = lazyPart(() => import('./contact-panel').then((part) => part.ContactPanel));
const ContactSheet = lazyPart(() => import('./contact-sheet').then((part) => part.ContactSheet));

export interface ContactPlace {
  readonly isShown: boolean;
  readonly toggle: () => void;
  readonly isColumn: boolean;
}

export function useContactPlace(): ContactPlace {
  const isColumn = useMedia(contactFits);
  const isWanted = useIsContactShown();
  const [isSheetOpen, setIsSheetOpen] = useState(false);
  const toggle = (): void => {
    if (!isColumn) return setIsSheetOpen((isOpen) => !isOpen);
    const holdsFocus = document.activeElement?.closest('[data-region=contact]');
    toggleContact();
    if (holdsFocus) focusRegionNamed('timeline');
  };
  useCommands({ 'contact.toggle': toggle });
  return { isShown: isColumn ? isWanted : isSheetOpen, toggle, isColumn };
}

interface ContactPaneProps {
  readonly row: Conversation;
  readonly place: ContactPlace;
}

export function ContactPane({ row: now, place: { isShown, toggle, isColumn } }: ContactPaneProps) {
  const t = useT();
  // The story is drawn first: who writes follows when that is on the screen.
  const row = useDeferredValue(now);
  if (!isShown) return null;
  if (!isColumn) return <ContactSheet row={row} onClose={toggle} />;
  return (
    <aside
      aria-label={t('contact.title')}
      data-region="contact"
      className="scroll-quiet w-77 shrink-0 overflow-y-auto border-s border-line bg-surface"
    >
      <header className="flex min-h-15 items-center justify-between gap-2 border-b border-line ps-4 pe-2">
        <h2 className="text-title font-bold">{t('contact.title')}</h2>
        <IconButton label={t('contact.hide')} onClick={toggle}>
          <X size={18} strokeWidth={1.75} aria-hidden />
        </IconButton>
      </header>
      <ErrorBoundary resetKey={row.contact.id}>
        <ContactPanel key={row.contact.id} row={row} />
      </ErrorBoundary>
    </aside>
  );
}
