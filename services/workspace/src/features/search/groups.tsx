import '../../i18n/areas/search.gen';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Piece, SearchResults } from '../../api/search';
import type { ConversationId, ConversationState, Instant } from '../../api/types';
import { formatMoment, formatShortMoment } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { networkName } from '../../ui/icons/network-glyph';
import { StateChip } from '../../ui/state-chip';

export function Groups({ pages }: { readonly pages: readonly SearchResults[] }) {
  const t = useT();
  return (
    <>
      <Group name={t('search.contacts')}>
        {pages
          .flatMap((page) => page.contacts)
          .map(({ contact, last_conversation_id: last, snippet }) => (
            <Hit
              key={contact.id}
              conversation={last}
              state={null}
              at={null}
              title={<Pieces of={snippet} />}
            />
          ))}
      </Group>
      <Group name={t('search.conversations')}>
        {pages
          .flatMap((page) => page.conversations)
          .map(({ row, marks }) => (
            <Hit
              key={row.id}
              conversation={row.id}
              state={row.state}
              at={row.last_activity_at}
              title={<Pieces of={marks.name} />}
              text={<Pieces of={marks.snippet} />}
            />
          ))}
      </Group>
      <Group name={t('search.messages')}>
        {pages
          .flatMap((page) => page.messages)
          .map(({ message, conversation, snippet }) => (
            <Hit
              key={message.id}
              conversation={conversation.id}
              state={conversation.state}
              at={message.network_time}
              title={
                message.author
                  ? t('search.message_by', {
                      name: message.author.name,
                      network: networkName(message.network),
                    })
                  : networkName(message.network)
              }
              text={<Pieces of={snippet} />}
            />
          ))}
      </Group>
    </>
  );
}

interface GroupProps {
  readonly name: string;
  readonly children: readonly ReactNode[];
}

function Group({ name, children }: GroupProps) {
  if (children.length === 0) return null;
  return (
    <section className="mt-6">
      <h2 className="mb-1 text-title font-bold">{name}</h2>
      <ul className="border-t border-line">{children}</ul>
    </section>
  );
}

interface HitProps {
  readonly conversation: ConversationId;
  /** Null where it is not told. */
  readonly state: ConversationState | null;
  readonly at: Instant | null;
  readonly title: ReactNode;
  readonly text?: ReactNode;
}

function Hit({ conversation, state, at, title, text }: HitProps) {
  const language = useLanguage();
  return (
    <li className="border-b border-line">
      <Link
        to="/inbox/$queue/c/$conversation"
        params={{ queue: state === 'resolved' ? 'resolved' : 'all', conversation }}
        className="hairline-focus block py-2 hover:bg-canvas"
      >
        <span className="flex items-center gap-3">
          <span dir="auto" className="min-w-0 flex-1 truncate text-start font-medium">
            {title}
          </span>
          {state && <StateChip state={state} />}
          {at && (
            <span className="tabular shrink-0 text-meta text-muted" title={formatMoment(language, at)}>
              {formatShortMoment(language, at)}
            </span>
          )}
        </span>
        {text && (
          <span dir="auto" className="mt-0.5 line-clamp-2 block text-start text-muted">
            {text}
          </span>
        )}
      </Link>
    </li>
  );
}

function Pieces({ of }: { readonly of: readonly Piece[] }) {
  let start = 0;
  return of.map(({ text, hit }) => {
    const key = `from ${start}`;
    start += text.length;
    return hit ? (
      <mark key={key} className="bg-accent-soft font-bold text-accent">
        {text}
      </mark>
    ) : (
      <span key={key}>{text}</span>
    );
  });
}
