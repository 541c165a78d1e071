/** How the components are called and grouped on the screen, and what each is there for. */

import type { ComponentHealth } from './health-report';

export interface ComponentName {
  readonly label: string;
  readonly purpose: string;
}

export interface ComponentGroup {
  readonly title: string;
  readonly components: readonly ComponentHealth[];
}

const SERVERS: ReadonlyMap<string, ComponentName> = new Map(
  Object.entries({
    mysql: { label: 'MySQL', purpose: 'Ledger, orders and users' },
    rabbitmq: { label: 'RabbitMQ', purpose: 'Commands' },
    kafka: { label: 'Kafka', purpose: 'Events' },
    redis: { label: 'Redis', purpose: 'Market data and limits' },
    mongo: { label: 'MongoDB', purpose: 'Audit trail' },
    temporal: { label: 'Temporal', purpose: 'Workflows' },
  }),
);

const PROCESSES: ReadonlyMap<string, ComponentName> = new Map(
  Object.entries({
    matching: { label: 'Matching', purpose: 'Order books' },
    wallet: { label: 'Wallet', purpose: 'Reserve, release, settle' },
    orders: { label: 'Orders', purpose: 'Order sagas' },
    relay: { label: 'Relay', purpose: 'Fills to rows and sagas' },
    'market-data': { label: 'Market data', purpose: 'Market depth' },
    audit: { label: 'Audit', purpose: 'Records every event' },
  }),
);

export function componentName(name: string): ComponentName {
  return SERVERS.get(name) ?? PROCESSES.get(name) ?? { label: name, purpose: '' };
}

/** Servers and processes, each in the order above; what is new here follows the processes. */
export function groupComponents(components: readonly ComponentHealth[]): ComponentGroup[] {
  const servers = components.filter(({ name }) => SERVERS.has(name));
  const processes = components.filter(({ name }) => !SERVERS.has(name));
  return [
    { title: 'Servers', components: inOrderOf(SERVERS, servers) },
    { title: 'Processes', components: inOrderOf(PROCESSES, processes) },
  ].filter((group) => group.components.length > 0);
}

function inOrderOf(
  names: ReadonlyMap<string, ComponentName>,
  components: readonly ComponentHealth[],
): ComponentHealth[] {
  const order = [...names.keys()];
  const rank = ({ name }: ComponentHealth) =>
    names.has(name) ? order.indexOf(name) : order.length;
  return components.toSorted((a, b) => rank(a) - rank(b));
}
