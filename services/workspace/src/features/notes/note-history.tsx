// How a note read before it was edited.
import '../../i18n/areas/notes.gen';
import { useQuery } from '@tanstack/react-query';
import { getNoteVersions } from '../../api/story';
import type { Note } from '../../api/story-types';
import { formatMoment } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { Dialog } from '../../ui/dialog';
import { Failure } from '../../ui/failure';
import { Skeleton } from '../../ui/skeleton';

interface NoteHistoryProps {
  readonly note: Note;
  readonly onClose: () => void;
}

export function NoteHistory({ note, onClose }: NoteHistoryProps) {
  const t = useT();
  const language = useLanguage();
  const { data, error, refetch } = useQuery({
    queryKey: ['note-versions', note.note_id, note.rev],
    queryFn: () => getNoteVersions(note.note_id),
    staleTime: 0,
  });
  return (
    <Dialog title={t('notes.history')} onClose={onClose} closeLabel={t('shell.close')}>
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <div role="status" aria-label={t('notes.loading')} className="late flex flex-col gap-3 py-2">
          <Skeleton className="h-3 w-2/5" />
          <Skeleton className="h-4 w-4/5" />
        </div>
      ) : (
        <ol className="flex flex-col gap-3">
          {data.toReversed().map((version) => (
            <li
              key={version.at}
              className="rounded-e-control border-s-3 border-note-line bg-note px-3 py-2 text-note-ink"
            >
              <p className="text-meta">
                {t('notes.version', { name: version.name, time: formatMoment(language, version.at) })}
              </p>
              <p dir="auto" className="mt-1 text-start wrap-anywhere whitespace-pre-wrap">
                {version.text}
              </p>
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}
