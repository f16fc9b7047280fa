export { NoteSlip } from './note-slip';
