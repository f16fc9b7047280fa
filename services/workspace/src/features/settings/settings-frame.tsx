// A page of settings: its sections at the start, one of them beside it. Narrow screens show the sections above.
import '../../i18n/areas/settings.gen';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { type PlainKey, useT } from '../../i18n/t';
import { ErrorBoundary } from '../../ui/error-boundary';

export interface Section {
  readonly page: string;
  readonly name: PlainKey;
  /** What it stands under; the same one after another makes one group. */
  readonly group?: PlainKey;
}

interface SettingsFrameProps {
  readonly title: PlainKey;
  readonly to: '/me/$page' | '/admin/$page';
  readonly sections: readonly Section[];
  readonly current: Section;
  readonly children: ReactNode;
}

export function SettingsFrame({ title, to, sections, current, children }: SettingsFrameProps) {
  const t = useT();
  const name = t(current.name);
  useEffect(() => {
    document.title = t('settings.page_title', { page: name });
  }, [t, name]);
  return (
    <div className="flex h-full min-h-0 max-panes:flex-col">
      <nav
        aria-label={t(title)}
        data-region="list"
        className="scroll-quiet w-64 shrink-0 overflow-y-auto border-e border-line bg-canvas p-3 max-panes:w-auto max-panes:border-e-0 max-panes:border-b"
      >
        <p className="px-3 pt-2 pb-3 text-title font-bold max-panes:pb-1">{t(title)}</p>
        <ul className="flex flex-col gap-0.5 max-panes:flex-row max-panes:flex-wrap">
          {sections.map((section, place) => (
            <li key={section.page}>
              {section.group && section.group !== sections[place - 1]?.group && (
                <p className="px-3 pt-3 pb-1 text-meta font-medium text-muted max-panes:hidden">
                  {t(section.group)}
                </p>
              )}
              <Link
                to={to}
                params={{ page: section.page }}
                aria-current={section.page === current.page ? 'page' : undefined}
                className="flex min-h-9 items-center rounded-control px-3 hover:bg-surface aria-[current]:bg-accent-soft aria-[current]:font-bold aria-[current]:text-accent max-panes:min-h-11"
              >
                {t(section.name)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <main data-region="timeline" className="scroll-quiet min-w-0 flex-1 overflow-y-auto bg-surface">
        <div className="mx-auto max-w-[56rem] px-8 py-6 max-panes:px-4">
          <h1 className="mb-4 text-page font-bold">{name}</h1>
          <ErrorBoundary resetKey={current.page}>{children}</ErrorBoundary>
        </div>
      </main>
    </div>
  );
}
