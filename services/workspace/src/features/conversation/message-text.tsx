// What was written, as it was written: line breaks kept, its own direction, web addresses as links.
import { useMemo } from 'react';
import { directionOfText } from '../../i18n/direction';
import { partsOf, type TextPart } from './message-text.logic';

interface MessageTextProps {
  readonly text: string;
  readonly isActive: boolean;
}

export function MessageText({ text, isActive }: MessageTextProps) {
  const parts = useMemo(() => partsOf(text), [text]);
  if (text === '') return null;
  return (
    <p dir={directionOfText(text)} className="mt-1 max-w-[68ch] text-start wrap-anywhere whitespace-pre-wrap">
      {parts.map((part, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the parts of one text; their place is what they are
        <Part key={index} part={part} isActive={isActive} />
      ))}
    </p>
  );
}

function Part({ part, isActive }: { readonly part: TextPart; readonly isActive: boolean }) {
  if (part.kind === 'text') return part.text;
  // Else the sign would stand at the other end of the handle in a text that runs right to left.
  if (part.kind === 'handle') return <bdi>{part.text}</bdi>;
  return (
    <a
      dir="ltr"
      href={part.address}
      target="_blank"
      rel="noopener noreferrer nofollow"
      tabIndex={isActive ? 0 : -1}
      className="font-mono text-accent underline underline-offset-2 hover:text-accent-hover"
    >
      {part.shown}
    </a>
  );
}
