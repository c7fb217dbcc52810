// Made by `pintle gen ts` from the contract `std`: change the contract and make it again.

export const type_ = ["first", "second"] as const;
export type type_ = (typeof type_)[number];
