export const GOODS = ['grain', 'tools', 'cloth', 'pots']

/** An offer as its seller holds it: buyer, amount, price of all, id of the action that made it. */
export type Offer = [buyer: string, amount: number, price: number, actionId: string]

export type Trader = {
  name: string
  produces: string
  goods: Record<string, number>
  coins: number
  price: number
  offers: Offer[]
  /** Goods asked for and not answered yet. */
  bought: string[]
  welfare: number
}
