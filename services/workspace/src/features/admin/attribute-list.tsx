// The attributes in the admin's order: switched on and off one by one, moved by drag or by buttons and saved together.
import '../../i18n/areas/settings.gen';
import '../../i18n/areas/admin.gen';
import { useState } from 'react';
import { announce } from '../../a11y/announcer';
import { attributesQuery, changeAttribute, orderAttributes } from '../../api/settings';
import type { AttributeDefinition, AttributeDefinitions } from '../../api/settings-types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { showToast } from '../../ui/toasts';
import { FormNote, useSaving } from '../settings';
import { AttributeRow } from './attribute-row';
import { moved } from './order.logic';

interface AttributeListProps {
  readonly definitions: AttributeDefinitions;
  readonly onEdit: (definition: AttributeDefinition) => void;
}

export function AttributeList({ definitions, onEdit }: AttributeListProps) {
  const t = useT();
  const { order, isMoved, move, dragged, setDragged, dragOver, restore } = useOrder(definitions.attributes);
  const turning = useSaving(
    ({ attribute_id: id, shown, rev }: AttributeDefinition) => changeAttribute(id, { shown: !shown, rev }),
    attributesQuery.queryKey,
  );
  const ordering = useSaving(
    (ids: readonly string[]) => orderAttributes(ids, definitions.rev),
    attributesQuery.queryKey,
    () => showToast({ id: 'order', title: t('settings.saved'), lasts: 4_000 }),
  );
  const current = new Map(definitions.attributes.map((each) => [each.attribute_id, each]));
  return (
    <>
      <ul className="border-t border-line" aria-label={t('admin.contact_attributes')}>
        {order.map((kept, place) => (
          <AttributeRow
            key={kept.attribute_id}
            definition={current.get(kept.attribute_id) ?? kept}
            place={place}
            count={order.length}
            isDragged={dragged === place}
            onTurn={(definition) => turning.mutate(definition)}
            onEdit={onEdit}
            onMove={(to) => move(place, to)}
            onDrag={setDragged}
            onOver={() => dragOver(place)}
          />
        ))}
      </ul>
      <div className="mt-3 flex min-h-8 flex-wrap items-center gap-3">
        {isMoved && (
          <>
            <Button
              look="primary"
              aria-disabled={ordering.isPending}
              onClick={() => ordering.mutate(order.map((each) => each.attribute_id))}
            >
              {t('admin.order_save')}
            </Button>
            <Button onClick={restore}>{t('settings.cancel')}</Button>
          </>
        )}
        <FormNote error={ordering.error ?? turning.error} />
      </div>
    </>
  );
}

/** The order as it is being made; nothing of it is kept before it is saved. */
function useOrder(attributes: readonly AttributeDefinition[]) {
  const t = useT();
  const [order, setOrder] = useState(attributes);
  const [dragged, setDragged] = useState<number | null>(null);
  const isMoved = order.some((each, place) => each.attribute_id !== attributes[place]?.attribute_id);
  const move = (from: number, to: number): void => {
    const next = moved(order, from, to);
    setOrder(next);
    const name = order[from]?.name ?? '';
    const position = next.findIndex((each) => each === order[from]) + 1;
    // Of several moves in a row only the last place matters.
    announce(t('admin.moved', { name, position, count: order.length }), () =>
      t('admin.moved', { name, position, count: order.length }),
    );
  };
  const dragOver = (place: number): void => {
    if (dragged === null || dragged === place) return;
    setOrder(moved(order, dragged, place));
    setDragged(place);
  };
  return { order, isMoved, move, dragged, setDragged, dragOver, restore: () => setOrder(attributes) };
}
