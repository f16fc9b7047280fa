// One more reason for being away, or another name for one.
import '../../i18n/areas/settings.gen';
import '../../i18n/areas/admin.gen';
import { type FormEvent, useState } from 'react';
import { addAwayState, changeAwayState, managedAwayStatesQuery } from '../../api/settings';
import type { ManagedAwayState } from '../../api/settings-types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { FormNote, useSaving } from '../settings';

/** As the server takes it. */
const longest = 60;

interface AwayStateDialogProps {
  /** Null for a new one. */
  readonly state: ManagedAwayState | null;
  readonly onClose: () => void;
}

export function AwayStateDialog({ state, onClose }: AwayStateDialogProps) {
  const t = useT();
  const [name, setName] = useState(state?.name ?? '');
  const [wasTried, setWasTried] = useState(false);
  const given = name.trim();
  const isWrong = given === '' || [...given].length > longest;
  const saving = useSaving(
    () => (state ? changeAwayState(state.id, { name: given, rev: state.rev }) : addAwayState(given)),
    managedAwayStatesQuery.queryKey,
    onClose,
  );
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    if (!isWrong) saving.mutate(undefined);
  };
  return (
    <Dialog
      title={t(state ? 'admin.away_state_edit' : 'admin.away_state_add')}
      onClose={onClose}
      closeLabel={t('shell.close')}
    >
      <form noValidate onSubmit={onSubmit} className="flex flex-col gap-4">
        <Field
          label={t('admin.away_state_name')}
          data-first
          dir="auto"
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={wasTried && isWrong ? t('admin.display_name_wrong', { count: longest }) : undefined}
        />
        <FormNote error={saving.error} />
        <div className="flex justify-end">
          <Button look="primary" type="submit" aria-disabled={saving.isPending}>
            {t('settings.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
