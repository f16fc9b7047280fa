// Administration: what holds for everybody in the organization. Supervisors see what is theirs to set.
import '../../i18n/areas/admin.gen';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useParams } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { sessionQuery } from '../../api/queries/session';
import type { Role } from '../../api/settings-types';
import { useT } from '../../i18n/t';
import { Notice } from '../../ui/notice';
import { type Section, SettingsFrame } from '../settings';
import { AuditPage } from './audit-page';
import { AwayStatesPage } from './away-states-page';
import { ChannelsPage } from './channels-page';
import { ContactAttributesPage } from './contact-attributes-page';
import { LinkShorteningPage } from './link-shortening-page';
import { PeoplePage } from './people-page';
import { useLiveSettings } from './use-live-settings';

const title = 'admin.title';

interface AdminSection extends Section {
  readonly content: () => ReactNode;
  /** Supervisors may as well. */
  readonly isSupervisors?: boolean;
}

const sections: readonly AdminSection[] = [
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
  {
    page: 'away-states',
    name: 'admin.away_states',
    group: 'admin.agent_workspace',
    content: AwayStatesPage,
    isSupervisors: true,
  },
  { page: 'channels', name: 'admin.channels', group: 'admin.channels_group', content: ChannelsPage },
  { page: 'people', name: 'admin.people', group: 'admin.organization', content: PeoplePage },
  { page: 'audit', name: 'admin.audit', group: 'admin.organization', content: AuditPage },
];

function sectionsOf(roles: readonly Role[]): readonly AdminSection[] {
  if (roles.includes('admin')) return sections;
  return roles.includes('supervisor') ? sections.filter((section) => section.isSupervisors) : [];
}

export function Administration() {
  const { page } = useParams({ from: '/admin/$page' });
  const roles = useQuery(sessionQuery).data?.session.me.roles ?? [];
  useLiveSettings();
  const current = sections.find((section) => section.page === page);
  if (!current) return <Navigate to="/admin/$page" params={{ page: 'contact-attributes' }} replace />;
  const permitted = sectionsOf(roles);
  // Whoever may only do some of it is led there from the front door.
  if (page === 'contact-attributes' && permitted[0] && !permitted.includes(current)) {
    return <Navigate to="/admin/$page" params={{ page: permitted[0].page }} replace />;
  }
  const Content = permitted.includes(current) ? current.content : Denied;
  return (
    <SettingsFrame title={title} to="/admin/$page" sections={permitted} current={current}>
      <Content key={current.page} />
    </SettingsFrame>
  );
}

function Denied() {
  const t = useT();
  return (
    <Notice icon={<Lock size={20} aria-hidden />} title={t('admin.denied')} text={t('admin.denied_text')} />
  );
}
