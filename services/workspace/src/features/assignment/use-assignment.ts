// Who answers a conversation, changed by hand. The row comes back as a frame, so nothing is guessed here.
import '../../i18n/areas/assignment.gen';
import { useMutation } from '@tanstack/react-query';
import { assignConversation, takeConversation, unassignConversation } from '../../api/gateway';
import { ApiProblem } from '../../api/http';
import type { ConversationId } from '../../api/types';
import { type Translate, useT } from '../../i18n/t';
import { showToast } from '../../ui/toasts';

export { teamQuery } from '../../api/queries/team';

/** Why it was refused: in our words where the reason is a known one, else in the server's. */
export function refusalOf(t: Translate, error: unknown): string {
  if (!(error instanceof ApiProblem)) return t('state.failed_network');
  switch (error.code) {
    case 'at_hard_limit':
      return t('assignment.at_hard_limit');
    case 'owned_by_another':
      return t('assignment.already_owned');
    default:
      return error.message;
  }
}

type Change =
  { readonly to: 'me' } | { readonly to: 'nobody' } | { readonly to: 'member'; readonly member: string };

export function useAssign(id: ConversationId) {
  const t = useT();
  return useMutation({
    mutationFn: (change: Change) => {
      if (change.to === 'me') return takeConversation(id);
      return change.to === 'nobody' ? unassignConversation(id) : assignConversation(id, change.member);
    },
    onError: (error) =>
      showToast({
        id: 'assignment',
        title: t('assignment.refused'),
        text: refusalOf(t, error),
        tone: 'danger',
        lasts: 8_000,
      }),
  });
}
