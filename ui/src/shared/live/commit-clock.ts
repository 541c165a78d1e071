/** One clock for all that is drawn from live data: what changes together is drawn together. */

export const COMMIT_EVERY_MS = 50;

type Listener = () => void;

const listeners = new Set<Listener>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Calls the listener 20 times a second until the returned function is called. */
export function onCommit(listener: Listener): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, COMMIT_EVERY_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  for (const listener of listeners) listener();
}
