// Where one stands and since when, at the top of every screen; its menu changes it.
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import type { AwayState, OwnAvailability } from '../../api/types';
import { useCommands } from '../../commands/dispatcher';
import { useNow } from '../../i18n/clock';
import { formatAge } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { useAvailability } from '../../live/select';
import { cx } from '../../ui/cx';
import { Menu, MenuChoice, MenuLine } from '../../ui/menu';
import { Skeleton } from '../../ui/skeleton';
import { HandBack } from './hand-back';
import { nameOfState, useAwayStates, useChangeAvailability, useChangeDefault } from './use-availability';

const plainAway = 'away';

export function AvailabilityMenu() {
  const own = useAvailability();
  return own ? <KnownAvailability own={own} /> : <Skeleton className="late h-7 w-36 max-panes:h-9" />;
}

function KnownAvailability({ own }: { readonly own: OwnAvailability }) {
  const states = useAwayStates();
  const [isOpen, setIsOpen] = useState(false);
  const [leaving, setLeaving] = useState<string | null>(null);
  const change = useChangeAvailability();
  useCommands({ availability: () => setIsOpen(true) });
  const go = (value: string, keepsConversations: boolean): void =>
    change.mutate({
      availability: value === 'available' ? 'available' : 'away',
      away_state_id: value === 'available' || value === plainAway ? null : value,
      keep_conversations: keepsConversations,
    });
  const choose = (value: string): void => {
    // Leaving with work on the desk asks what becomes of it; between two ways of being away nothing does.
    if (value !== 'available' && own.availability === 'available' && own.load > 0) setLeaving(value);
    else go(value, false);
  };
  return (
    <>
      <Menu trigger={<Trigger own={own} states={states} />} isOpen={isOpen} onOpenChange={setIsOpen}>
        <Content own={own} states={states} onChoose={choose} />
      </Menu>
      {leaving !== null && (
        <HandBack
          count={own.load}
          onClose={() => setLeaving(null)}
          onChoose={(keeps) => {
            setLeaving(null);
            go(leaving, keeps);
          }}
        />
      )}
    </>
  );
}

interface OwnProps {
  readonly own: OwnAvailability;
  readonly states: readonly AwayState[];
}

function useTimeInState(own: OwnAvailability): string {
  const now = useNow();
  const language = useLanguage();
  return own.since === null ? '' : formatAge(language, own.since, now);
}

/** The kit hands its own properties to the trigger, so they are passed on whole. */
function Trigger({ own, states, ...rest }: OwnProps) {
  const t = useT();
  const age = useTimeInState(own);
  const name = nameOfState(t, own, states);
  const isAvailable = own.availability === 'available';
  return (
    <button
      type="button"
      data-availability={own.availability}
      className="flex h-7 max-w-64 items-center gap-2 rounded-full border border-line-strong bg-surface px-3 font-bold hover:bg-canvas max-panes:h-9"
      {...rest}
    >
      <span
        aria-hidden
        className={cx(
          'size-2 shrink-0 rounded-full',
          isAvailable ? 'bg-ok' : 'border-2 border-warn bg-transparent',
        )}
      />
      <span className="sr-only">{t('availability.yours')}</span>
      <span className="truncate">{name}</span>
      <span className="tabular shrink-0 text-label font-normal text-muted max-panes:hidden">{age}</span>
      <ChevronDown size={16} strokeWidth={1.75} aria-hidden className="shrink-0" />
    </button>
  );
}

interface ContentProps extends OwnProps {
  readonly onChoose: (value: string) => void;
}

function Content({ own, states, onChoose }: ContentProps) {
  const t = useT();
  const age = useTimeInState(own);
  const setDefault = useChangeDefault();
  return (
    <>
      <div className="px-2 pt-2 pb-1">
        <p className="font-bold">{t('availability.since', { state: nameOfState(t, own, states), age })}</p>
        <p className="text-label text-muted">
          {t('availability.load', { load: own.load, capacity: own.capacity })}
        </p>
      </div>
      <MenuLine />
      <MenuChoice
        label={t('availability.now')}
        value={own.availability === 'available' ? 'available' : (own.away_state_id ?? plainAway)}
        closes
        options={[
          { value: 'available', label: t('availability.available'), hint: t('availability.available_hint') },
          { value: plainAway, label: t('availability.away'), hint: t('availability.away_hint') },
          ...states.map((state) => ({ value: state.id, label: <bdi>{state.name}</bdi> })),
        ]}
        onChange={onChoose}
      />
      <MenuLine />
      <MenuChoice
        label={t('availability.default')}
        value={own.default_availability ?? 'none'}
        options={[
          { value: 'available', label: t('availability.available') },
          { value: 'away', label: t('availability.away') },
        ]}
        onChange={(value) => setDefault.mutate(value === 'available' ? 'available' : 'away')}
      />
    </>
  );
}
