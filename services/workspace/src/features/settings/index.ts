export { FormNote } from './form-note';
export { type Section, SettingsFrame } from './settings-frame';
export { useSaving } from './use-saving';
