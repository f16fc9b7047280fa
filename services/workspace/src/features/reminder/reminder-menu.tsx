// Beside Pending: until when. On what is Pending or Resolved it stands alone.
import '../../i18n/areas/reminder.gen';
import { AlarmClock, AlarmClockOff, CalendarClock, ChevronDown } from 'lucide-react';
import { useState } from 'react';
import type { Conversation } from '../../api/types';
import { useCommands } from '../../commands/dispatcher';
import { useNow } from '../../i18n/clock';
import { formatDue } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { type Translate, useT } from '../../i18n/t';
import { cx } from '../../ui/cx';
import { lazyPart } from '../../ui/lazy-part';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../../ui/menu';
import { inMinutes, presets } from './reminder.logic';
import { useReminder } from './use-reminder';

const ReminderDialog = lazyPart(() => import('./reminder-dialog').then((part) => part.ReminderDialog));

export function nameOfPreset(t: Translate, minutes: number): string {
  return minutes < 60
    ? t('reminder.in_minutes', { count: minutes })
    : t('reminder.in_hours', { count: minutes / 60 });
}

export function ReminderMenu({ row }: { readonly row: Conversation }) {
  const t = useT();
  const [isOpen, setIsOpen] = useState(false);
  const [isChoosing, setIsChoosing] = useState(false);
  const reminder = useReminder(row);
  useCommands({ reminder: () => setIsOpen(true) });
  return (
    <>
      <Menu
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        trigger={<Trigger isSplit={row.state === 'new'} isSet={Boolean(row.reminder)} />}
      >
        <MenuLabel>{t('reminder.menu')}</MenuLabel>
        {isOpen && <Presets onChoose={reminder.set} />}
        <MenuItem
          icon={<CalendarClock size={16} strokeWidth={1.75} aria-hidden />}
          onSelect={() => setIsChoosing(true)}
        >
          {t('reminder.choose')}
        </MenuItem>
        {row.reminder && <Cancel due={row.reminder.due_at} onCancel={reminder.cancel} />}
      </Menu>
      {isChoosing && <ReminderDialog row={row} onSet={reminder.set} onClose={() => setIsChoosing(false)} />}
    </>
  );
}

/** Each says what it comes to, by the clock at the moment of opening. */
function Presets({ onChoose }: { readonly onChoose: (due: string) => void }) {
  const t = useT();
  const language = useLanguage();
  const [now] = useState(() => Date.now());
  return presets.map((minutes) => (
    <MenuItem
      key={minutes}
      icon={<AlarmClock size={16} strokeWidth={1.75} aria-hidden />}
      hint={formatDue(language, inMinutes(minutes, now), now)}
      onSelect={() => onChoose(inMinutes(minutes, Date.now()))}
    >
      {nameOfPreset(t, minutes)}
    </MenuItem>
  ));
}

function Cancel({ due, onCancel }: { readonly due: string; readonly onCancel: () => void }) {
  const t = useT();
  const language = useLanguage();
  const now = useNow();
  return (
    <>
      <MenuLine />
      <MenuItem
        icon={<AlarmClockOff size={16} strokeWidth={1.75} aria-hidden />}
        hint={t('reminder.set_for', { time: formatDue(language, due, now) })}
        onSelect={onCancel}
      >
        {t('reminder.cancel')}
      </MenuItem>
    </>
  );
}

interface TriggerProps {
  readonly isSplit: boolean;
  readonly isSet: boolean;
}

/** The kit hands its own properties to the trigger, so they are passed on whole. */
function Trigger({ isSplit, isSet, ...rest }: TriggerProps) {
  const t = useT();
  const label = t('reminder.menu');
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      data-opens="reminder"
      className={cx(
        'inline-flex h-8 items-center justify-center gap-1 border border-line-strong bg-surface px-1.5 hover:bg-canvas max-panes:h-11 max-panes:px-3',
        isSplit ? 'rounded-e-control border-s-0' : 'rounded-control px-2',
        isSet ? 'text-pending' : 'text-ink',
      )}
      {...rest}
    >
      {!isSplit && <AlarmClock size={16} strokeWidth={1.75} aria-hidden />}
      <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
    </button>
  );
}
