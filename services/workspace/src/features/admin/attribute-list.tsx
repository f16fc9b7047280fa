// The attributes in the admin's order: switched on and off one by one, moved by drag or by buttons and saved together.
import '../../i18n/areas/settings.gen';
import '../../i18n/areas/admin.gen';
import { attributesQuery, changeAttribute, orderAttributes } from '../../api/settings';
import type { AttributeDefinition, AttributeDefinitions } from '../../api/settings-types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { showToast } from '../../ui/toasts';
import { FormNote, useSaving } from '../settings';
import { OrderedRow } from './ordered-row';
import { type RowPlace, useOrder } from './use-order';

const idOf = (definition: AttributeDefinition): string => definition.attribute_id;

interface AttributeListProps {
  readonly definitions: AttributeDefinitions;
  readonly onEdit: (definition: AttributeDefinition) => void;
}

export function AttributeList({ definitions, onEdit }: AttributeListProps) {
  const t = useT();
  const { order, isMoved, rowAt, restore } = useOrder(definitions.attributes, idOf);
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
          <Row
            key={kept.attribute_id}
            definition={current.get(kept.attribute_id) ?? kept}
            {...rowAt(place)}
            onTurn={turning.mutate}
            onEdit={onEdit}
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

interface RowProps extends RowPlace {
  readonly definition: AttributeDefinition;
  readonly onTurn: (definition: AttributeDefinition) => void;
  readonly onEdit: (definition: AttributeDefinition) => void;
}

function Row({ definition, onTurn, onEdit, ...place }: RowProps) {
  const t = useT();
  const { name } = definition;
  return (
    <OrderedRow
      {...place}
      name={name}
      hint={t(`admin.type_${definition.type}`)}
      switchLabel={t('admin.attribute_shown', { name })}
      isOn={definition.shown}
      onTurn={() => onTurn(definition)}
      onEdit={() => onEdit(definition)}
    />
  );
}
