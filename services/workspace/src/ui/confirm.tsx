// Asked only before what cannot be undone.
import { Button } from './button';
import { Dialog } from './dialog';

interface ConfirmProps {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly no: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

export function Confirm({ title, text, yes, no, onYes, onNo }: ConfirmProps) {
  return (
    <Dialog title={title} description={text} onClose={onNo}>
      <p className="mt-2 flex flex-wrap justify-end gap-2">
        <Button data-first onClick={onNo}>
          {no}
        </Button>
        <Button look="danger" onClick={onYes}>
          {yes}
        </Button>
      </p>
    </Dialog>
  );
}
