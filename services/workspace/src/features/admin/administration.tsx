// Administration: what holds for everybody in the organization.
import '../../i18n/areas/admin.gen';
import { Navigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Section, SettingsFrame } from '../settings';
import { AuditPage } from './audit-page';
import { ChannelsPage } from './channels-page';
import { ContactAttributesPage } from './contact-attributes-page';
import { LinkShorteningPage } from './link-shortening-page';
import { PeoplePage } from './people-page';

const title = 'admin.title';

const sections: readonly (Section & { readonly content: () => ReactNode })[] = [
  {
    page: 'contact-attributes',
    name: 'admin.contact_attributes',
    group: 'admin.agent_workspace',
    content: ContactAttributesPage,
  },
  {
    page: 'link-shortening',
    name: 'admin.link_shortening',
    group: 'admin.agent_workspace',
    content: LinkShorteningPage,
  },
  { page: 'channels', name: 'admin.channels', group: 'admin.channels_group', content: ChannelsPage },
  { page: 'people', name: 'admin.people', group: 'admin.organization', content: PeoplePage },
  { page: 'audit', name: 'admin.audit', group: 'admin.organization', content: AuditPage },
];

export function Administration() {
  const { page } = useParams({ from: '/admin/$page' });
  const current = sections.find((section) => section.page === page);
  if (!current) return <Navigate to="/admin/$page" params={{ page: 'contact-attributes' }} replace />;
  const Content = current.content;
  return (
    <SettingsFrame title={title} to="/admin/$page" sections={sections} current={current}>
      <Content key={current.page} />
    </SettingsFrame>
  );
}
