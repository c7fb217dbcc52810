// Stores for guests, apart: few who load this package have any.

export * from "../store.js";
