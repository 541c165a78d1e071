/** The frame that every panel has: a heading, room for controls, a body that scrolls by itself. */

import { createContext, type ReactNode, useContext, useId, useState } from 'react';

interface PanelProps {
  title: string;
  controls?: ReactNode;
  children: ReactNode;
  className?: string;
}

const PanelBody = createContext<HTMLElement | null>(null);

/** What scrolls what one puts into a panel; null outside of one, and before it is there. */
export function usePanelBody(): HTMLElement | null {
  return useContext(PanelBody);
}

export function Panel({ title, controls, children, className = '' }: PanelProps) {
  const heading = useId();
  const [body, setBody] = useState<HTMLElement | null>(null);
  return (
    <section className={`panel ${className}`} aria-labelledby={heading}>
      <header className="panel-head">
        <h2 id={heading}>{title}</h2>
        {controls}
      </header>
      <div className="panel-body" ref={setBody}>
        <PanelBody value={body}>{children}</PanelBody>
      </div>
    </section>
  );
}
