// What can be done to the selected conversations, below the list so that no row moves when it comes; then how far it
// is, and what became of it.
import '../../i18n/areas/lists.gen';
import { CheckCheck, Clock, RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import type { BulkAction } from '../../api/lists';
import type { ConversationId } from '../../api/types';
import { useCommands } from '../../commands/dispatcher';
import { useT } from '../../i18n/t';
import type { List } from '../../live/list';
import { useBulk, useFeed } from '../../live/select';
import { Button } from '../../ui/button';
import { IconButton } from '../../ui/icon-button';
import { BulkOutcome } from './bulk-outcome';
import { BulkOwner } from './bulk-owner';
import type { RowSelection } from './use-selection';

interface BulkBarProps {
  readonly list: List;
  readonly selection: RowSelection;
}

export function BulkBar({ list, selection }: BulkBarProps) {
  const bulk = useBulk();
  if (bulk?.isRunning || (bulk && selection.selected.length === 0)) {
    return <BulkOutcome bulk={bulk} queue={list.queue} />;
  }
  return selection.selected.length > 0 ? <Actions list={list} selection={selection} /> : null;
}

function Actions({ list: { queue }, selection }: BulkBarProps) {
  const t = useT();
  const { bulk } = useFeed();
  const [isAssigning, setIsAssigning] = useState(false);
  const run = (action: BulkAction) => () => {
    void bulk.run(selection.selected as readonly ConversationId[], action);
    // What became of it takes the place of what was selected.
    selection.none();
  };
  const isResolved = queue === 'resolved';
  useCommands(
    {
      back: selection.none,
      ...(!isResolved && {
        'state.pending': run({ to: 'pending' }),
        'state.resolve': run({ to: 'resolved' }),
        assign: () => setIsAssigning(true),
      }),
      'state.reopen': run({ to: 'new' }),
    },
    true,
  );
  return (
    <section
      aria-label={t('lists.selection')}
      data-bulk="actions"
      className="fade-in relative shrink-0 border-t border-line bg-surface px-3 py-2"
    >
      <div className="flex items-center gap-2">
        <p role="status" className="tabular min-w-0 flex-1 font-bold">
          {t('lists.selected', { count: selection.selected.length })}
        </p>
        <IconButton label={t('lists.unselect')} onClick={selection.none}>
          <X size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
      </div>
      <div className="mt-1 flex flex-wrap gap-2">
        {isResolved ? (
          <Button onClick={run({ to: 'new' })}>
            <RotateCcw size={16} strokeWidth={1.75} aria-hidden />
            {t('lists.reopen')}
          </Button>
        ) : (
          <>
            <Button onClick={run({ to: 'pending' })}>
              <Clock size={16} strokeWidth={1.75} aria-hidden />
              {t('lists.pending')}
            </Button>
            <Button onClick={run({ to: 'resolved' })}>
              <CheckCheck size={16} strokeWidth={1.75} aria-hidden />
              {t('lists.resolve')}
            </Button>
            <BulkOwner isOpen={isAssigning} onOpen={setIsAssigning} onAssign={run} />
          </>
        )}
      </div>
    </section>
  );
}
