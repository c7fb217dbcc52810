//! Tickets: the one legal way to answer a call.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// The right to answer one call once, in its own exchange. Dropping it fails the call.
#[derive(Debug)]
pub struct Ticket {
    link: Arc<Link>,
    slot: u32,
    spent: bool,
}

/// What an exchange shares with its tickets; its address is the exchange's identity.
#[derive(Debug, Default)]
pub(super) struct Link {
    any: AtomicBool,
    dropped: Mutex<Vec<u32>>,
}

impl Link {
    pub(super) fn ticket(self: &Arc<Self>, slot: usize) -> Ticket {
        Ticket { link: self.clone(), slot: slot as u32, spent: false }
    }

    /// Forgets what was dropped.
    pub(super) fn clear(&mut self) {
        *self.any.get_mut() = false;
        self.dropped.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The slots whose tickets were dropped since the last time.
    pub(super) fn take_dropped(&self) -> Vec<u32> {
        if !self.any.swap(false, Ordering::Acquire) {
            return Vec::new();
        }
        std::mem::take(&mut self.dropped.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Ticket {
    /// The element of the body that it answers, counted from 0: unique within its exchange.
    pub fn slot(&self) -> u32 {
        self.slot
    }

    /// Whether it is of the exchange with `link`.
    pub(super) fn is_of(&self, link: &Arc<Link>) -> bool {
        Arc::ptr_eq(&self.link, link)
    }

    /// Spends the ticket, if it is of the exchange with `link`. Another exchange's drops, which fails its call.
    pub(super) fn spend(mut self, link: &Arc<Link>) -> Option<usize> {
        self.spent = self.is_of(link);
        self.spent.then_some(self.slot as usize)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.spent {
            self.link.dropped.lock().unwrap_or_else(PoisonError::into_inner).push(self.slot);
            self.link.any.store(true, Ordering::Release);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_spent_once_and_at_home() {
        let (home, abroad) = (Arc::<Link>::default(), Arc::<Link>::default());
        assert_eq!(home.ticket(3).spend(&home), Some(3));
        assert!(home.take_dropped().is_empty());
        assert_eq!(home.ticket(4).spend(&abroad), None);
        assert_eq!(home.take_dropped(), [4]);
        assert!(abroad.take_dropped().is_empty());
    }

    #[test]
    fn dropped_tickets_are_told_once_from_any_thread() {
        let link = Arc::<Link>::default();
        let tickets = [link.ticket(0), link.ticket(1)];
        std::thread::spawn(move || drop(tickets)).join().expect("the thread ends");
        assert_eq!(link.take_dropped(), [0, 1]);
        assert!(link.take_dropped().is_empty());
    }
}
