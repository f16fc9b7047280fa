// What is known of whoever writes: who they are on the network, what the organization keeps, what was before.
import '../../i18n/areas/contact.gen';
import { BadgeCheck, ExternalLink } from 'lucide-react';
import type { ContactProfile } from '../../api/story-types';
import type { Conversation } from '../../api/types';
import { useT } from '../../i18n/t';
import { Avatar } from '../../ui/avatar';
import { Failure } from '../../ui/failure';
import { networkName } from '../../ui/icons/network-glyph';
import { Skeleton } from '../../ui/skeleton';
import { Attributes } from './attributes';
import { ContactHistory } from './contact-history';
import { useContact } from './use-contact';

export function ContactPanel({ row }: { readonly row: Conversation }) {
  const { details, definitions, error, retry } = useContact(row.contact.id);
  if (!details || !definitions) return error ? <Failure error={error} onRetry={retry} /> : <Loading />;
  const { contact, attributes, conversations } = details;
  return (
    <>
      <Profile contact={contact} />
      <Attributes contact={contact.contact_id} definitions={definitions} values={attributes} />
      <ContactHistory current={row.id} conversations={conversations} />
    </>
  );
}

function Profile({ contact }: { readonly contact: ContactProfile }) {
  const t = useT();
  const { display_name: display, handle, network, verified, followers } = contact;
  const name = display || handle || t('inbox.someone', { network: networkName(network) });
  return (
    <div className="flex items-start gap-3 px-4 py-3">
      <Avatar name={name} network={network} />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-1 font-bold">
          <bdi className="truncate">{name}</bdi>
          {verified && (
            <BadgeCheck
              size={16}
              strokeWidth={2}
              role="img"
              aria-label={t('contact.verified')}
              className="shrink-0 text-accent"
            />
          )}
        </p>
        <p className="truncate text-label text-muted">
          {networkName(network)}
          {handle && (
            <>
              {' · '}
              <bdi>{handle}</bdi>
            </>
          )}
        </p>
        {followers !== null && (
          <p className="text-label text-muted">{t('contact.followers', { count: followers })}</p>
        )}
        <ProfileLink contact={contact} />
      </div>
    </div>
  );
}

function ProfileLink({ contact: { profile_url: url, network } }: { readonly contact: ContactProfile }) {
  const t = useT();
  if (!url || !/^https?:\/\//i.test(url) || !URL.canParse(url)) return null;
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      className="inline-flex min-h-6 items-center gap-1 text-label text-accent underline underline-offset-2"
    >
      {t('contact.profile', { network: networkName(network) })}
      <ExternalLink size={13} strokeWidth={1.75} aria-hidden className="rtl:-scale-x-100" />
      <span className="sr-only">{t('contact.new_window')}</span>
    </a>
  );
}

function Loading() {
  const t = useT();
  return (
    <div role="status" aria-label={t('contact.loading')} className="late flex flex-col gap-3 p-4">
      <div className="flex gap-3">
        <Skeleton className="size-9" />
        <div className="flex flex-1 flex-col gap-2 pt-1">
          <Skeleton className="h-3.5 w-2/3" />
          <Skeleton className="h-3 w-1/2" />
        </div>
      </div>
      <Skeleton className="mt-3 h-3 w-1/3" />
      <Skeleton className="h-4 w-4/5" />
      <Skeleton className="h-3 w-1/3" />
      <Skeleton className="h-4 w-3/5" />
    </div>
  );
}
