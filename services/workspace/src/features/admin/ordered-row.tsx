import '../../i18n/areas/admin.gen';
import { ArrowDown, ArrowUp, GripVertical, Pencil } from 'lucide-react';
import { useT } from '../../i18n/t';
import { cx } from '../../ui/cx';
import { IconButton } from '../../ui/icon-button';
import { Toggle } from '../../ui/toggle';

interface OrderedRowProps {
  readonly name: string;
  readonly hint?: string;
  readonly switchLabel: string;
  readonly isOn: boolean;
  readonly place: number;
  readonly count: number;
  readonly isDragged: boolean;
  readonly onTurn: () => void;
  readonly onEdit: () => void;
  readonly onMove: (to: number) => void;
  /** The place that is dragged; null when it is let go. */
  readonly onDrag: (place: number | null) => void;
  readonly onOver: () => void;
}

/** One of a list that is switched on and off, named, and moved by drag or by buttons. */
export function OrderedRow(props: OrderedRowProps) {
  const { name, hint, place, count, isDragged, onMove, onDrag, onOver } = props;
  const t = useT();
  return (
    <li>
      {/* Dragging is the pointer's way; the buttons are everybody's. */}
      <div
        role="presentation"
        draggable
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = 'move';
          onDrag(place);
        }}
        onDragEnd={() => onDrag(null)}
        onDragOver={(event) => {
          event.preventDefault();
          onOver();
        }}
        onDrop={(event) => event.preventDefault()}
        className={cx(
          'flex min-h-12 items-center gap-2 border-b border-line',
          isDragged && 'bg-accent-soft opacity-70',
        )}
      >
        <GripVertical size={16} strokeWidth={1.75} aria-hidden className="shrink-0 cursor-grab text-muted" />
        <Toggle label={props.switchLabel} isOn={props.isOn} onTurn={props.onTurn} />
        <span className="min-w-0 flex-1 ps-1">
          <span dir="auto" className="block truncate font-medium">
            {name}
          </span>
          {hint !== undefined && <span className="block text-label text-muted">{hint}</span>}
        </span>
        <IconButton
          label={t('admin.move_up', { name })}
          aria-disabled={place === 0}
          onClick={() => place > 0 && onMove(place - 1)}
          className="aria-disabled:opacity-40"
        >
          <ArrowUp size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
        <IconButton
          label={t('admin.move_down', { name })}
          aria-disabled={place === count - 1}
          onClick={() => place < count - 1 && onMove(place + 1)}
          className="aria-disabled:opacity-40"
        >
          <ArrowDown size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
        <IconButton label={t('admin.edit', { name })} onClick={props.onEdit}>
          <Pencil size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
      </div>
    </li>
  );
}
