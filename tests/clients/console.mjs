// What the console's boot.js opens GraphiQL with, run as a browser runs it: argv: address of /graphql, what localStorage holds, the address's search.
import { readFileSync } from 'node:fs';
import vm from 'node:vm';

const [url, kept, search] = process.argv.slice(2);
const boot = new URL('../../graph_service/console/assets/boot.js', import.meta.url);
const base = new URL(url).origin;
const shown = new Promise((resolve) => {
  const GraphiQL = Object.assign(() => null, { createFetcher: (options) => options });
  const page = {
    URLSearchParams,
    GraphiQL,
    React: { createElement: (_, props) => props },
    ReactDOM: { createRoot: () => ({ render: resolve }) },
    document: { getElementById: (id) => (id === 'graphiql' ? {} : null) },
    window: { location: { search }, localStorage: { getItem: (name) => (name === 'graphiql:tabState' ? kept || null : null) } },
    fetch: (path) => fetch(base + path),
  };
  vm.runInNewContext(readFileSync(boot, 'utf8'), page);
});
const { query, variables, defaultTabs } = await shown;
// Play posts what stands in the two editors.
const answer = await fetch(url, {
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'application/json, multipart/mixed' },
  body: JSON.stringify({ query, variables: variables ? JSON.parse(variables) : undefined }),
});
console.log(JSON.stringify({ query, variables, tabs: defaultTabs, answer: await answer.json() }));
