import { webUrl } from '../../shared/web-url';

export function HealthLinks({ temporalUi }: { temporalUi: string | null }) {
  const temporalUrl = temporalUi === null ? null : webUrl(temporalUi);
  return (
    <nav aria-label="Tools">
      <ul className="links">
        <li>
          <a href="/docs">API docs</a>
        </li>
        {temporalUrl && (
          <li>
            <a href={temporalUrl} rel="noreferrer">
              Temporal web UI
            </a>
          </li>
        )}
      </ul>
    </nav>
  );
}
