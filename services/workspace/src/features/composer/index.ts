export { Composer } from './composer';
export { useAccepted } from './use-accepted';
