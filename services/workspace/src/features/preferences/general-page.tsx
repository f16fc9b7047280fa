// S5: what the next sign-in starts with.
import '../../i18n/areas/settings.gen';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { putDefaultAvailability } from '../../api/gateway';
import type { AvailabilityChoice } from '../../api/types';
import { useT } from '../../i18n/t';
import { useAvailability, useFeed } from '../../live/select';
import { Button } from '../../ui/button';
import { ChoiceGroup } from '../../ui/choice-group';
import { FormNote } from '../settings';

export function GeneralPage() {
  const t = useT();
  const { desk } = useFeed();
  const own = useAvailability();
  const [chosen, setChosen] = useState<AvailabilityChoice | null>(null);
  const saving = useMutation({
    mutationFn: putDefaultAvailability,
    onSuccess: (availability) => desk.setAvailability(availability),
  });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    const choice = chosen ?? own?.default_availability;
    if (choice) saving.mutate(choice);
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col items-start gap-4">
      <ChoiceGroup
        legend={t('settings.default_availability')}
        hint={t('settings.default_availability_hint')}
        name="default-availability"
        value={chosen ?? own?.default_availability ?? null}
        options={[
          { value: 'available', label: t('availability.available'), hint: t('availability.available_hint') },
          { value: 'away', label: t('availability.away'), hint: t('availability.away_hint') },
        ]}
        onChange={(value) => {
          saving.reset();
          setChosen(value);
        }}
      />
      <div className="flex flex-wrap items-center gap-4">
        <Button look="primary" type="submit" aria-disabled={saving.isPending}>
          {t('settings.save')}
        </Button>
        <FormNote error={saving.error} isSaved={saving.isSuccess} />
      </div>
    </form>
  );
}
