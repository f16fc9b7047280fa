// The question itself.
import { CircleCheck, Coffee } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { AvailabilityChoice } from '../../api/types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { useAwayStates, useChangeAvailability, useChangeDefault } from './use-availability';

export function FirstChoiceCard({ onDone }: { readonly onDone: () => void }) {
  const t = useT();
  const states = useAwayStates();
  const change = useChangeAvailability();
  const setDefault = useChangeDefault();
  const [isEveryTime, setIsEveryTime] = useState(true);
  const choose = (availability: AvailabilityChoice, state: string | null = null): void => {
    onDone();
    change.mutate({ availability, away_state_id: state, keep_conversations: false });
    if (isEveryTime) setDefault.mutate(availability);
  };
  return (
    <Dialog
      title={t('availability.first_title')}
      description={t('availability.first_text')}
      onClose={onDone}
      closeLabel={t('availability.first_skip')}
    >
      <div className="mt-1 grid grid-cols-2 gap-3 max-panes:grid-cols-1">
        <Way
          icon={<CircleCheck size={20} strokeWidth={1.75} aria-hidden className="text-ok" />}
          name={t('availability.available')}
          hint={t('availability.available_hint')}
          isFirst
          onChoose={() => choose('available')}
        />
        <Way
          icon={<Coffee size={20} strokeWidth={1.75} aria-hidden className="text-warn" />}
          name={t('availability.away')}
          hint={t('availability.away_hint')}
          onChoose={() => choose('away')}
        />
      </div>
      {states.length > 0 && (
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <span className="text-label text-muted">{t('availability.away_for')}</span>
          {states.map((state) => (
            <Button key={state.id} onClick={() => choose('away', state.id)}>
              <bdi>{state.name}</bdi>
            </Button>
          ))}
        </div>
      )}
      <label className="mt-4 flex min-h-6 items-center gap-3">
        <input
          type="checkbox"
          checked={isEveryTime}
          onChange={(event) => setIsEveryTime(event.target.checked)}
          className="size-4.5 accent-accent"
        />
        {t('availability.every_time')}
      </label>
    </Dialog>
  );
}

interface WayProps {
  readonly icon: ReactNode;
  readonly name: string;
  readonly hint: string;
  readonly isFirst?: boolean;
  readonly onChoose: () => void;
}

function Way({ icon, name, hint, isFirst = false, onChoose }: WayProps) {
  return (
    <button
      type="button"
      data-first={isFirst || undefined}
      onClick={onChoose}
      className="flex flex-col items-start gap-1 rounded-slip border border-line-strong bg-surface p-4 text-start hover:border-accent hover:bg-accent-soft"
    >
      <span className="flex items-center gap-2 text-title font-bold">
        {icon}
        {name}
      </span>
      <span className="text-label text-muted">{hint}</span>
    </button>
  );
}
