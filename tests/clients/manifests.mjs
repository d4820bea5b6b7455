// The typed documents of the screens by the client preset, with the manifest that a front end's build leaves: node manifests.mjs FOLDER/ DOCUMENT…
import { generate } from '@graphql-codegen/cli';

const [folder, ...documents] = process.argv.slice(2);
await generate({
  schema: new URL('../../schema.graphql', import.meta.url).pathname,
  documents,
  silent: true,
  generates: {
    [folder]: {
      preset: 'client',
      presetConfig: { persistedDocuments: true, fragmentMasking: false },
      config: { useTypeImports: true, enumsAsTypes: true, scalars: { Date: 'string', Yuan: 'string', Rate: 'string', Shares: 'string' } },
    },
  },
});
