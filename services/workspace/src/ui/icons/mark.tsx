/** The product's own mark: the window of a counter. */
export function Mark({ size = 20 }: { readonly size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden className="shrink-0">
      <rect width="32" height="32" rx="7" className="fill-accent" />
      <path d="M8 24v-9a8 8 0 0 1 16 0v9h-3v-9a5 5 0 0 0-10 0v9zM6 24h20v2.5H6z" className="fill-on-accent" />
    </svg>
  );
}
