// Relay: a paging fragment that is fetched again by `node`, an edge's connection by its cursors. Compiled by relay-compiler, run by
// relay-runtime against the service; what it has in its store is told in one line of JSON.
import { Environment, Network, RecordSource, Store, createOperationDescriptor, fetchQuery, getRequest } from 'relay-runtime';

// What a build's plugin makes of this tag is loaded below.
const graphql = () => undefined;
graphql`
  query householdsQuery($area: AreaScope!, $first: Int!, $after: String) {
    households(area: $area, first: $first, after: $after) @connection(key: "households_households") {
      totalCount
      edges { cursor node { id cardNo current { headName mainCause } ...households_members } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;
graphql`
  fragment households_members on Household
  @argumentDefinitions(first: { type: "Int", defaultValue: 2 }, after: { type: "String" })
  @refetchable(queryName: "householdsMembersQuery") {
    members(first: $first, after: $after) @connection(key: "households_members") {
      edges { relation node { personNo } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

const [url, county] = process.argv.slice(2);
const network = Network.create(async (request, variables) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: request.text, variables }),
  });
  return response.json();
});
const environment = new Environment({ network, store: new Store(new RecordSource()) });
const { default: households } = await import('../made/relay/householdsQuery.graphql.js');
const { default: members } = await import('../made/relay/householdsMembersQuery.graphql.js');

const ask = (query, variables) => fetchQuery(environment, query, variables).toPromise();
const first = await ask(households, { area: { code: county }, first: 3, after: null });
const second = await ask(households, { area: { code: county }, first: 3, after: first.households.pageInfo.endCursor });
const { id } = first.households.edges[0].node;
await ask(members, { id, first: 500, after: null });
const operation = createOperationDescriptor(getRequest(members), { id, first: 500, after: null });
const kept = environment.getStore().getSource();
console.log(JSON.stringify({
  pages: [first, second].map((page) => page.households.edges.map((edge) => edge.node.cardNo)),
  total: first.households.totalCount,
  members: kept.getRecordIDs().filter((name) => kept.get(name).__typename === 'Person').length,
  refetched: environment.check(operation).status,
}));
