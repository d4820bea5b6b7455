// GraphQL over HTTP, as graphql-http's own audit has it: one line of JSON with its figures and what failed.
import { serverAudits } from 'graphql-http';

const [url] = process.argv.slice(2);
const failed = [];
const audits = serverAudits({ url, fetchFn: fetch });
for (const audit of audits) {
  const result = await audit.fn();
  if (result.status !== 'ok') failed.push(`${result.status} ${audit.id} ${audit.name}: ${result.reason}`);
}
console.log(JSON.stringify({ audits: audits.length, failed }));
