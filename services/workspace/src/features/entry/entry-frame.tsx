import '../../i18n/areas/entry.gen';
import { type ReactNode, useEffect } from 'react';
import { useT } from '../../i18n/t';
import { Mark } from '../../ui/icons/mark';

interface EntryFrameProps {
  readonly title: string;
  readonly intro?: string;
  readonly children: ReactNode;
}

export function EntryFrame({ title, intro, children }: EntryFrameProps) {
  const t = useT();
  useEffect(() => {
    document.title = `${title} · ${t('shell.product')}`;
  }, [title, t]);
  return (
    <main className="grid min-h-dvh place-items-center overflow-y-auto bg-canvas px-4 py-8">
      <div className="w-full max-w-[28rem]">
        <div className="mb-6 flex items-center gap-3">
          <Mark size={40} />
          <p className="text-page font-bold">{t('shell.product')}</p>
        </div>
        <div className="rounded-slip border border-line bg-surface p-6">
          <h1 className="mb-2 text-title font-bold">{title}</h1>
          {intro && <p className="mb-4 text-muted">{intro}</p>}
          {children}
        </div>
      </div>
    </main>
  );
}
