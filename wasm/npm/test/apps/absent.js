// Instead of what workerd has not: guests that are compiled when they are needed, packages of Node.js, its HTTP server.

import { absent } from "./node-test.js";

export const guest = () => absent("compiles a guest");
export const [imports, texts, OK] = [guest, guest, ""];
export const tool = (name) => absent(`needs the package ${name}`);
export const createServer = () => absent("starts a server of Node.js");
