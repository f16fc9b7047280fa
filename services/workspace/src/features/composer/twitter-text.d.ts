declare module 'twitter-text/dist/esm/parseTweet' {
  // oxlint-disable-next-line import/no-default-export -- as the package has it
  export default function parseTweet(text: string): { readonly weightedLength: number };
}

declare module 'twitter-text/dist/esm/extractUrls' {
  // oxlint-disable-next-line import/no-default-export -- as the package has it
  export default function extractUrls(text: string): string[];
}
