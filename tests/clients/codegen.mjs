// Typed documents for the screens, as a front end's build would make them: node codegen.mjs OUT DOCUMENT…
import { generate } from '@graphql-codegen/cli';

const [out, ...documents] = process.argv.slice(2);
await generate({
  schema: new URL('../../schema.graphql', import.meta.url).pathname,
  documents,
  silent: true,
  generates: {
    [out]: {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: { useTypeImports: true, scalars: { Date: 'string', Yuan: 'string', Rate: 'string', Shares: 'string' } },
    },
  },
});
