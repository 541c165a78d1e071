import type { Tone } from './health-summary';

/** A shape per tone, so that the status can be read without its colour. */
const SHAPES: Readonly<Record<Tone, string>> = {
  good: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM5 8.2l2.1 2.1L11.2 6',
  warn: 'M8 2L15 14H1zM8 6.3v3.6M8 11.9v.1',
  bad: 'M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  unknown: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM8 4.6V8l2.2 1.6',
};

export function StatusSign({ tone }: { tone: Tone }) {
  return (
    <svg className="sign" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={SHAPES[tone]} />
    </svg>
  );
}
