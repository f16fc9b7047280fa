// X's own published rules for texts: how long one is, and where its addresses are.
import extractUrls from 'twitter-text/dist/esm/extractUrls';
import parseTweet from 'twitter-text/dist/esm/parseTweet';

/** The weighted length by twitter-text's configuration 3, which counts text in its composed form. */
export function weightOnX(text: string): number {
  return parseTweet(text).weightedLength;
}

/** Those that say how they are spoken to; a bare name is shown as it is. */
export function addressesOnX(text: string): string[] {
  return extractUrls(text).filter((address) => /^https?:\/\//i.test(address));
}
