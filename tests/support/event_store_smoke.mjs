// The embedded node through the JavaScript client: node event_store_smoke.mjs URI. Prints one JSON object.
// Run in a folder with @eventstore/db-client installed.
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "package.json"));
const { EventStoreDBClient, jsonEvent, NO_STREAM, ANY, WrongExpectedVersionError, persistentSubscriptionToStreamSettingsFromDefaults } =
  require("@eventstore/db-client");

const client = EventStoreDBClient.connectionString(process.argv[2]);
const stream = `js-${Date.now()}`;
const events = [0, 1, 2].map((n) => jsonEvent({ type: "Happened", data: { n } }));
const result = {};

result.appended = Number((await client.appendToStream(stream, events, { expectedRevision: NO_STREAM })).nextExpectedRevision);
try {
  await client.appendToStream(stream, jsonEvent({ type: "Happened", data: { n: 9 } }), { expectedRevision: NO_STREAM });
} catch (error) {
  result.wrong = error instanceof WrongExpectedVersionError;
}
result.pipelined = (
  await Promise.all([3, 4, 5].map((n) => client.appendToStream(stream, jsonEvent({ type: "Happened", data: { n } }), { expectedRevision: ANY })))
).length;
result.read = [];
for await (const { event } of client.readStream(stream)) result.read.push(event.data.n);
result.sameId = false;
for await (const { event } of client.readStream(stream, { maxCount: 1 })) result.sameId = event.id === events[0].id;
result.filtered = 0;
const { streamNameFilter } = require("@eventstore/db-client");
const subscription = client.subscribeToAll({ filter: streamNameFilter({ prefixes: [stream] }) });
for await (const resolved of subscription) {
  if (resolved.event && ++result.filtered === 6) break;
}
await client.createPersistentSubscriptionToStream(stream, "group", persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: "start" }));
const group = client.subscribeToPersistentSubscriptionToStream(stream, "group");
result.group = 0;
for await (const resolved of group) {
  await group.ack(resolved);
  if (++result.group === 6) break;
}
await client.deleteStream(stream);
try {
  for await (const _ of client.readStream(stream));
} catch (error) {
  result.deleted = error.type;
}
console.log(JSON.stringify(result));
process.exit(0);
