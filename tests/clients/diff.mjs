// What of a schema has changed since another one, as graphql-inspector has it: node diff.mjs OLD NEW; one line of JSON, broken things first.
import { readFileSync } from 'node:fs';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

const [old, current] = process.argv.slice(2).map((path) => buildSchema(readFileSync(path, 'utf8')));
const changes = await diff(old, current);
const of = (level) => changes.filter((one) => one.criticality.level === level).map((one) => one.message);
console.log(JSON.stringify({
  breaking: of(CriticalityLevel.Breaking),
  dangerous: of(CriticalityLevel.Dangerous),
  others: of(CriticalityLevel.NonBreaking).length,
}));
