// S29: the connected accounts, what they are called here, and who may see them.
import '../../i18n/areas/admin.gen';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { channelsQuery } from '../../api/settings';
import type { ManagedChannel } from '../../api/settings-types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Failure } from '../../ui/failure';
import { networkName } from '../../ui/icons/network-glyph';
import { Skeleton } from '../../ui/skeleton';
import { ChannelDialog } from './channel-dialog';

export function ChannelsPage() {
  const t = useT();
  const { data, error, refetch } = useQuery(channelsQuery);
  const [edited, setEdited] = useState<ManagedChannel | null>(null);
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-64" />;
  return (
    <>
      <p className="mb-4 text-muted">{t('admin.channels_hint')}</p>
      <ul aria-label={t('admin.channels')} className="border-t border-line">
        {data.map((channel) => (
          <Line key={channel.channel_id} channel={channel} onEdit={() => setEdited(channel)} />
        ))}
      </ul>
      {edited && <ChannelDialog channel={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function Line({ channel, onEdit }: { readonly channel: ManagedChannel; readonly onEdit: () => void }) {
  const t = useT();
  const days = channel.auto_resolve_days;
  const hours = channel.reopen_window_hours;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-3">
      <div className="min-w-48 flex-1">
        <p dir="auto" className="font-medium break-words">
          {channel.display_name}
        </p>
        <p className="text-label text-muted">
          {networkName(channel.network)} · <bdi>@{channel.handle}</bdi>
          {channel.simulated && ` · ${t('admin.simulated')}`}
        </p>
      </div>
      <div className="min-w-40 text-label text-muted">
        <p>{t(channel.restricted ? 'admin.access_restricted' : 'admin.access_open')}</p>
        <p>{days === 0 ? t('admin.auto_resolve_never') : t('admin.auto_resolve_after', { count: days })}</p>
        {hours !== null && (
          <p>{hours === 0 ? t('admin.reopen_never') : t('admin.reopen_within', { count: hours })}</p>
        )}
      </div>
      <Health channel={channel} />
      <Button aria-label={t('admin.edit', { name: channel.display_name })} onClick={onEdit}>
        {t('admin.edit_short')}
      </Button>
    </li>
  );
}

function Health({ channel }: { readonly channel: ManagedChannel }) {
  const t = useT();
  return channel.health === 'connected' ? (
    <p className="flex items-center gap-1 text-label text-ok">
      <CircleCheck size={14} strokeWidth={2} aria-hidden />
      {t('admin.health_connected')}
    </p>
  ) : (
    <p className="flex items-center gap-1 text-label text-danger">
      <CircleAlert size={14} strokeWidth={2} aria-hidden />
      {t('admin.health_disconnected')}
    </p>
  );
}
