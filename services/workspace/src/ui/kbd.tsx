import type { ReactNode } from 'react';

export function Kbd({ children }: { readonly children: ReactNode }) {
  return (
    <kbd className="inline-grid min-w-5 place-items-center rounded-chip border border-line-strong px-1 font-mono text-meta text-muted">
      {children}
    </kbd>
  );
}
