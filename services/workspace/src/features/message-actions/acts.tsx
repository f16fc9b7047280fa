// What we did to a message: badges for what stands, a line for what the network refused.
import '../../i18n/areas/actions.gen';
import { CircleAlert, EyeOff, Heart, Repeat2, Trash2, UserCheck } from 'lucide-react';
import type { ActName, Message, MessageAction } from '../../api/types';
import { useT } from '../../i18n/t';
import { effects, isToggle } from '../../live/acts';
import { useWished } from '../../live/select';
import { Button } from '../../ui/button';
import { cx } from '../../ui/cx';
import { type Badge, badgesOf, failuresOf } from './actions.logic';
import { failureOf, useAct } from './use-act';

const icons = { liked: Heart, hidden: EyeOff, reposted: Repeat2, following: UserCheck, deleted: Trash2 };

export function ActBadge({ badge: { name, isUnderWay } }: { readonly badge: Badge }) {
  const t = useT();
  const Icon = icons[name];
  return (
    <span
      data-act={name}
      className={cx(
        'inline-flex items-center gap-1 rounded-chip px-1.5 py-0.5 text-meta font-medium',
        name === 'hidden' ? 'bg-warn-soft text-warn' : 'bg-accent-soft text-accent',
      )}
    >
      <Icon size={12} strokeWidth={2.25} aria-hidden />
      {t(`actions.${name}`)}
      {isUnderWay && <span className="sr-only">{t('actions.under_way')}</span>}
    </span>
  );
}

interface ActsProps {
  readonly message: Message;
  readonly isActive: boolean;
}

export function ActsOfMessage({ message, isActive }: ActsProps) {
  const wished = useWished(message);
  const badges = badgesOf(message, wished);
  const failures = failuresOf(message, wished);
  return (
    <>
      {badges.length > 0 && (
        <p className="mt-2 flex flex-wrap gap-1">
          {badges.map((badge) => (
            <ActBadge key={badge.name} badge={badge} />
          ))}
        </p>
      )}
      {failures.map((name) => (
        <FailedAct key={name} message={message} name={name} isActive={isActive} />
      ))}
    </>
  );
}

function FailedAct({ message, name, isActive }: ActsProps & { readonly name: ActName }) {
  const t = useT();
  const act = useAct(message);
  const again = message.actions.find((option) => option.available && isSame(option, name));
  return (
    <p data-act-failed={name} className="mt-2 flex items-start gap-1.5 text-label text-danger">
      <CircleAlert size={14} strokeWidth={1.75} aria-hidden className="mt-0.5 shrink-0" />
      <span>
        <strong className="font-bold">
          {t(message.acts[name]?.on ? 'actions.failed_undo' : 'actions.failed', { act: name })}.
        </strong>{' '}
        {failureOf(t, message, name)}{' '}
        {again && (
          <Button look="plain" tabIndex={isActive ? 0 : -1} onClick={() => void act(again)}>
            {t('actions.again')}
          </Button>
        )}
      </span>
    </p>
  );
}

/** Of a pair the server offers the one that was tried and failed. */
function isSame({ action }: MessageAction, name: ActName): boolean {
  return isToggle(action) && effects[action].name === name;
}
