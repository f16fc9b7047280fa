// How the Contact tab will look to agents.
import '../../i18n/areas/admin.gen';
import type { AttributeDefinition } from '../../api/settings-types';
import { useT } from '../../i18n/t';

export function AttributePreview({ attributes }: { readonly attributes: readonly AttributeDefinition[] }) {
  const t = useT();
  const shown = attributes.filter((each) => each.shown);
  return (
    <section
      aria-label={t('admin.preview')}
      className="w-[22rem] max-w-full rounded-slip border border-line bg-canvas p-4"
    >
      <h2 className="mb-3 text-label font-medium text-muted">{t('admin.preview')}</h2>
      {shown.length === 0 && <p className="text-muted">{t('admin.preview_empty')}</p>}
      <dl className="flex flex-col gap-3">
        {shown.map((each) => (
          <div key={each.attribute_id}>
            <dt dir="auto" className="text-label text-muted">
              {each.name}
            </dt>
            <dd>{t(`admin.example_${each.type}`)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
