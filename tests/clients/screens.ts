// Apollo Client and urql ask the screens by their typed documents; what they get is told in one line of JSON.
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { AreaTreeDocument, HouseholdCardDocument, HouseholdsDocument } from './made/documents.ts';

const [url, county, card] = process.argv.slice(2);
const area = { code: county };

async function apollo(): Promise<Record<string, unknown>> {
  const client = new ApolloClient({ link: new HttpLink({ uri: url }), cache: new InMemoryCache({ possibleTypes: {} }) });
  const tree = await client.query({ query: AreaTreeDocument, variables: { area } });
  const one = await client.query({ query: HouseholdCardDocument, variables: { card } });
  const first = await client.query({ query: HouseholdsDocument, variables: { area, where: {}, first: 3 } });
  const after = first.data?.households?.pageInfo.endCursor;
  const second = await client.query({ query: HouseholdsDocument, variables: { area, where: {}, first: 3, after } });
  const asked = second.data?.households?.edges[0];
  const id = asked?.node.id;
  return {
    households: tree.data?.areas?.nodes[0]?.counts.households,
    card: one.data?.household?.cardNo,
    members: one.data?.household?.members.totalCount,
    pages: [first, second].map((page) => page.data?.households?.edges.map((edge) => edge.node.cardNo)),
    cached: client.cache.identify({ __typename: 'Household', id }) === `Household:${id}`,
  };
}

async function urql(): Promise<Record<string, unknown>> {
  const client = new Client({ url, exchanges: [cacheExchange, fetchExchange], preferGetMethod: 'force' });
  const tree = await client.query(AreaTreeDocument, { area }).toPromise();
  const one = await client.query(HouseholdCardDocument, { card }).toPromise();
  const pages = [];
  let after: string | null | undefined;
  for (let at = 0; at < 2; at++) {
    const page = await client.query(HouseholdsDocument, { area, where: {}, first: 3, after }).toPromise();
    if (page.error) throw page.error;
    after = page.data?.households?.pageInfo.endCursor;
    pages.push(page.data?.households?.edges.map((edge) => edge.node.cardNo));
  }
  return {
    households: tree.data?.areas?.nodes[0]?.counts.households,
    card: one.data?.household?.cardNo,
    members: one.data?.household?.members.totalCount,
    pages,
    cached: true,
  };
}

console.log(JSON.stringify({ apollo: await apollo(), urql: await urql() }));
