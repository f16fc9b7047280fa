// S6: which events are told, and by which means.
import '../../i18n/areas/settings.gen';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import {
  notificationPreferencesQuery,
  putNotificationPreferences,
  testNotification,
} from '../../api/settings';
import {
  means,
  type Means,
  type NotificationMatrix,
  type NotificationPreferences,
  type Occasion,
  occasions,
} from '../../api/settings-types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Failure } from '../../ui/failure';
import { Skeleton } from '../../ui/skeleton';
import { showToast } from '../../ui/toasts';
import { FormNote, useSaving } from '../settings';
import { DesktopNotifications } from './desktop-notifications';

export function NotificationsPage() {
  const { data, error, refetch } = useQuery(notificationPreferencesQuery);
  if (data) {
    return (
      <div className="flex flex-col gap-8">
        <Matrix key={data.rev} preferences={data} />
        <DesktopNotifications />
      </div>
    );
  }
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  return <Skeleton className="h-64" />;
}

/** A copy of the matrix in which one box is the other way round. */
function turned(matrix: NotificationMatrix, occasion: Occasion, by: Means): NotificationMatrix {
  const row = matrix[occasion];
  return row ? { ...matrix, [occasion]: { ...row, [by]: !row[by] } } : matrix;
}

function Matrix({ preferences }: { readonly preferences: NotificationPreferences }) {
  const t = useT();
  const [matrix, setMatrix] = useState(preferences.matrix);
  const [volume, setVolume] = useState(preferences.sound.volume);
  const saving = useSaving(putNotificationPreferences, notificationPreferencesQuery.queryKey, () =>
    showToast({ id: 'preferences', title: t('settings.saved'), lasts: 4_000 }),
  );
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    saving.mutate({ matrix, sound: { volume }, rev: preferences.rev });
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col items-start gap-6">
      <p className="text-muted">{t('settings.notifications_hint')}</p>
      <Boxes preferences={preferences} matrix={matrix} onTurn={(o, by) => setMatrix(turned(matrix, o, by))} />
      <MeansNotes preferences={preferences} />
      <label className="flex items-center gap-3">
        {t('settings.volume')}
        <input
          type="range"
          min={0}
          max={100}
          step={10}
          value={volume}
          onChange={(event) => setVolume(event.target.valueAsNumber)}
          className="w-48 accent-accent"
        />
      </label>
      <div className="flex flex-wrap items-center gap-4">
        <Button look="primary" type="submit" aria-disabled={saving.isPending}>
          {t('settings.save')}
        </Button>
        <Test />
        <FormNote error={saving.error} />
      </div>
    </form>
  );
}

interface BoxesProps {
  readonly preferences: NotificationPreferences;
  readonly matrix: NotificationMatrix;
  readonly onTurn: (occasion: Occasion, by: Means) => void;
}

function Boxes({ preferences, matrix, onTurn }: BoxesProps) {
  const t = useT();
  const rows = occasions.filter((occasion) => preferences.offered[occasion]);
  return (
    <div className="w-full overflow-x-auto">
      <table className="w-full border-collapse">
        <thead>
          <tr className="border-b border-line text-start text-label text-muted">
            <th scope="col" className="py-2 text-start font-medium">
              {t('settings.event')}
            </th>
            {means.map((by) => (
              <th key={by} scope="col" className="px-3 py-2 font-medium">
                {t(`settings.means_${by}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((occasion) => (
            <tr key={occasion} className="border-b border-line">
              <th scope="row" className="py-2 pe-3 text-start font-normal">
                {t(`settings.occasion_${occasion}`)}
              </th>
              {means.map((by) => (
                <td key={by} className="px-3 py-2 text-center">
                  {preferences.offered[occasion]?.[by] ? (
                    <input
                      type="checkbox"
                      aria-label={t('settings.box', {
                        event: t(`settings.occasion_${occasion}`),
                        means: t(`settings.means_${by}`),
                      })}
                      checked={matrix[occasion]?.[by] ?? false}
                      onChange={() => onTurn(occasion, by)}
                      className="size-4.5 accent-accent"
                    />
                  ) : (
                    <span className="text-muted">–</span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What stands in the way of a means, where something does. */
function MeansNotes({ preferences }: { readonly preferences: NotificationPreferences }) {
  const t = useT();
  const notes = [
    preferences.has_push ? null : t('settings.no_push'),
    preferences.has_mail_server ? null : t('settings.no_mail_server'),
    preferences.has_mail_server && preferences.mail_address === null ? t('settings.no_mail_address') : null,
  ].filter((note) => note !== null);
  return notes.length > 0 ? (
    <ul className="text-label text-muted">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  ) : null;
}

function Test() {
  const t = useT();
  const test = useSaving(testNotification, ['notifications'], () =>
    showToast({ id: 'test', title: t('settings.tested'), lasts: 4_000 }),
  );
  return (
    <>
      <Button aria-disabled={test.isPending} onClick={() => test.mutate('in_app')}>
        {t('settings.test')}
      </Button>
      <FormNote error={test.error} />
    </>
  );
}
