'use strict';
// Opens GraphiQL with a tab for each example. `?example=` opens one of them, `?query=` and `&variables=` one's own.
// The tab that is kept as the open one; none on a first visit, or where the browser keeps nothing.
function keptTab() {
  try {
    const kept = JSON.parse(window.localStorage.getItem('graphiql:tabState'));
    return kept.tabs[kept.activeTabIndex];
  } catch {
    return undefined;
  }
}

// Where only trusted documents are served, the schema is asked for by the id of one.
const send = GraphiQL.createFetcher({ url: '/graphql' });
const servesTrustedOnly = document.getElementById('notice') !== null;
const byId = { documentId: 'introspection', operationName: 'IntrospectionQuery' };
const fetcher = (params, options) =>
  send(servesTrustedOnly && params.operationName === byId.operationName ? byId : params, options);

fetch('/examples')
  .then((response) => (response.ok ? response.json() : []))
  .catch(() => [])
  .then((examples) => {
    const asked = new URLSearchParams(window.location.search);
    const tab = (one) => ({ query: one.query, variables: JSON.stringify(one.variables, null, 2) });
    const own = { query: asked.get('query'), variables: asked.get('variables') || '' };
    const named = examples.find((one) => one.name === asked.get('example'));
    const linked = own.query !== null ? own : named ? tab(named) : undefined;
    // GraphiQL puts what is linked in the place of its first tab.
    const tabs = (named ? [named, ...examples.filter((one) => one !== named)] : examples).map(tab);
    // Of the tab that it opens GraphiQL shows the query only: without its variables, Play would fail.
    const open = linked || keptTab() || tabs[0];
    const root = ReactDOM.createRoot(document.getElementById('graphiql'));
    root.render(
      React.createElement(GraphiQL, {
        fetcher,
        defaultTabs: tabs.length ? tabs : undefined,
        query: (open && open.query) || undefined,
        variables: (open && open.variables) || undefined,
        shouldPersistHeaders: false,
      }),
    );
  });
