import { count } from "./sides.js";

/**
 * Times the sides of each comparison in turns, and prints what the first takes of the time of each. A round is `longer` times as many
 * calls where beginning one takes long itself.
 */
export async function compare(where, all, run, longer = 1) {
  for (const [title, sides] of Object.entries(all)) {
    const names = Object.keys(sides);
    const best = new Map(names.map((name) => [name, Infinity]));
    const calls = count(title) * longer;
    // Short rounds, of which some are undisturbed on a machine that does other things too.
    for (let round = 0; round < 100; round += 1) {
      for (const name of names) {
        const start = performance.now();
        await run(title, name, calls);
        const each = ((performance.now() - start) * 1000) / calls;
        // Engines take a while until they have compiled all of it.
        if (round >= 20) best.set(name, Math.min(best.get(name), each));
      }
    }
    const [mine] = best.values();
    console.log(`\n${where}: ${title}`);
    for (const [name, each] of best) console.log(`  ${name.padEnd(34)} ${each.toFixed(2).padStart(7)} µs   pintle takes ${(mine / each).toFixed(2)} of it`);
  }
}
