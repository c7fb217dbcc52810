// Made by `pintle gen ts` from the contract `Inc`: change the contract and make it again.

export interface Deep {
  deeper?: Deep | null;
}
