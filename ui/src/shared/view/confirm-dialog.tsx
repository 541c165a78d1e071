/**
 * Asks before something is done that is not undone by a click. The browser's own modal dialog:
 * the keyboard stays in it, Escape closes it, and the focus returns to where it was.
 */

import { type FormEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import './confirm-dialog.css';

interface ConfirmDialogProps {
  title: string;
  /** What the button that does it says. */
  action: string;
  children: ReactNode;
  onConfirm: (form: FormData) => void;
  onClose: () => void;
}

export function ConfirmDialog({ title, action, children, onConfirm, onClose }: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const confirm = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onConfirm(new FormData(event.currentTarget));
    onClose();
  };
  return (
    <dialog ref={dialog} className="confirm" aria-labelledby={heading} onClose={onClose}>
      <form onSubmit={confirm}>
        <h2 id={heading}>{title}</h2>
        {children}
        <div className="choices">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit">{action}</button>
        </div>
      </form>
    </dialog>
  );
}
