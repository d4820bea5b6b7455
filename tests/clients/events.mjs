// graphql-ws and graphql-sse wait for data versions and for the progress of an import; what each was told, a line of JSON each.
import { createClient as overSockets } from 'graphql-ws';
import { createClient as overEvents } from 'graphql-sse';
import WebSocket from 'ws';

const [url] = process.argv.slice(2);
const clients = {
  ws: overSockets({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 }),
  sse: overEvents({ url, retryAttempts: 0 }),
};
for (const [name, client] of Object.entries(clients)) {
  for (const query of ['subscription { dataVersionChanged { sequence } }', 'subscription { importProgress { sequence sheet rows } }']) {
    client.subscribe({ query }, {
      next: ({ data, errors }) => console.log(JSON.stringify({ name, data, errors })),
      error: (error) => console.log(JSON.stringify({ name, error: String(error.message ?? error) })),
      complete: () => console.log(JSON.stringify({ name, complete: true })),
    });
  }
  const asked = client.iterate({ query: '{ dataVersions { sequence } }' });
  for await (const answer of asked) console.log(JSON.stringify({ name, asked: answer.data }));
}
console.log('ready');
