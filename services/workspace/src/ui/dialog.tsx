// A modal layer. The veil is ours and not the kit's, whose scroll lock needs inline styles, which the content
// security policy forbids; the page itself never scrolls.
import { X } from 'lucide-react';
import { Dialog as Kit } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { IconButton } from './icon-button';

interface DialogProps {
  readonly title: string;
  readonly description?: string;
  /** Absent for a layer that only its own content can close. */
  readonly onClose?: () => void;
  readonly closeLabel?: string;
  readonly children: ReactNode;
}

/** An entry of a menu is gone by the time the layer closes; its menu's button is not. */
function returnFocus(opener: Element | null): void {
  const target = opener?.isConnected ? opener : document.querySelector('[aria-haspopup=menu]');
  if (target instanceof HTMLElement) target.focus();
}

export function Dialog({ title, description, onClose, closeLabel, children }: DialogProps) {
  const [opener] = useState(() => document.activeElement);
  return (
    <Kit.Root open onOpenChange={(isOpen) => !isOpen && onClose?.()}>
      <Kit.Portal>
        <div className="fade-in fixed inset-0 z-30 bg-veil" />
        <Kit.Content
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus(opener);
          }}
          {...(description ? {} : { 'aria-describedby': undefined })}
          className="fade-in fixed inset-0 z-40 m-auto flex h-fit max-h-[calc(100dvh-2rem)] w-[min(32rem,calc(100vw-2rem))] flex-col rounded-slip border border-line bg-surface shadow-overlay"
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
