/** The frame that every panel has: a heading, room for controls, a body that scrolls by itself. */

import { type ReactNode, useId } from 'react';

interface PanelProps {
  title: string;
  controls?: ReactNode;
  children: ReactNode;
  className?: string;
}

export function Panel({ title, controls, children, className = '' }: PanelProps) {
  const heading = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={heading}>
      <header className="panel-head">
        <h2 id={heading}>{title}</h2>
        {controls}
      </header>
      <div className="panel-body">{children}</div>
    </section>
  );
}
