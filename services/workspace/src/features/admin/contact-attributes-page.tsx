// S28: which attributes the Contact tab shows and in which order. What is changed here is seen by everybody at once.
import '../../i18n/areas/admin.gen';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { attributesQuery } from '../../api/settings';
import type { AttributeDefinition } from '../../api/settings-types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Failure } from '../../ui/failure';
import { Skeleton } from '../../ui/skeleton';
import { AttributeDialog } from './attribute-dialog';
import { AttributeList } from './attribute-list';
import { AttributePreview } from './attribute-preview';

export function ContactAttributesPage() {
  const t = useT();
  const { data, error, refetch } = useQuery(attributesQuery);
  const [edited, setEdited] = useState<AttributeDefinition | 'new' | null>(null);
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-64" />;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-muted">{t('admin.attributes_hint')}</p>
      <div className="flex flex-wrap items-start gap-8">
        <div className="min-w-72 flex-1">
          <AttributeList
            // Another order from the server begins anew; what is switched on or off does not.
            key={data.attributes.map((each) => each.attribute_id).join(' ')}
            definitions={data}
            onEdit={setEdited}
          />
          <Button className="mt-4" onClick={() => setEdited('new')}>
            <Plus size={16} strokeWidth={1.75} aria-hidden />
            {t('admin.attribute_add')}
          </Button>
        </div>
        <AttributePreview attributes={data.attributes} />
      </div>
      {edited && (
        <AttributeDialog definition={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
    </div>
  );
}
