import '../../i18n/areas/settings.gen';
import '../../i18n/areas/admin.gen';
import { type FormEvent, useId, useState } from 'react';
import { changeChannel, channelsQuery } from '../../api/settings';
import type { ManagedChannel } from '../../api/settings-types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { FormNote, useSaving } from '../settings';

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
  const length = [...name.trim()].length;
  const isWrong = length === 0 || length > longestName;
  const saving = useSaving(
    () =>
      changeChannel(channel.channel_id, {
        display_name: name.trim(),
        auto_resolve_days: Number(days),
        rev: channel.rev,
      }),
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
        <FormNote error={saving.error} />
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
