// What is known of the contact, in the order that the administrator gave.
import '../../i18n/areas/contact.gen';
import { Copy, ExternalLink, Pencil, Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { AttributeDefinition, AttributeValue } from '../../api/story-types';
import { formatMoment } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { toggleEmpty, useAreEmptyShown } from '../../settings/panes';
import { Button } from '../../ui/button';
import { cx } from '../../ui/cx';
import { IconButton } from '../../ui/icon-button';
import { useCopy } from '../message-actions';
import { AttributeEditor } from './attribute-editor';
import { addressOf, type Attribute, attributesOf, isEmpty, isIdentifier, shownOf } from './attribute.logic';

interface AttributesProps {
  readonly contact: string;
  readonly definitions: readonly AttributeDefinition[];
  readonly values: readonly AttributeValue[];
}

export function Attributes({ contact, definitions, values }: AttributesProps) {
  const t = useT();
  const areEmptyShown = useAreEmptyShown();
  const all = attributesOf(definitions, values);
  const empty = all.filter(isEmpty).length;
  const shown = areEmptyShown ? all : all.filter((attribute) => !isEmpty(attribute));
  return (
    <section aria-labelledby="contact-attributes" className="border-t border-line px-4 py-3">
      <h3 id="contact-attributes" className="mb-1 text-meta font-bold text-subtle">
        {t('contact.attributes')}
      </h3>
      {all.length === 0 && <p className="text-label text-muted">{t('contact.no_attributes')}</p>}
      <dl>
        {shown.map((attribute) => (
          <AttributeRow key={attribute.definition.attribute_id} contact={contact} attribute={attribute} />
        ))}
      </dl>
      {empty > 0 && (
        <Button look="plain" className="mt-2 text-label" onClick={toggleEmpty}>
          {areEmptyShown ? t('contact.hide_empty') : t('contact.show_empty', { count: empty })}
        </Button>
      )}
    </section>
  );
}

interface AttributeRowProps {
  readonly contact: string;
  readonly attribute: Attribute;
}

/** Milliseconds for which the focus is brought back to a row whose editing ended. */
const returnsFor = 2_000;

function AttributeRow({ contact, attribute }: AttributeRowProps) {
  const [isEditing, setIsEditing] = useState(false);
  const row = useRef<HTMLDivElement>(null);
  const { definition } = attribute;
  const wasLeftAt = useRef(Number.NEGATIVE_INFINITY);
  const leave = (): void => {
    setIsEditing(false);
    wasLeftAt.current = performance.now();
  };
  useEffect(() => {
    // The field has gone, and a moment later Add may become Edit: the focus goes to the button that is there.
    const isLost = document.activeElement === document.body || document.activeElement === null;
    if (isEditing || !isLost || performance.now() - wasLeftAt.current > returnsFor) return;
    row.current?.querySelector<HTMLElement>('[data-edits]')?.focus();
  });
  return (
    <div
      ref={row}
      data-attribute={definition.attribute_id}
      className="border-b border-line py-1.5 last:border-0"
    >
      <dt className="text-meta text-muted">
        <bdi>{definition.name}</bdi>
      </dt>
      <dd>
        {isEditing ? (
          <AttributeEditor contact={contact} attribute={attribute} onDone={leave} />
        ) : isEmpty(attribute) ? (
          <AddValue attribute={attribute} onEdit={() => setIsEditing(true)} />
        ) : (
          <ShownValue attribute={attribute} onEdit={() => setIsEditing(true)} />
        )}
      </dd>
    </div>
  );
}

interface ValueProps {
  readonly attribute: Attribute;
  readonly onEdit: () => void;
}

function AddValue({ attribute, onEdit }: ValueProps) {
  const t = useT();
  return (
    <button
      type="button"
      data-edits
      aria-label={t('contact.add_named', { name: attribute.definition.name })}
      onClick={onEdit}
      className="inline-flex min-h-7 items-center gap-1 rounded-chip text-label text-accent hover:text-accent-hover max-panes:min-h-11"
    >
      <Plus size={14} strokeWidth={1.75} aria-hidden />
      {t('contact.add')}
    </button>
  );
}

function ShownValue({ attribute, onEdit }: ValueProps) {
  const t = useT();
  const copy = useCopy();
  const { definition, value } = attribute;
  const text = value.value ?? '';
  const { name } = definition;
  return (
    <div className="flex items-start gap-1">
      <p
        title={useOrigin(value)}
        className={cx(
          'min-w-0 flex-1 py-1 text-start wrap-anywhere',
          isIdentifier(definition.type, text) && 'font-mono',
        )}
      >
        {/* Of its own direction, and yet under its name. */}
        <bdi>
          <TypedValue attribute={attribute} />
        </bdi>
      </p>
      <IconButton label={t('contact.copy_named', { name })} className={small} onClick={() => copy(text)}>
        <Copy size={14} strokeWidth={1.75} aria-hidden />
      </IconButton>
      <IconButton label={t('contact.edit_named', { name })} className={small} data-edits onClick={onEdit}>
        <Pencil size={14} strokeWidth={1.75} aria-hidden />
      </IconButton>
    </div>
  );
}

const small = 'size-7 shrink-0 max-panes:size-11';

function TypedValue({ attribute: { definition, value } }: { readonly attribute: Attribute }) {
  const t = useT();
  const language = useLanguage();
  const text = value.value ?? '';
  const address = addressOf(definition.type, text);
  const shown = shownOf(language, definition.type, text);
  if (!address) return shown;
  const isWeb = definition.type === 'url';
  return (
    <a
      dir="ltr"
      href={address}
      {...(isWeb && { target: '_blank', rel: 'noopener noreferrer nofollow' })}
      className="text-accent underline underline-offset-2 hover:text-accent-hover"
    >
      {shown}
      {isWeb && (
        <>
          <ExternalLink size={12} strokeWidth={1.75} aria-hidden className="ms-1 inline rtl:-scale-x-100" />
          <span className="sr-only"> {t('contact.new_window')}</span>
        </>
      )}
    </a>
  );
}

/** Who wrote it and when, or where it came from. */
function useOrigin({ edited_by: by, edited_at: at, source }: AttributeValue): string | undefined {
  const t = useT();
  const language = useLanguage();
  if (by && at) return t('contact.edited_by', { name: by.name, time: formatMoment(language, at) });
  return source ? t('contact.from_source', { source }) : undefined;
}
