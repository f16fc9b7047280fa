// A modal layer. The veil is ours and not the kit's, whose scroll lock needs inline styles, which the content
// security policy forbids; the page itself never scrolls.
import { X } from 'lucide-react';
import { Dialog as Kit } from 'radix-ui';
import { type ReactNode, useRef, useState } from 'react';
import { cx } from './cx';
import { IconButton } from './icon-button';

interface DialogProps {
  readonly title: string;
  readonly description?: string;
  /** Absent for a layer that only its own content can close. */
  readonly onClose?: () => void;
  readonly closeLabel?: string;
  /** A sheet comes in from the end of the screen and has its whole height. */
  readonly shape?: 'card' | 'sheet';
  readonly children: ReactNode;
}

const shapes = {
  card: 'inset-0 m-auto h-fit max-h-[calc(100dvh-2rem)] w-[min(32rem,calc(100vw-2rem))] rounded-slip border',
  sheet: 'inset-y-0 end-0 w-[min(40rem,100vw)] border-s',
};

/** Where the focus goes back to: an entry of a menu is gone by the time the layer closes, its menu's button is not. */
function openerOf(focused: Element | null): Element | null {
  const trigger = focused?.closest('[role=menu]')?.getAttribute('aria-labelledby');
  return trigger ? document.getElementById(trigger) : focused;
}

function returnFocus(opener: Element | null): void {
  const isThere = opener?.isConnected && opener !== document.body;
  // A layer that opened by itself has no opener; work begins in the list.
  const target = isThere
    ? opener
    : document.querySelector('[data-region=list] [tabindex="0"], header button');
  if (target instanceof HTMLElement) target.focus();
}

export function Dialog({ title, description, onClose, closeLabel, shape = 'card', children }: DialogProps) {
  const [opener] = useState(() => openerOf(document.activeElement));
  const content = useRef<HTMLDivElement>(null);
  return (
    <Kit.Root open onOpenChange={(isOpen) => !isOpen && onClose?.()}>
      <Kit.Portal>
        <div className="fade-in fixed inset-0 z-30 bg-veil" />
        <Kit.Content
          ref={content}
          onOpenAutoFocus={(event) => {
            // What the layer is about, where it says so; else the first thing in it, as the kit does.
            const first = content.current?.querySelector<HTMLElement>('[data-first]');
            if (!first) return;
            event.preventDefault();
            first.focus();
          }}
          // A field that is edited in its place is left first, and the layer only then.
          onEscapeKeyDown={(event) => {
            const { target } = event;
            if (target instanceof Element && target.closest('[data-escapes]')) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus(opener);
          }}
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={cx(
            'fade-in fixed z-40 flex flex-col border-line bg-surface shadow-overlay',
            shapes[shape],
          )}
        >
          <header className="flex items-start justify-between gap-4 px-6 pt-5 pb-3">
            <div>
              <Kit.Title className="text-title font-bold">{title}</Kit.Title>
              {description && <Kit.Description className="mt-1 text-muted">{description}</Kit.Description>}
            </div>
            {onClose && closeLabel && (
              <IconButton label={closeLabel} onClick={onClose} className="-me-2">
                <X size={18} strokeWidth={1.75} aria-hidden />
              </IconButton>
            )}
          </header>
          <div className="scroll-quiet overflow-y-auto px-6 pb-6">{children}</div>
        </Kit.Content>
      </Kit.Portal>
    </Kit.Root>
  );
}
