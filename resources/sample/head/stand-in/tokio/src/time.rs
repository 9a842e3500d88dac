// SPDX-License-Identifier: GPL-3.0-or-later
use std::future::poll_fn;
use std::task::Poll;
use std::time::{Duration, Instant};

pub async fn sleep(duration: Duration) {
    let end = Instant::now() + duration;
    poll_fn(|_| if Instant::now() >= end { Poll::Ready(()) } else { Poll::Pending }).await
}

pub struct Interval {
    period: Duration,
    next: Instant,
}

/// Ticks at once and then once in each period.
pub fn interval(period: Duration) -> Interval {
    Interval { period, next: Instant::now() }
}

impl Interval {
    pub async fn tick(&mut self) -> Instant {
        let due = self.next;
        poll_fn(|_| if Instant::now() >= due { Poll::Ready(()) } else { Poll::Pending }).await;
        self.next = due + self.period;
        due
    }
}
