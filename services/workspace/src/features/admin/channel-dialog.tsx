import '../../i18n/areas/settings.gen';
import '../../i18n/areas/admin.gen';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useRef, useState } from 'react';
import { accessQuery, changeChannel, channelsQuery, putAccess } from '../../api/settings';
import type { AccessEntry, ManagedChannel } from '../../api/settings-types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { CheckField } from '../../ui/check-field';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { FormNote, useSaving } from '../settings';
import { ChannelsAccess } from './channels-access';

/** Longest display name, in characters as people count them (product: 255). */
const longestName = 255;

interface ChannelDialogProps {
  readonly channel: ManagedChannel;
  readonly onClose: () => void;
}

export function ChannelDialog({ channel, onClose }: ChannelDialogProps) {
  const t = useT();
  const [name, setName] = useState(channel.display_name);
  const [days, setDays] = useState(String(channel.auto_resolve_days));
  const [isRestricted, setIsRestricted] = useState(channel.restricted);
  const [entries, setEntries] = useState<readonly AccessEntry[] | null>(null);
  const access = useQuery(accessQuery(channel.channel_id));
  const rev = useRef(channel.rev);
  const length = [...name.trim()].length;
  const isWrong = length === 0 || length > longestName;
  const saving = useSaving(
    async () => {
      // The list first: nobody on it is shut out in between. It is a change of the account, too, and
      // makes a newer rev, also when what comes after it fails and is tried again.
      if (entries) {
        rev.current = (await putAccess(channel.channel_id, { entries, rev: rev.current })).rev;
      }
      return changeChannel(channel.channel_id, {
        display_name: name.trim(),
        auto_resolve_days: Number(days),
        restricted: isRestricted,
        rev: rev.current,
      });
    },
    channelsQuery.queryKey,
    onClose,
  );
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isWrong) saving.mutate(undefined);
  };
  return (
    <Dialog title={t('admin.channel_edit')} onClose={onClose} closeLabel={t('shell.close')}>
      <form noValidate onSubmit={onSubmit} className="flex flex-col gap-4">
        <NameField name={name} length={length} isWrong={isWrong} onChange={setName} />
        <Field
          label={t('admin.auto_resolve_days')}
          type="number"
          min={0}
          max={3650}
          value={days}
          onChange={(event) => setDays(event.target.value)}
        />
        <CheckField
          label={t('admin.restrict')}
          hint={t('admin.restrict_hint')}
          isOn={isRestricted}
          onTurn={() => setIsRestricted(!isRestricted)}
        />
        {isRestricted && access.data && (
          <ChannelsAccess entries={entries ?? access.data.entries} onChange={setEntries} />
        )}
        <FormNote error={saving.error ?? access.error} />
        <Button look="primary" type="submit" aria-disabled={saving.isPending} className="self-end">
          {t('settings.save')}
        </Button>
      </form>
    </Dialog>
  );
}

interface NameFieldProps {
  readonly name: string;
  readonly length: number;
  readonly isWrong: boolean;
  readonly onChange: (name: string) => void;
}

function NameField({ name, length, isWrong, onChange }: NameFieldProps) {
  const t = useT();
  const id = useId();
  return (
    <div>
      <Field
        label={t('admin.display_name')}
        data-first
        dir="auto"
        value={name}
        aria-describedby={id}
        onChange={(event) => onChange(event.target.value)}
        error={isWrong ? t('admin.display_name_wrong', { count: longestName }) : undefined}
      />
      <p id={id} className="mt-1 text-end text-label text-muted tabular">
        {t('admin.display_name_counter', { length, limit: longestName })}
      </p>
    </div>
  );
}
