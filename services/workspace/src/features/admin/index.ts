export { Administration } from './administration';
