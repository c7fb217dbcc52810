// How a server and a client infer their types from the map that `gen ts` writes.

type Parameters<M> = M extends { params: infer P extends unknown[] } ? P : never;
type Result<M> = M extends { result: infer R } ? R : never;

export type Server<T> = {
  [I in keyof T]: {
    [M in keyof T[I]]: (
      ...params: [...Parameters<T[I][M]>, ctx: { remote: string }]
    ) => Result<T[I][M]> | Promise<Result<T[I][M]>>;
  };
};

export type Client<T> = {
  [I in keyof T]: {
    [M in keyof T[I]]: (
      ...params: Parameters<T[I][M]>
    ) => Promise<Result<T[I][M]>>;
  };
};
