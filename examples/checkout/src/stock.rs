//! How many pieces of each product are sold.

use std::collections::BTreeMap;

use crate::checkout::rpc::RpcError;
use crate::checkout::*;
use crate::kept;

/// One key for all products: what an order takes, it takes in one step.
const KEY: &str = "sold";

/// Pieces that were sold, by product.
pub(crate) type Sold = BTreeMap<String, i64>;

/// What is sold now.
pub(crate) fn sold() -> Result<Sold, RpcError> {
    Ok(kept::read(KEY)?.map(|(sold, _)| sold).unwrap_or_default())
}

/// Whether of all products enough is left for a cart. `products` say how many there were at first.
pub(crate) fn covers(products: &[Product], sold: &Sold, cart: &Cart) -> bool {
    products.iter().all(|product| quantity_in(cart, &product.product_id) <= left(product, sold))
}

pub(crate) fn left(product: &Product, sold: &Sold) -> i64 {
    product.stock - sold.get(&product.product_id).copied().unwrap_or(0)
}

/// Takes what is in a cart, all of it or nothing. Of two calls that want the last piece, one gets it.
pub(crate) fn take(products: &[Product], cart: &Cart) -> Result<(), RpcError> {
    change(|sold| {
        if !covers(products, sold, cart) {
            return Err(Error::OutOfStock.into());
        }
        add(sold, cart, 1);
        Ok(())
    })
}

/// Gives back what was taken for a cart.
pub(crate) fn give_back(cart: &Cart) -> Result<(), RpcError> {
    change(|sold| {
        add(sold, cart, -1);
        Ok(())
    })
}

fn add(sold: &mut Sold, cart: &Cart, times: i64) {
    for item in &cart.items {
        *sold.entry(item.product_id.clone()).or_default() += times * item.quantity;
    }
}

fn change(mut change: impl FnMut(&mut Sold) -> Result<(), RpcError>) -> Result<(), RpcError> {
    loop {
        let read = kept::read(KEY)?;
        let (mut sold, bytes) = read.map_or_else(Default::default, |(sold, bytes)| (sold, Some(bytes)));
        change(&mut sold)?;
        if kept::replace(KEY, bytes.as_deref(), &sold)? {
            return Ok(());
        }
    }
}

pub(crate) fn quantity_in(cart: &Cart, product_id: &str) -> i64 {
    cart.items.iter().find(|item| item.product_id == product_id).map_or(0, |item| item.quantity)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cart(quantity: i64) -> Cart {
        let item = CartItem { product_id: "desk".to_owned(), quantity, price: 1.0 };
        Cart { cart_id: String::new(), items: vec![item], subtotal: 0.0 }
    }

    #[test]
    fn what_another_call_took_meanwhile_is_seen() {
        let mut turns = 0;
        let changed = change(|sold| {
            turns += 1;
            if turns == 1 {
                kept::write(KEY, &Sold::from([("desk".to_owned(), 5)]))?;
            }
            add(sold, &cart(2), 1);
            Ok(())
        });
        changed.expect("a change");
        assert_eq!((turns, sold().expect("what is sold")["desk"]), (2, 7));
        give_back(&cart(7)).expect("a change");
        assert_eq!(sold().expect("what is sold")["desk"], 0);
    }
}
