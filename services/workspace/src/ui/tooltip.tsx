import { Tooltip as Kit } from 'radix-ui';
import type { ReactNode } from 'react';

interface TooltipProps {
  readonly text: string;
  readonly children: ReactNode;
}

export function Tooltip({ text, children }: TooltipProps) {
  return (
    <Kit.Root>
      <Kit.Trigger asChild>{children}</Kit.Trigger>
      <Kit.Content
        side="right"
        sideOffset={8}
        className="fade-in z-20 rounded-control bg-ink px-2 py-1 text-label text-surface"
      >
        {text}
      </Kit.Content>
    </Kit.Root>
  );
}

export const TooltipProvider = Kit.Provider;
