// Apollo Client, urql and Relay name trusted documents by the ids of their manifests; what they get is told in one line of JSON.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, fetchExchange, makeOperation } from '@urql/core';
import { Environment, Network, RecordSource, Store, fetchQuery } from 'relay-runtime';
import { map } from 'wonka';
import { HouseholdsDocument } from './made/trusted/graphql.ts';

const [url, county] = process.argv.slice(2);
const variables = { area: { code: county }, where: {}, first: 3 };
const { hash } = HouseholdsDocument.__meta__;
const sent = [];
const recorded = (address, options) => {
  sent.push(options.body ?? address.toString());
  return fetch(address, options);
};

async function apollo(generateHash) {
  const persisted = new PersistedQueryLink({ generateHash, useGETForHashedQueries: true });
  const link = ApolloLink.from([persisted, new HttpLink({ uri: url, fetch: recorded })]);
  const client = new ApolloClient({ link, cache: new InMemoryCache(), defaultOptions: { query: { errorPolicy: 'all' } } });
  const answer = await client.query({ query: HouseholdsDocument, variables });
  return answer.data?.households?.totalCount ?? answer.error.message;
}

async function urql() {
  // What @urql/exchange-persisted adds.
  const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
  const persisted = ({ forward }) => (operations) =>
    forward(map((operation) => makeOperation(operation.kind, { ...operation, extensions }))(operations));
  const client = new Client({ url, exchanges: [persisted, fetchExchange], fetch: recorded, preferGetMethod: false });
  const answer = await client.query(HouseholdsDocument, variables).toPromise();
  return answer.data?.households?.totalCount ?? answer.error.message;
}

async function relay() {
  const network = Network.create(async (request, values) => {
    const body = JSON.stringify({ doc_id: request.id, variables: values });
    return (await recorded(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json();
  });
  const environment = new Environment({ network, store: new Store(new RecordSource()) });
  const { default: query } = await import('./made/relay-persisted/householdsQuery.graphql.js');
  const values = { area: variables.area, first: 3, after: null };
  return (await fetchQuery(environment, query, values).toPromise()).households.totalCount;
}

const totals = { apollo: await apollo(() => hash), urql: await urql(), relay: await relay() };
const sentTexts = sent.filter((body) => body.includes('totalCount')).length;
console.log(JSON.stringify({ totals, sentTexts, unknown: await apollo(() => 'f'.repeat(64)) }));
