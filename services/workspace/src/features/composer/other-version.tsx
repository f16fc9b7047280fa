// What stood in the box before a newer text of another device took its place; kept for a day.
import '../../i18n/areas/composer.gen';
import { useNow } from '../../i18n/clock';
import { formatDue } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import type { Mode } from '../../drafts/drafts';
import { useDraft, useDrafts } from '../../drafts/use-draft';
import type { ConversationId } from '../../api/types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';

const kept = 24 * 60 * 60 * 1_000;

interface OtherVersionProps {
  readonly conversation: ConversationId;
  readonly mode: Mode;
}

export function OtherVersion({ conversation, mode }: OtherVersionProps) {
  const t = useT();
  const language = useLanguage();
  const now = useNow();
  const drafts = useDrafts();
  const draft = useDraft(conversation, mode);
  const { other } = draft;
  if (!other || now - other.at > kept) return null;
  const restore = (): void => {
    const replaced = draft.text.trim() === '' ? null : { text: draft.text, at: draft.updated_at };
    drafts.change(conversation, { text: other.text, other: replaced }, mode);
  };
  return (
    <p data-other-version className="flex flex-wrap items-center gap-x-3 pb-2 text-label text-muted">
      {t('composer.other_version', { time: formatDue(language, new Date(other.at).toISOString(), now) })}
      <Button look="plain" onClick={restore}>
        {t('composer.other_restore')}
      </Button>
      <Button look="plain" onClick={() => drafts.change(conversation, { other: null }, mode)}>
        {t('composer.other_drop')}
      </Button>
    </p>
  );
}
