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

/** Longest reopen window, in hours: a year. */
const longestWindow = 8760;

interface ChannelDialogProps {
  readonly channel: ManagedChannel;
  readonly onClose: () => void;
}

/** `null`: as the installation says. */
const chosenHours = (typed: string): number | null => (typed.trim() === '' ? null : Number(typed));

export function ChannelDialog({ channel, onClose }: ChannelDialogProps) {
  const t = useT();
  const [name, setName] = useState(channel.display_name);
  const [days, setDays] = useState(String(channel.auto_resolve_days));
  const [hours, setHours] = useState(String(channel.reopen_window_hours ?? ''));
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
        reopen_window_hours: chosenHours(hours),
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
        <QuietField days={days} onChange={setDays} />
        <WindowField hours={hours} onChange={setHours} />
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

interface QuietFieldProps {
  readonly days: string;
  readonly onChange: (days: string) => void;
}

function QuietField({ days, onChange }: QuietFieldProps) {
  const t = useT();
  return (
    <Field
      label={t('admin.auto_resolve_days')}
      type="number"
      min={0}
      max={3650}
      value={days}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface WindowFieldProps {
  /** Empty: as the installation says. */
  readonly hours: string;
  readonly onChange: (hours: string) => void;
}

function WindowField({ hours, onChange }: WindowFieldProps) {
  const t = useT();
  const id = useId();
  return (
    <div>
      <Field
        label={t('admin.reopen_window_hours')}
        type="number"
        min={0}
        max={longestWindow}
        value={hours}
        aria-describedby={id}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={id} className="mt-1 text-label text-muted">
        {t('admin.reopen_window_hint')}
      </p>
    </div>
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
