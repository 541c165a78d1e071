// @stomp/stompjs as a process: reads commands and tells events, one JSON object a line each.
//
//   {"do": "open", "url": …, "sockjs": bool, "headers": {…}, "beats": [in_ms, out_ms]}
//   {"do": "subscribe", "id": …, "destination": …, "receipt": …}   remembered over reconnects
//   {"do": "unsubscribe", "id": …, "receipt": …}
//   {"do": "send", "destination": …, "receipt": …}
//   {"do": "drop"}      the network breaks
//   {"do": "close"}     DISCONNECT
import readline from 'node:readline';
import { Client } from '@stomp/stompjs';
import SockJS from 'sockjs-client';
import { WebSocket } from 'ws';

Object.assign(globalThis, { WebSocket });

const subscriptions = new Map();
let client;

const tell = (event, facts = {}) => process.stdout.write(`${JSON.stringify({ event, ...facts })}\n`);
const receipt = (id) => {
  if (id === undefined) return {};
  client.watchForReceipt(id, () => tell('receipt', { id }));
  return { receipt: id };
};
const subscribe = ({ id, destination, receipt: wanted }) =>
  client.subscribe(
    destination,
    ({ headers, body }) => tell('message', { headers, body: JSON.parse(body) }),
    { id, ...receipt(wanted) },
  );

const commands = {
  open({ url, sockjs, headers, beats = [0, 0] }) {
    client = new Client({
      ...(sockjs ? { webSocketFactory: () => new SockJS(url) } : { brokerURL: url }),
      connectHeaders: headers,
      heartbeatIncoming: beats[0],
      heartbeatOutgoing: beats[1],
      reconnectDelay: 100,
      onConnect: () => {
        for (const subscription of subscriptions.values()) subscribe(subscription);
        tell('connected', { version: client.connectedVersion });
      },
      onStompError: ({ headers, body }) => tell('error', { headers, body }),
      onWebSocketClose: ({ code, reason }) => tell('closed', { code, reason }),
      debug: (line) => line === '<<< PONG' && tell('beat'),
    });
    client.activate();
  },
  subscribe(command) {
    subscribe(command);
    subscriptions.set(command.id, { ...command, receipt: undefined });
  },
  unsubscribe({ id, receipt: wanted }) {
    subscriptions.delete(id);
    client.unsubscribe(id, receipt(wanted));
  },
  send({ destination, receipt: wanted }) {
    client.publish({ destination, body: 'x', headers: receipt(wanted) });
  },
  drop() {
    client.forceDisconnect();
  },
  async close() {
    await client.deactivate();
    tell('gone');
  },
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  await commands[command.do](command);
}
await client?.deactivate();
