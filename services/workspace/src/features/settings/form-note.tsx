// How saving went, beside the button that did it.
import '../../i18n/areas/settings.gen';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { ApiProblem, Unreachable } from '../../api/http';
import { type Translate, useT } from '../../i18n/t';

/** The server's own sentence, but for what the workspace can say better. */
function sentenceOf(error: Error, t: Translate): string {
  if (error instanceof Unreachable) return t('settings.unreachable');
  if (error instanceof ApiProblem && error.code === 'stale') return t('settings.stale');
  if (error instanceof ApiProblem && error.code.endsWith('name_taken')) return t('settings.name_taken');
  if (error instanceof ApiProblem && error.code === 'token_void') return t('settings.token_void');
  return error.message;
}

interface FormNoteProps {
  readonly error: Error | null;
  readonly isSaved?: boolean;
}

export function FormNote({ error, isSaved = false }: FormNoteProps) {
  const t = useT();
  if (error) {
    return (
      <p role="alert" className="flex items-start gap-2 text-danger">
        <CircleAlert size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 shrink-0" />
        {sentenceOf(error, t)}
      </p>
    );
  }
  return (
    <p role="status" className="flex items-center gap-2 text-ok">
      {isSaved && (
        <>
          <CircleCheck size={16} strokeWidth={1.75} aria-hidden />
          {t('settings.saved')}
        </>
      )}
    </p>
  );
}
