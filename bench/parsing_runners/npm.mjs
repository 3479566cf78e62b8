// The same with whatsapp-chat-parser; with a second argument also writes what it read there.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const { parseString } = createRequire(process.cwd() + "/")("whatsapp-chat-parser");
const start = process.cpuUsage();
const began = performance.now();
const messages = parseString(readFileSync(process.argv[2], "utf8"));
const wall = (performance.now() - began) / 1e3;
const { user, system } = process.cpuUsage(start);
const cpu = (user + system) / 1e6;
const peak = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ cpu, wall, messages: messages.length, peak_mb: peak }));
if (process.argv[3]) {
  const two = (n) => String(n).padStart(2, "0");
  const clock = (d) =>
    `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T` +
    `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
  const rows = messages.map((m) => [clock(m.date), m.author, m.message]);
  writeFileSync(process.argv[3], JSON.stringify(rows));
}
