// Apollo Client with its usual cache: several answers of one question are asked at once; what its cache then has of each is told.
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';

const [url, text] = process.argv.slice(2);
const client = new ApolloClient({ link: new HttpLink({ uri: url }), cache: new InMemoryCache() });
const query = gql(text);
await client.query({ query });
console.log(JSON.stringify(client.readQuery({ query })));
