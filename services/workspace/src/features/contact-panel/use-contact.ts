import '../../i18n/areas/contact.gen';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { getAttributeDefinitions, getContact, putAttribute } from '../../api/story';
import type { AttributeValue, ContactDetails } from '../../api/story-types';
import { useContactStamp, useFeed } from '../../live/select';

/** A contact that is being edited elsewhere tells of itself often; it is read once for all of it. */
const pause = 400;

export const definitionsQuery = queryOptions({
  queryKey: ['settings', 'contact-attributes'],
  queryFn: getAttributeDefinitions,
  staleTime: Number.POSITIVE_INFINITY,
});

const contactKey = (id: string) => ['contact', id] as const;

export function useContact(id: string) {
  const client = useQueryClient();
  const feed = useFeed();
  const stamp = useContactStamp(id);
  useEffect(() => {
    if (stamp === 0) return;
    const timer = setTimeout(() => void client.invalidateQueries({ queryKey: contactKey(id) }), pause);
    return () => clearTimeout(timer);
  }, [client, id, stamp]);
  useEffect(
    () => feed.settingsChanged.on(() => void client.invalidateQueries(definitionsQuery)),
    [client, feed],
  );
  const contact = useQuery({ queryKey: contactKey(id), queryFn: () => getContact(id), staleTime: 0 });
  const definitions = useQuery(definitionsQuery);
  return {
    details: contact.data,
    definitions: definitions.data,
    error: contact.error ?? definitions.error,
    retry: () => {
      if (contact.error) void contact.refetch();
      if (definitions.error) void definitions.refetch();
    },
  };
}

export interface Change {
  readonly value: string | null;
  /** The revision that it takes the place of. */
  readonly rev: number;
}

export function useChangeAttribute(contact: string, attribute: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ value, rev }: Change) => putAttribute(contact, attribute, value, rev),
    onSuccess: (saved) =>
      client.setQueryData<ContactDetails>(contactKey(contact), (known) => known && withValue(known, saved)),
    // What stands now is what the refusal was about.
    onError: () => client.invalidateQueries({ queryKey: contactKey(contact) }),
  });
}

function withValue(details: ContactDetails, saved: AttributeValue): ContactDetails {
  const others = details.attributes.filter((each) => each.attribute_id !== saved.attribute_id);
  return { ...details, attributes: [...others, saved] };
}
