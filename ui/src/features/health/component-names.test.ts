import { expect, it } from 'vitest';
import { componentName, groupComponents } from './component-names';
import type { ComponentHealth } from './health-report';

function component(name: string): ComponentHealth {
  return { name, status: 'ok', latency_ms: null, detail: null };
}

function namesByGroup(...names: string[]) {
  return groupComponents(names.map(component)).map(({ title, components }) => [
    title,
    ...components.map(({ name }) => name),
  ]);
}

it('keeps one order, whatever the order of the answer', () => {
  expect(namesByGroup('audit', 'kafka', 'matching', 'mysql')).toEqual([
    ['Servers', 'mysql', 'kafka'],
    ['Processes', 'matching', 'audit'],
  ]);
});

it('shows a component it has never heard of, by its own name, after the others', () => {
  expect(namesByGroup('constructor', 'audit')).toEqual([['Processes', 'audit', 'constructor']]);
  expect(componentName('constructor')).toEqual({ label: 'constructor', purpose: '' });
});

it('leaves out a group that is empty', () => {
  expect(namesByGroup('redis')).toEqual([['Servers', 'redis']]);
});
