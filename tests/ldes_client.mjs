// Reads an event stream with ldes-client, as others do: node ldes_client.mjs FOLDER URL
// prints how many members of which type there are, and of how many quads.
const [, , folder, url] = process.argv;
const { replicateLDES } = await import(`${folder}/node_modules/ldes-client/dist/lib/client.js`);
const client = replicateLDES({ url, polling: false }, "ascending");
client.on("error", (problem) => {
  console.error(problem);
  process.exit(1);
});
const told = { members: 0, quads: 0, types: {} };
for await (const member of client.stream({ highWaterMark: 10 })) {
  const isType = (quad) => quad.subject.equals(member.id) && quad.predicate.value.endsWith("#type");
  const type = member.quads.find(isType).object.value.split("#")[1];
  told.members += 1;
  told.quads += member.quads.length;
  told.types[type] = (told.types[type] ?? 0) + 1;
}
console.log(JSON.stringify(told));
process.exit(0);
