// Typed values: how each is written in its field, checked before it is sent, and shown.
import '../../i18n/areas/contact.gen';
import type { AttributeDefinition, AttributeType, AttributeValue } from '../../api/story-types';
import { formatDate } from '../../i18n/format';
import { number, type Language } from '../../i18n/icu';
import { type PlainKey, translate } from '../../i18n/t';

export interface Attribute {
  readonly definition: AttributeDefinition;
  readonly value: AttributeValue;
}

/** What is shown, in the order that the administrator gave; what nobody has filled in has revision 0. */
export function attributesOf(
  definitions: readonly AttributeDefinition[],
  values: readonly AttributeValue[],
): Attribute[] {
  return definitions
    .filter((definition) => definition.shown)
    .toSorted((a, b) => a.position - b.position)
    .map((definition) => ({
      definition,
      value: values.find((value) => value.attribute_id === definition.attribute_id) ?? {
        attribute_id: definition.attribute_id,
        value: null,
        rev: 0,
        source: null,
        edited_by: null,
        edited_at: null,
      },
    }));
}

export function isEmpty({ value }: Attribute): boolean {
  return value.value === null || value.value === '';
}

const fields: Record<AttributeType, string> = {
  text: 'text',
  number: 'text',
  date: 'date',
  list: 'text',
  boolean: 'text',
  url: 'url',
  email: 'email',
  phone: 'tel',
};

export function fieldTypeOf(type: AttributeType): string {
  return fields[type];
}

/** The text as it is sent; null for nothing. A comma is a decimal sign as well. */
export function normalised(type: AttributeType, text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return type === 'number' ? trimmed.replace(/[\s\u202f\u00a0]/g, '').replace(',', '.') : trimmed;
}

const checks: Partial<Record<AttributeType, readonly [RegExp, PlainKey]>> = {
  number: [/^[-+]?\d+(\.\d+)?$/, 'contact.not_number'],
  url: [/^https?:\/\/[^\s]+$/i, 'contact.not_url'],
  email: [/^[^\s@]+@[^\s@]+$/, 'contact.not_email'],
  phone: [/^\+?[\d\s().-]{3,}$/, 'contact.not_phone'],
};

/** What is wrong with it; the gateway has the last word. */
export function faultOf(type: AttributeType, value: string | null): PlainKey | null {
  const check = checks[type];
  return value === null || !check || check[0].test(value) ? null : check[1];
}

export function shownOf(language: Language, type: AttributeType, value: string): string {
  switch (type) {
    case 'number':
      return Number.isFinite(Number(value)) ? number(language, Number(value)) : value;
    case 'date':
      return formatDate(language, value);
    case 'boolean':
      return translate(language, value === 'true' ? 'contact.yes' : 'contact.no');
    default:
      return value;
  }
}

/** Numbers of accounts and orders: every sign counts, so they are set in the face that tells them apart. */
export function isIdentifier(type: AttributeType, value: string): boolean {
  return type === 'phone' || (type === 'text' && /\d/.test(value) && !/\s/.test(value));
}

/** Where a value leads; null where it leads nowhere, or to what could run. */
export function addressOf(type: AttributeType, value: string): string | null {
  if (type === 'email') return `mailto:${encodeURIComponent(value).replace('%40', '@')}`;
  if (type === 'phone') return `tel:${value.replace(/[^\d+]/g, '')}`;
  if (type !== 'url' || !URL.canParse(value)) return null;
  const { protocol, href } = new URL(value);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}
