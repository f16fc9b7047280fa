import parseTweet from 'twitter-text/dist/esm/parseTweet';

/** The weighted length by twitter-text's configuration 3, which counts text in its composed form. */
export function weightOnX(text: string): number {
  return parseTweet(text).weightedLength;
}
