/** A field for an amount: text, nudged by the arrows, ten steps at a time with Shift. */

import { type KeyboardEvent, useId } from 'react';
import { nudged } from '../../shared/amounts/amounts';

interface AmountFieldProps {
  label: string;
  unit: string;
  value: string;
  step: string;
  name: string;
  onChange: (value: string) => void;
}

const TYPED = /^\d{0,12}(\.\d{0,8})?$/;
const MANY = 10;

export function AmountField({ label, unit, value, step, name, onChange }: AmountFieldProps) {
  const id = useId();
  const nudge = (event: KeyboardEvent) => {
    const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (!direction) return;
    event.preventDefault();
    onChange(nudged(value, step, direction * (event.shiftKey ? MANY : 1)));
  };
  return (
    <div className="amount-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => TYPED.test(event.target.value) && onChange(event.target.value)}
        onKeyDown={nudge}
      />
      <span aria-hidden="true">{unit}</span>
    </div>
  );
}
