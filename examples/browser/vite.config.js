export default {
  // The module is an asset beside the package's code: it must stay where it is.
  optimizeDeps: { exclude: ["pintle"] },
  // What is shared with the other examples lies outside, and uses this one's package.
  resolve: { dedupe: ["pintle"] },
  server: { fs: { allow: [".."] } },
  build: { target: "es2022" },
  worker: { format: "es" },
};
