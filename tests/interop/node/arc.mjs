// @azure/identity for Node on an emulated machine that Azure Arc connects: the agent's variables are set already.
//
//   node arc.mjs AUTHORITY

import { ManagedIdentityCredential } from '@azure/identity';

import { lists } from './incidents.mjs';

await lists(process.argv[2], 'arc', new ManagedIdentityCredential());
process.stdout.write('Azure Arc: @azure/identity for Node\n');
