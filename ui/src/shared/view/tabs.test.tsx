import { fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { Tabs } from './tabs';

function Three() {
  const [chosen, setChosen] = useState('one');
  return <Tabs tabs={['one', 'two', 'three']} chosen={chosen} onChoose={setChosen} />;
}

const chosen = () => screen.getByRole('tab', { selected: true });
const press = (key: string) => fireEvent.keyDown(chosen(), { key });

test('the arrows choose the next one, round the end, and take the focus along', () => {
  render(<Three />);
  for (const [key, name] of [
    ['ArrowRight', 'two'],
    ['ArrowRight', 'three'],
    ['ArrowRight', 'one'],
    ['ArrowLeft', 'three'],
    ['Home', 'one'],
    ['End', 'three'],
  ] as const) {
    press(key);
    expect(chosen().textContent).toBe(name);
    expect(document.activeElement).toBe(chosen());
  }
});

test('the Tab key stops once, at the chosen one', () => {
  render(<Three />);
  press('ArrowRight');
  expect(screen.getAllByRole('tab').map(({ tabIndex }) => tabIndex)).toEqual([-1, 0, -1]);
});

test('other keys are left to the page', () => {
  render(<Three />);
  expect(press('b')).toBe(true);
  expect(chosen().textContent).toBe('one');
});
