export { keepPersonal } from './keep-personal';
export * from './push';
