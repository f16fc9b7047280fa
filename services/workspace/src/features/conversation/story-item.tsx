// One item of the story, whatever it is.
import type { Message } from '../../api/types';
import { NoteSlip } from '../notes';
import { ActivityLine } from './activity-line';
import { DayHeading } from './day-heading';
import { MessageSlip } from './message-slip';
import type { TimelineItem } from './timeline.logic';

interface StoryItemProps {
  readonly item: TimelineItem | undefined;
  readonly messages: readonly Message[];
  readonly activeId: string | null;
  /** The message whose menu is open. */
  readonly menu: string | null;
  readonly onMenu: (id: string | null) => void;
  readonly onShow: (id: string) => void;
}

export function StoryItem({ item, messages, activeId, menu, onMenu, onShow }: StoryItemProps) {
  switch (item?.kind) {
    case 'day':
      return <DayHeading instant={item.instant} />;
    case 'message':
      return (
        <MessageSlip
          message={item.message}
          isActive={item.key === activeId}
          isMenuOpen={item.key === menu}
          onMenu={onMenu}
        />
      );
    case 'note': {
      const { note } = item;
      return (
        <NoteSlip
          note={note}
          message={messages.find((message) => message.id === note.message_id) ?? null}
          isActive={item.key === activeId}
          onShowMessage={onShow}
        />
      );
    }
    case 'activity':
      return <ActivityLine entry={item.entry} />;
    default:
      return null;
  }
}
