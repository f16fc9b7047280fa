// Stands in for polyfills of language features that every supported browser has had for years.
export const nothing = null;
