// S26: who makes the short links of replies: Guichet itself, or the organization's Bitly account.
import '../../i18n/areas/settings.gen';
import '../../i18n/areas/admin.gen';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { linksQuery, putLinks, testLink } from '../../api/settings';
import type { Bitly, LinkProvider, LinkSettings, TestLink } from '../../api/settings-types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { ChoiceGroup } from '../../ui/choice-group';
import { Failure } from '../../ui/failure';
import { SelectField } from '../../ui/select-field';
import { Skeleton } from '../../ui/skeleton';
import { showToast } from '../../ui/toasts';
import { FormNote, useSaving } from '../settings';
import { BitlyAccount } from './bitly-account';

export function LinkShorteningPage() {
  const { data, error, refetch } = useQuery(linksQuery);
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-64" />;
  return (
    <div className="flex flex-col gap-8">
      <BitlyAccount bitly={data.bitly} />
      <Provider key={data.rev} settings={data} />
      <Test />
    </div>
  );
}

function Provider({ settings }: { readonly settings: LinkSettings }) {
  const t = useT();
  const { bitly } = settings;
  const [provider, setProvider] = useState<LinkProvider>(settings.provider);
  const [group, setGroup] = useState(bitly.group ?? bitly.groups[0]?.guid ?? '');
  const [domain, setDomain] = useState(bitly.domain ?? '');
  const saving = useSaving(
    () =>
      putLinks({
        provider,
        group: provider === 'bitly' ? group || null : null,
        domain: provider === 'bitly' ? domain || null : null,
        rev: settings.rev,
      }),
    linksQuery.queryKey,
    // Said in passing, because this section begins anew with what was saved.
    () => showToast({ id: 'links', title: t('settings.saved'), lasts: 4_000 }),
  );
  return (
    <section className="flex flex-col items-start gap-4 border-t border-line pt-6">
      <ChoiceGroup
        legend={t('admin.provider')}
        name="provider"
        value={provider}
        options={[
          {
            value: 'built_in' as const,
            label: t('admin.provider_built_in'),
            hint: t('admin.provider_built_in_hint', { domain: settings.domain }),
          },
          {
            value: 'bitly' as const,
            label: t('admin.provider_bitly'),
            hint: t('admin.provider_bitly_hint'),
          },
        ]}
        onChange={setProvider}
      />
      {provider === 'bitly' && bitly.connected && (
        <Group bitly={bitly} group={group} domain={domain} onGroup={setGroup} onDomain={setDomain} />
      )}
      <div className="flex flex-wrap items-center gap-4">
        <Button look="primary" aria-disabled={saving.isPending} onClick={() => saving.mutate(undefined)}>
          {t('settings.save')}
        </Button>
        <FormNote error={saving.error} />
      </div>
    </section>
  );
}

interface GroupProps {
  readonly bitly: Bitly;
  readonly group: string;
  readonly domain: string;
  readonly onGroup: (group: string) => void;
  readonly onDomain: (domain: string) => void;
}

function Group({ bitly, group, domain, onGroup, onDomain }: GroupProps) {
  const t = useT();
  const domains = bitly.groups.find((each) => each.guid === group)?.domains ?? [];
  return (
    <div className="grid w-full max-w-[28rem] gap-4">
      <SelectField
        label={t('admin.bitly_group')}
        value={group}
        options={bitly.groups.map((each) => ({ value: each.guid, label: each.name }))}
        onChange={onGroup}
      />
      <SelectField
        label={t('admin.bitly_domain')}
        value={domain}
        options={[
          { value: '', label: t('admin.bitly_domain_default') },
          ...domains.map((each) => ({ value: each, label: each })),
        ]}
        onChange={onDomain}
      />
    </div>
  );
}

function Test() {
  const t = useT();
  const [made, setMade] = useState<TestLink | null>(null);
  const test = useSaving(testLink, linksQuery.queryKey, setMade);
  return (
    <section className="flex flex-col items-start gap-3 border-t border-line pt-6">
      <h2 className="text-title font-bold">{t('admin.test_link')}</h2>
      <Button aria-disabled={test.isPending} onClick={() => test.mutate(undefined)}>
        {t('admin.test_link_make')}
      </Button>
      <FormNote error={test.error} />
      {made && (
        <p role="status">
          {t('admin.test_link_made', { provider: t(`admin.provider_${made.provider}`) })}{' '}
          <a href={made.short_url} target="_blank" rel="noreferrer" className="text-accent underline">
            <bdi>{made.short_url}</bdi>
          </a>
          {made.fallback_reason && (
            <span className="block text-warn">
              {t('admin.test_link_fallback', { reason: made.fallback_reason })}
            </span>
          )}
        </p>
      )}
    </section>
  );
}
