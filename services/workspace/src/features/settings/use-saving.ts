// One change of a setting: done, then what is shown is read again, also when somebody else was first.
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';

export function useSaving<Change, Answer>(
  save: (change: Change) => Promise<Answer>,
  touches: QueryKey,
  onDone?: (answer: Answer) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: save,
    ...(onDone && { onSuccess: onDone }),
    onSettled: () => client.invalidateQueries({ queryKey: touches }),
  });
}
