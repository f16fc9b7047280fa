// Personal preferences: what a member sets for themselves.
import '../../i18n/areas/settings.gen';
import { Navigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Section, SettingsFrame } from '../settings';
import { AccountPage } from './account-page';
import { AppearancePage } from './appearance-page';
import { GeneralPage } from './general-page';
import { KeyboardPage } from './keyboard-page';
import { NotificationsPage } from './notifications-page';

const title = 'settings.preferences';

const sections: readonly (Section & { readonly content: () => ReactNode })[] = [
  { page: 'general', name: 'settings.general', content: GeneralPage },
  { page: 'appearance', name: 'settings.appearance', content: AppearancePage },
  { page: 'notifications', name: 'settings.notifications', content: NotificationsPage },
  { page: 'keyboard', name: 'settings.keyboard', content: KeyboardPage },
  { page: 'account', name: 'settings.account', content: AccountPage },
];

export function Preferences() {
  const { page } = useParams({ from: '/me/$page' });
  const current = sections.find((section) => section.page === page);
  if (!current) return <Navigate to="/me/$page" params={{ page: 'general' }} replace />;
  const Content = current.content;
  return (
    <SettingsFrame title={title} to="/me/$page" sections={sections} current={current}>
      <Content key={current.page} />
    </SettingsFrame>
  );
}
