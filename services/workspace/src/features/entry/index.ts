export { Entry } from './entry';
