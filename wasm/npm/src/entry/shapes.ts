// What reads by the shapes of contracts, apart: few pages need it.

export * from "../shapes.js";
