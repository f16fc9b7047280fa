export { aimAt, type How } from './aim';
export { textBox } from './box';
export { Composer } from './composer';
